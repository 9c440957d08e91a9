"""Everything that is kept of one person, as they may have it: one document, in plain terms.

What they said, how they may be reached, what they let us do, what they were told and what they
answered. The person's own copy is complete; a colleague's leaves out what is of products that they
may not see, and says so.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from backlog.delivery import message_items
from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    Feedback,
    Identity,
    Notice,
    Obligation,
    PrivacyRequest,
    Reply,
    User,
)
from backlog.queries import customer_records

FORMAT: Final = "hearback-personal-copy/1"


def copy_of(customer: Customer, *, at: datetime, viewer: User | None = None) -> dict[str, Any]:
    """The document; what was merged into the same person is in it. Reads only.

    Without a viewer it is for the person. `left_out` counts what the viewer may not see.
    """
    ids = customer_records.all_of(customer.pk)
    numbers, feedback, owed, answers = _numbers(ids), _feedback_of(ids), _owed(ids), _answers(ids)
    seen = [
        rows.visible_to(viewer) if viewer else rows for rows in (numbers, feedback, owed, answers)
    ]
    left_out = sum(
        rows.count() - shown.count()
        for rows, shown in zip((numbers, feedback, owed, answers), seen, strict=True)
    )
    numbers, feedback, owed, answers = seen
    return {
        "format": FORMAT,
        "made_at": at,
        "left_out": left_out,
        **_about(ids),
        "numbers": [{"source": each.source.name, "number": each.external_id} for each in numbers],
        "feedback": [_feedback(each) for each in feedback],
        "told": [_told(each, customer.language) for each in owed],
        "answers": [_answer(each) for each in answers],
    }


def _about(ids: Sequence[int]) -> dict[str, Any]:
    """What is of no product."""
    records = Customer.objects.filter(pk__in=ids).select_related("account").order_by("pk")
    belonged = Affiliation.objects.filter(customer__in=ids).order_by("pk")
    points = ContactPoint.objects.filter(customer__in=ids).order_by("pk")
    consents = Consent.objects.filter(customer__in=ids).order_by("given_at", "pk")
    messages = Notice.objects.filter(customer__in=ids).order_by("pk")
    privacy_requests = PrivacyRequest.objects.filter(customer__in=ids).order_by("asked_at", "pk")
    return {
        "records": [_record(each) for each in records],
        "affiliations": [
            {"account": each.account.name, "starts_on": each.starts_on, "ends_on": each.ends_on}
            for each in belonged.select_related("account")
        ],
        "addresses": list(
            points.values("channel", "address", "state", "state_changed_at", "verified_at")
        ),
        "consents": list(consents.values("purpose", "basis", "given_at", "withdrawn_at", "proof")),
        "messages": list(messages.values("channel", "language", "status", "created_at", "sent_at")),
        "privacy_requests": list(
            privacy_requests.values("kind", "status", "asked_at", "due_on", "closed_at")
        ),
    }


def _record(customer: Customer) -> dict[str, Any]:
    return {
        "token": customer.token,
        "name": customer.name,
        "account": customer.account.name if customer.account else None,
        "language": customer.language,
        "time_zone": customer.time_zone,
        "rhythm": customer.rhythm,
        "known_since": customer.created_at,
        "erased_at": customer.erased_at,
    }


def _numbers(ids: Sequence[int]) -> Any:
    return Identity.objects.filter(customer__in=ids).select_related("source").order_by("pk")


def _feedback_of(ids: Sequence[int]) -> Any:
    rows = Feedback.objects.filter(customer__in=ids).select_related("source", "product", "account")
    return rows.prefetch_related("readings").order_by("said_at", "pk")


def _feedback(feedback: Feedback) -> dict[str, Any]:
    return {
        "said_at": feedback.said_at,
        "received_at": feedback.received_at,
        "source": feedback.source.name,
        "product": feedback.product.name if feedback.product else None,
        "account": feedback.account.name if feedback.account else None,
        "number": feedback.external_id,
        "words": feedback.verbatim,
        "language": feedback.language,
        "relation": feedback.relation,
        "journey_stage": feedback.journey_stage,
        "ratings": {each.kind: each.value for each in feedback.readings.all()},
        "as_it_was_read": feedback.payload,
        "as_it_came_in": _raw(bytes(feedback.raw), feedback.content_type),
        "erased_at": feedback.erased_at,
    }


def _raw(raw: bytes, content_type: str) -> dict[str, str] | None:
    if not raw:
        return None
    try:
        return {"content_type": content_type, "text": raw.decode()}
    except UnicodeDecodeError:
        return {"content_type": content_type, "base64": b64encode(raw).decode()}


def _owed(ids: Sequence[int]) -> Any:
    rows = Obligation.objects.filter(customer__in=ids, status__in=Obligation.HEARD)
    return rows.select_related(
        "request__product",
        "announcement__outcome__commitment",
        "announcement__status_update",
        "feedback__source",
    ).order_by("settled_at", "pk")


def _told(owed: Obligation, language: str) -> dict[str, Any]:
    item = message_items.item_of(owed, (), language)
    return {
        "at": owed.settled_at,
        "about": owed.occasion,
        "product": item.product.name if item.product else None,
        "words": item.summary,
        "became": owed.status,
    }


def _answers(ids: Sequence[int]) -> Any:
    rows = Reply.objects.filter(obligation__customer__in=ids).select_related("feedback")
    return rows.order_by("answered_at", "pk")


def _answer(reply: Reply) -> dict[str, Any]:
    return {
        "at": reply.answered_at,
        "solved": reply.verdict,
        "satisfaction": reply.satisfaction,
        "words": reply.feedback.verbatim if reply.feedback else "",
    }
