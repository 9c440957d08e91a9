"""Every form over what somebody may have set says what it was shown with, or why it need not."""

from collections.abc import Iterator
from typing import Final

from django.forms import BaseForm

from backlog.forms.edit_conflicts import Guarded

FILTERS: Final = {"_FilterForm", "RowForm"}
OVERWRITES_NOTHING: Final = {
    "AnswerAmendment": "ends what somebody proposed, once, with a reason",
    "Because": "what is done to an action item; its reason is on the ledger",
    "ClaimDone": "one's own claim, of which the last one counts; each is on the ledger",
    "Helpers": "who helps, of which the last one counts; it is on the ledger",
    "Partner": "a link for a partner, of which the newest opens alone",
    "PartnerDone": "a partner's own claim, of which the last one counts; each is on the ledger",
    "PartnerTime": "what a partner asks for, of which the last counts; each is on the ledger",
    "PutOff": "another day, of which the last one counts; each is on the ledger",
    "Amend": "another ballot; the one before stays on record",
    "AnswerInvitation": "one's own answer, of which the last one counts",
    "Answer": "one's own answer to a message, or to a vote, of which the last one counts",
    "AnswerByDeadline": "one's own answer to a vote, of which the last one counts",
    "Aside": "says that a seat steps aside, once",
    "Back": "says that a seat has its voice again, once",
    "ByDeadline": "puts a proposal to the vote",
    "Choose": "a new password, which no page shows",
    "Come": "says that somebody is there",
    "ComeBack": "says that a seat has its voice again, once",
    "Commit": "takes a request into a sprint, once",
    "Correct": "another version; the one before stays as it is",
    "Decline": "ends what a member proposed, once, with a reason",
    "Form": "a button alone",
    "Forgotten": "asks for a letter",
    "Give": "who is to decide, of which the last one counts; it is on record",
    "GiveProxy": "says who speaks for a seat",
    "InviteGuest": "asks somebody to a meeting",
    "JustDo": "a button alone",
    "KeepOfBoard": "one's own view, under the name that one gives",
    "Keep": "one's own view, under the name that one gives",
    "EditRequests": "each request goes with the version that its operation compares",
    "Excerpted": "of which part is spoken",
    "Link": "adds evidence",
    "LinkWords": "adds evidence of words that wait, once",
    "Move": "gives a meeting another time, of which all who are asked hear",
    "New": "adds an item",
    "NewRequest": "adds a request for words that wait, once",
    "Nothing": "a button alone",
    "MergeCustomer": "lets a record stand for a person, too, with a reason",
    "DismissRequest": "keeps a request from being suggested, once",
    "Merge": "lets a request count for another, with a reason",
    "OnAgenda": "adds an item",
    "OnBallot": "closes a vote or records what it led to, once",
    "OnItem": "turns to an item, or carries it over, once",
    "Press": "a button alone",
    "ProposeAmendment": "adds a proposal",
    "Publish": "what customers read; each choice is on the ledger",
    "PutAway": "ends the waiting of words, once",
    "Put": "puts a proposal to the vote",
    "Reworded": "another ballot; the one before stays on record",
    "FiguresForm": "figures that a proposal expects",
    "_OfDecision": "about one decision; each kind is named below",
    "_Replaced": "another decision, once; the one before stays as it was",
    "AmendForm": "another decision, once; the one before stays as it was",
    "CorrectForm": "another decision, once; the one before stays as it was",
    "RetireForm": "ends what stood, once, with a reason",
    "SupersedeForm": "another decision, once; the one before stays as it was",
    "ReviewForm": "says once what came of a decision",
    "RoomForm": "a button alone",
    "Skip": "calls off a meeting or ends a series, once, with a reason",
    "SignIn": "signs in",
    "Snooze": "puts off words that wait; it is on record",
    "Triage": "a button alone",
    "StepAside": "says that a seat steps aside, once",
    "TakeBack": "ends a vote, once, with a reason",
    "UnmergeCustomer": "makes a merged record a person of their own again, once, with a reason",
    "Unmerge": "makes a merged request its own again, once, with a reason",
    "Unlink": "takes evidence off, once",
    "Welcome": "removes a hash, once",
    "Withdraw": "ends a vote, once, with a reason",
    "_OfBallot": "a button alone",
    "ProposalForm": "puts a proposal to the vote: another ballot, which nobody has changed yet",
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
