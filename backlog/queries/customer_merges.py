"""Merged customers: what a merge would do, why it may not be, and who came by way of whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    Event,
    Evidence,
    Feedback,
    Identity,
    Notice,
    Obligation,
    User,
)
from backlog.models.events import EventQuerySet
from backlog.queries import merges, reachability

MERGED: Final = "customer.merged"
UNSENT: Final = (Notice.Status.QUEUED, Notice.Status.HELD)
Reason = Obligation.Reason


def refusal_to_merge(merged: Customer, survivor: Customer) -> errors.Refusal | None:
    """Why the first cannot be merged into the second; None where it can."""
    if merged.pk == survivor.pk:
        return errors.Invalid(
            _("A customer cannot be merged into themselves."), field="into", code="into_itself"
        )
    for row in (merged, survivor):
        if row.erased_at is not None:
            return errors.ErasedOnRequest()
        if row.merged_into is not None:
            return errors.CustomerMerged(
                _("%(customer)s was merged into %(survivor)s. Turn to that one.")
                % {"customer": row, "survivor": row.merged_into},
                survivor=row.merged_into_id,
            )
    return None


def merge_of(customer: Customer) -> Event | None:
    """The last time they were merged into another, and what it changed of what they are owed."""
    return _merges().filter(subject_id=customer.pk).order_by("-pk").first()


def merged_by_way_of(customer: Customer) -> list[int]:
    """Of all who are merged where this one is, who came there by way of this one."""
    others = Customer.objects.filter(merged_into=customer.merged_into_id)
    ids = set(others.values_list("pk", flat=True))
    events = {
        event.subject_id: event for event in _merges().filter(subject_id__in=ids).order_by("pk")
    }
    came = {pk for pk in ids if pk != customer.pk and merges.since(pk, customer.pk, events)}
    return sorted(came)


def _merges() -> EventQuerySet:
    return Event.objects.filter(kind=MERGED, subject_type="customer")


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one customer, as far as the viewer may see it, and where they are reached.

    `address` is where they are written to; empty, and `why_not` says why, where they are not.
    """

    customer: Customer
    words: int
    requests: int
    owed: int
    told: int
    unsent: int
    addresses: list[ContactPoint]
    numbers: int
    consents: list[str]
    accounts: list[str]
    merged: int
    address: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Both as they are, and the survivor as they would be; `refusal` is why it cannot be done.

    `common` are requests for which both asked: there they count once. `silenced` says that the one
    may not be written to any more because of what the other refused.
    """

    merged: Side
    survivor: Side
    after: Side
    common: int
    silenced: bool
    refusal: errors.Refusal | None

    @property
    def sides(self) -> tuple[Side, Side, Side]:
        return self.merged, self.survivor, self.after


def preview(merged: Customer, survivor: Customer, *, viewer: User) -> Preview:
    """What merging would do. Nothing is written."""
    first, second = _side([merged], merged, viewer), _side([survivor], survivor, viewer)
    after = _side([merged, survivor], survivor, viewer)
    return Preview(
        merged=first,
        survivor=second,
        after=after,
        common=first.requests + second.requests - after.requests,
        silenced=bool(first.address or second.address) and not after.address,
        refusal=refusal_to_merge(merged, survivor),
    )


def _side(customers: list[Customer], shown: Customer, viewer: User) -> Side:
    tops = [customer.pk for customer in customers]
    along = list(Customer.objects.filter(merged_into__in=tops).values_list("pk", flat=True))
    records = [*tops, *along]
    words = Feedback.objects.visible_to(viewer).filter(customer__in=records)
    asked = Evidence.objects.live().visible_to(viewer).filter(feedback__customer__in=records)
    owed = Obligation.objects.visible_to(viewer).filter(customer__in=records)
    unsent = Notice.objects.visible_to(viewer).filter(customer__in=records, status__in=UNSENT)
    affiliations = Affiliation.objects.visible_to(viewer).filter(customer__in=records)
    consents = Consent.objects.live().filter(customer__in=records)
    reached = reachability.if_one(records, survivor=shown.pk)
    return Side(
        customer=shown,
        words=words.count(),
        requests=asked.order_by().values("counts_for").distinct().count(),
        owed=owed.filter(status=Obligation.Status.OWED)
        .order_by()
        .values("event")
        .distinct()
        .count(),
        told=owed.filter(status__in=Obligation.HEARD).order_by().values("event").distinct().count(),
        unsent=unsent.count(),
        addresses=list(ContactPoint.objects.filter(customer__in=records).order_by("pk")),
        numbers=Identity.objects.visible_to(viewer).filter(customer__in=records).count(),
        consents=_each_once(it.get_purpose_display() for it in consents.order_by("pk")),
        accounts=_each_once(str(it.account) for it in affiliations.for_listing()),
        merged=len(along),
        address="" if isinstance(reached, Reason) else str(reached),
        why_not=_why_not(reached, records) if isinstance(reached, Reason) else "",
    )


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _why_not(reason: Reason, records: list[int]) -> str:
    """In words; of a record that never agreed to anything, nothing was withdrawn."""
    loop = Consent.objects.filter(customer__in=records, purpose=Consent.Purpose.LOOP)
    if reason == Reason.NO_CONSENT and not loop.exists():
        return _("no consent on record")
    return str(reason.label)
