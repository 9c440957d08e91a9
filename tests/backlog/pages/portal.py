"""Addresses of the pages that a customer opens from a message."""

from backlog.delivery import links
from backlog.models import (
    CustomerRequest,
    Notice,
    Obligation,
)
from tests.factories import NOON
from tests.factories.backlog import (
    EvidenceFactory,
    FeedbackFactory,
    NoticeItemFactory,
    ObligationFactory,
    OutcomeFactory,
)

WORDS = "Paying takes forever."


def tell(notice: Notice, request: CustomerRequest, *, words: str) -> Obligation:
    feedback = FeedbackFactory.create(customer=notice.customer, verbatim=words)
    EvidenceFactory.create(request=request, feedback=feedback, end=len(words))
    obligation = ObligationFactory.create(
        customer=notice.customer,
        event__request=request,
        outcome=OutcomeFactory.create(commitment__request=request),
        status="told",
        settled_at=NOON,
    )
    NoticeItemFactory.create(notice=notice, obligation=obligation)
    return obligation


def path_of(url: str) -> str:
    return url.removeprefix("http://testserver")


def answer_path(notice: Notice) -> str:
    return path_of(links.answer_url(notice))


def unsubscribe_path(notice: Notice) -> str:
    return path_of(links.unsubscribe_url(notice))
