"""Customers' answers to “Did this solve it?”, and what follows from them.

Lock order: request, customer, obligation.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import NotAnswerable
from backlog.models import (
    Customer,
    CustomerRequest,
    Feedback,
    Obligation,
    Outcome,
    Reply,
    RequestStatus,
    StatusUpdate,
    User,
)
from backlog.operations import events, feedback, requests, sources, status_updates
from backlog.rules import loop
from backlog.rules.statuses import Cause

_STATUS: Final = {
    Reply.Verdict.YES: Obligation.Status.CONFIRMED,
    Reply.Verdict.PARTLY: Obligation.Status.PARTLY,
    Reply.Verdict.NO: Obligation.Status.DISPUTED,
}
# Owed and bounced, too: who answers has been reached, whatever our records say.
_ANSWERABLE: Final = (
    Obligation.Status.OWED,
    Obligation.Status.TOLD,
    Obligation.Status.BOUNCED,
    *_STATUS.values(),
)


@transaction.atomic
def take_answer(
    *,
    obligation_id: int,
    verdict: str,
    by: User | None,
    at: datetime,
    words: str = "",
    satisfaction: int | None = None,
) -> Reply:
    """Keep the customer's answer; words become new feedback of theirs. The last answer counts.

    `satisfaction` is from 1 to 5, and theirs to leave out.

    Answering the same again changes nothing. Enough “yes” verify the request, enough “no” open it
    again, as its product says.
    """
    _check(verdict, satisfaction)
    request, obligation = _lock(obligation_id)
    last = obligation.replies.select_related("feedback").order_by("-pk").first()
    if last is not None and _says_nothing_new(last, verdict, words.strip(), satisfaction):
        return last
    reply = Reply.objects.create(
        obligation=obligation,
        verdict=verdict,
        satisfaction=satisfaction,
        feedback=_keep_words(obligation, request, words.strip(), by=by, at=at),
        answered_at=at,
    )
    _settle(obligation, verdict, at=at)
    events.record(
        "reply.received",
        subject=reply,
        request=request,
        by=by,
        at=at,
        data={"obligation": obligation.pk, "verdict": verdict},
    )
    if obligation.outcome is not None:
        _draw_conclusion(request, obligation.outcome, by=by, at=at)
    return reply


def _check(verdict: str, satisfaction: int | None) -> None:
    if verdict not in Reply.Verdict:
        raise errors.Invalid(_("Answer yes, partly or no."), field="verdict")
    if satisfaction is not None and satisfaction not in Reply.Satisfaction:
        raise errors.Invalid(_("Choose a number from 1 to 5."), field="satisfaction")


def _lock(obligation_id: int) -> tuple[CustomerRequest, Obligation]:
    request = (
        CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(obligations=obligation_id)
        .first()
    )
    sayer = Obligation.objects.filter(pk=obligation_id).values(person=Obligation.PERSON)
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=sayer).values_list("pk"))
    obligation = (
        Obligation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer", "announcement__outcome", "announcement__status_update")
        .get(pk=obligation_id)
    )
    is_asked = obligation.status_update is None and obligation.request_id is not None
    is_open = obligation.status in _ANSWERABLE and obligation.customer.erased_at is None
    if not (is_asked and is_open):
        raise NotAnswerable(_("There is nothing to answer here any more."))
    assert request is not None, "only receipts are of no request, and nobody is asked about those"
    return request, obligation


def _says_nothing_new(last: Reply, verdict: str, words: str, satisfaction: int | None) -> bool:
    known_words = last.feedback.verbatim if last.feedback else ""
    return (
        last.verdict == verdict
        and words in ("", known_words)
        and satisfaction in (None, last.satisfaction)
    )


def _keep_words(
    obligation: Obligation, request: CustomerRequest, words: str, *, by: User | None, at: datetime
) -> Feedback | None:
    if not words:
        return None
    incoming = feedback.FeedbackData(
        verbatim=words,
        customer=obligation.customer,
        filed_by=by,
        product=request.product,
        external_id=f"{obligation.pk}-{obligation.replies.count() + 1}",
    )
    source = sources.answers_source(by=by, at=at)
    return feedback.receive_feedback(source=source, incoming=incoming, by=by, at=at)[0]


def _settle(obligation: Obligation, verdict: str, *, at: datetime) -> None:
    obligation.status, obligation.reason = _STATUS[Reply.Verdict(verdict)], ""
    obligation.settled_at = obligation.settled_at or at
    obligation.save(update_fields=["status", "reason", "settled_at"])


def _draw_conclusion(
    request: CustomerRequest, outcome: Outcome, *, by: User | None, at: datetime
) -> None:
    """Answers move the request while it rests on the outcome that they are about."""
    latest = Outcome.objects.current().filter(commitment__request=request).order_by("-pk").first()
    if outcome != latest:
        return
    answers = _answers_about(outcome)
    product = request.product
    is_done = request.status in (RequestStatus.DELIVERED, RequestStatus.VERIFIED)
    if is_done and loop.reopens(answers, percent=product.reopen_percent):
        to, cause = RequestStatus.UNDER_REVIEW, Cause.DISPUTE
    elif request.status == RequestStatus.DELIVERED and loop.verifies(
        answers, after=product.verify_after
    ):
        to, cause = RequestStatus.VERIFIED, Cause.CONFIRMATION
    else:
        return
    requests.change_status(request_id=request.pk, status=to, cause=cause, by=by, at=at)
    if cause == Cause.DISPUTE:
        status_updates.create_update(request=request, kind=StatusUpdate.Kind.REOPENED, by=by, at=at)


def _answers_about(outcome: Outcome) -> loop.Answers:
    return loop.Answers(
        **outcome.obligations.aggregate(
            confirmed=Count("pk", filter=Q(status=Obligation.Status.CONFIRMED)),
            partly=Count("pk", filter=Q(status=Obligation.Status.PARTLY)),
            disputed=Count("pk", filter=Q(status=Obligation.Status.DISPUTED)),
        )
    )
