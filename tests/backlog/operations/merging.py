"""Merging customers, what they are to hear of, and what each address heard."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    CustomerRequest,
    Evidence,
    Feedback,
    Identity,
    Notice,
    NoticeItem,
    Obligation,
    Outcome,
    Reply,
    User,
)
from backlog.operations import (
    announcements,
    customer_merges,
    evidence,
    notice_composition,
    outcomes,
)
from backlog.queries import integrity_checks
from tests.backlog.operations.notices import claim, sent
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    FeedbackFactory,
)

LATER = NOON + timedelta(hours=1)
KEPT = (
    *(Customer, ContactPoint, Consent, Affiliation, Identity, Feedback, Evidence),
    *(Obligation, Notice, NoticeItem, Reply),
)


def merge(
    merged: Customer, survivor: Customer, by: User | None = None, at: datetime = LATER
) -> Customer:
    return customer_merges.merge_customer(
        customer_id=merged.pk, into_id=survivor.pk, reason="The same.", by=by, at=at
    )


def unmerge(merged: Customer, by: User | None = None, at: datetime = LATER) -> Customer:
    return customer_merges.unmerge_customer(
        customer_id=merged.pk, reason="Two people.", by=by, at=at
    )


def rows(*models: type[Model]) -> dict[str, list[dict[str, Any]]]:
    """All rows of these, without the version, which counts what was done to them."""
    found = {}
    for model in models or KEPT:
        values = list(model._default_manager.order_by("pk").values())
        found[model.__name__] = [{**each, "version": 0} for each in values]
    return found


def ask(customer: Customer, request: CustomerRequest, at: datetime = NOON) -> Evidence:
    words = FeedbackFactory.create(customer=customer, verbatim="It is slow.")
    return evidence.link_evidence(request_id=request.pk, feedback_id=words.pk, by=None, at=at)


def deliver(request: CustomerRequest, at: datetime = LATER) -> Outcome:
    CustomerRequest.objects.filter(pk=request.pk).update(status="in_progress")
    commitment = CommitmentFactory.create(
        request=request, sprint__status="active", sprint__started_at=NOON
    )
    return outcomes.record_outcome(
        commitment_id=commitment.pk,
        result="delivered",
        summary={"en": "It is fast.", "ko": "빨라졌습니다."},
        by=None,
        at=at,
    )


def announce(outcome: Outcome, at: datetime = LATER) -> None:
    announcements.announce(subject=outcome, by=None, at=at, in_other_language=True)


def dispatch(at: datetime, heard: set[tuple[str, int]] | None = None) -> list[str]:
    """Write and send all that is due; the addresses that it went to.

    `heard` is what each address has heard before, by its event: none hears it twice.
    """
    while notice_composition.compose_notices(by=None, at=at):
        pass
    claims, before = claim(at), set() if heard is None else heard
    for one in claims:
        items = NoticeItem.objects.filter(notice=one.notice, is_live=True)
        told = {(one.address, event) for event in items.values_list("obligation__event", flat=True)}
        assert not told & before
        before |= told
        assert sent(one, at)
    return [one.address for one in claims]


def address_of(customer: Customer) -> str:
    return customer.contact_points.get().address


def integrity_faults() -> dict[str, int]:
    """What `check_loop` finds, but for what these tests leave out: affiliations, made by hand."""
    found = {check.code: check.find().count() for check in integrity_checks.CHECKS}
    return {code: count for code, count in found.items() if count}
