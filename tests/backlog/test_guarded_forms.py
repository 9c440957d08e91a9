"""Every form over what somebody may have set says what it was shown with, or why it need not."""

from collections.abc import Iterator
from typing import Final

from django.forms import BaseForm

from backlog.forms.edit_conflicts import Guarded

FILTERS: Final = {"_FilterForm", "RowForm"}
OVERWRITES_NOTHING: Final = {
    "Amend": "another ballot; the one before stays on record",
    "Answer": "one's own answer to a message, or to a vote, of which the last one counts",
    "Choose": "a new password, which no page shows",
    "Come": "says that somebody is there",
    "Commit": "takes a request into a sprint, once",
    "Decline": "ends what a member proposed, once, with a reason",
    "Forgotten": "asks for a letter",
    "GiveProxy": "says who speaks for a seat",
    "Keep": "one's own view, under the name that one gives",
    "Link": "adds evidence",
    "New": "adds an item",
    "Nothing": "a button alone",
    "OnAgenda": "adds an item",
    "OnBallot": "closes a vote or records what it led to, once",
    "OnItem": "turns to an item, or carries it over, once",
    "Put": "puts a proposal to the vote",
    "FiguresForm": "figures that a proposal expects",
    "ReviewForm": "says once what came of a decision",
    "RoomForm": "a button alone",
    "SignIn": "signs in",
    "Unlink": "takes evidence off, once",
    "Welcome": "removes a hash, once",
    "Withdraw": "ends a vote, once, with a reason",
    "_Proposing": "what a proposal says",
}
"""Forms that add, or end what can be ended once."""


def forms() -> Iterator[type[BaseForm]]:
    waiting = list(BaseForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__name__ not in FILTERS and form.__module__.split(".")[0] in (
            "backlog",
            "council",
            "config",
        ):
            yield form


def test_each_is_guarded_or_overwrites_nothing(client: object) -> None:
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    unguarded = {form.__name__ for form in forms() if not issubclass(form, Guarded)}

    assert unguarded == OVERWRITES_NOTHING.keys()
