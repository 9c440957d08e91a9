"""Every form over what somebody may have set says what it was shown with, or why it need not."""

from collections.abc import Iterator
from typing import Final

from django.forms import BaseForm

from backlog.forms.edit_conflicts import Guarded

FILTERS: Final = {"_FilterForm", "RowForm"}
OVERWRITES_NOTHING: Final = {
    "Answer": "a customer's own answer to one message, newest last",
    "Choose": "a new password, which no page shows",
    "Commit": "takes a request into a sprint, once",
    "Forgotten": "asks for a letter",
    "Keep": "one's own view, under the name that one gives",
    "Link": "adds evidence",
    "OnAgenda": "adds an item",
    "SignIn": "signs in",
    "Unlink": "takes evidence off, once",
    "Welcome": "removes a hash, once",
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
