"""What customers are owed: released to be told, held back, and settled with proof.

Lock order: request, outcome, obligation, notice. Several obligations are locked by their id.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import AlreadyTold, BeingSent, ObligationSettled
from backlog.models import Event, Notice, NoticeItem, Obligation, User
from backlog.operations import events as event_operations
from backlog.queries import audience
from backlog.queries.audience import Announceable

FEW: Final = 10
"""An announcement to so many, or an answer to one, does not wait for the large ones."""
_TOLD: Final = Obligation.Status.TOLD
_SUPERSEDED: Final = Obligation.Status.SUPERSEDED
_EVENTS: Final = {
    _TOLD: "customer.told",
    _SUPERSEDED: "obligation.superseded",
    Obligation.Status.SUPPRESSED: "obligation.suppressed",
    Obligation.Status.BOUNCED: "obligation.bounced",
}
_WAITING: Final = (Notice.Status.QUEUED, Notice.Status.HELD, Notice.Status.DEAD)


@transaction.atomic
def release(subject: Announceable, *, by: User | None, at: datetime) -> int:
    """What is owed about it may be told from now on; returns to how many customers.

    What it takes the place of and was never announced is told with it, as superseded.
    Its rows are numbered, so that announcements take turns; one to a few goes first.
    """
    told = audience.audience(subject)
    begins = 0 if told <= FEW else _turn_now(at)
    firsts = audience.unreleased(subject).order_by().values_list("event").annotate(first=Min("pk"))
    for event_id, first in list(firsts):
        rows = audience.unreleased(subject).filter(event=event_id)
        rows.update(released_at=at, turn=F("pk") - Value(first) + begins)
    return told


def _turn_now(at: datetime) -> int:
    """Where the announcements that are being told have come to: a new one joins them there."""
    leaves_next = Notice.objects.queued(at=at).order_by("turn", "not_before", "pk")
    written_next = Obligation.objects.speakable().order_by("turn")
    nexts = [rows.values_list("turn", flat=True).first() for rows in (leaves_next, written_next)]
    return min((turn for turn in nexts if turn is not None), default=0)


@transaction.atomic
def hold_back(
    subject: Announceable, *, released_at: datetime, by: User | None, at: datetime
) -> None:
    """Undo a release while no message about it has left: they are owed as before, and not told."""
    released = audience.told_with(subject).filter(released_at=released_at).order_by("pk")
    # Locked first: who writes a message meanwhile has finished, or finds nothing to tell.
    list(released.select_for_update(no_key=True).values_list("pk", flat=True))
    items = NoticeItem.objects.filter(obligation__in=released.order_by())
    notices = Notice.objects.filter(Exists(items.filter(notice=OuterRef("pk"))))
    live = NoticeItem.objects.filter(notice=OuterRef("pk"), is_live=True)
    _check_unsent(notices.filter(Exists(live)))
    items.update(is_live=False)
    # A message that still has something else to tell leaves without this.
    notices.filter(~Exists(live), status__in=_WAITING).update(status=Notice.Status.CANCELLED)
    released.filter(status=Obligation.Status.OWED).update(released_at=None)


def _check_unsent(notices: "QuerySet[Notice]") -> None:
    """Locks them, so that none of them leaves any more."""
    locked = notices.select_for_update(no_key=True).order_by("pk")
    states = set(locked.values_list("status", flat=True))
    if states - {*_WAITING, Notice.Status.SENDING}:
        raise AlreadyTold(_("The first customers have been told: it cannot be taken back."))
    if Notice.Status.SENDING in states:
        raise BeingSent(_("The message is being sent right now."))


def lock_owed(notice_ids: Collection[int]) -> list[NoticeItem]:
    """What these messages are to settle and still is owed, locked, the oldest first."""
    return lock_items(notice_ids, Q(obligation__status=Obligation.Status.OWED))


def lock_items(notice_ids: Collection[int], condition: Q) -> list[NoticeItem]:
    """What these messages carry and meets the condition; its obligations are locked."""
    return list(
        NoticeItem.objects.select_for_update(of=("obligation",), no_key=True)
        .filter(condition, notice__in=notice_ids, is_live=True)
        .select_related("obligation__request")
        .only(
            *("notice_id", "obligation__feedback_id"),
            *("obligation__request_id", "obligation__request__merged_into_id"),
        )
        .order_by("obligation_id")
    )


def settle(
    items: Sequence[NoticeItem],
    *,
    status: Obligation.Status,
    by: User | None,
    at: datetime,
    reason: str = "",
    superseded_by: Obligation | None = None,
) -> None:
    """End what is owed in one way, with an event for each. The obligations must be locked."""
    Obligation.objects.filter(pk__in=[item.obligation_id for item in items]).update(
        status=status, reason=reason, superseded_by=superseded_by, settled_at=at
    )
    why = {"reason": reason, "superseded_by": superseded_by and superseded_by.pk}
    known = {name: value for name, value in why.items() if value}
    events = []
    for item in items:
        data = {"notice": item.notice_id, **known}
        event = event_operations.entry(
            _EVENTS[status], subject=item.obligation, by=by, at=at, data=data
        )
        event.request_id = item.obligation.request_id
        events.append(event)
    Event.objects.bulk_create(events)


def tell(owed: Sequence[NoticeItem], *, by: User | None, at: datetime) -> None:
    """They were told, each in its message; of two about the same thing in one, the later counts."""
    latest = {(item.notice_id, item.obligation.about): item for item in owed}
    settle(list(latest.values()), status=_TOLD, by=by, at=at)
    for item in owed:
        survivor = latest[item.notice_id, item.obligation.about]
        if item != survivor:
            settle([item], status=_SUPERSEDED, superseded_by=survivor.obligation, by=by, at=at)


def settle_heard(locked: Collection[int], *, by: User | None, at: datetime) -> None:
    """Of these what another record of the same person has heard already is not told once more."""
    owed = Obligation.objects.filter(pk__in=locked, status=Obligation.Status.OWED)
    heard = Obligation.objects.alias(person=Obligation.PERSON).filter(
        event=OuterRef("event"), person=OuterRef("person"), status__in=Obligation.HEARD
    )
    first = Subquery(heard.order_by("pk").values("pk")[:1])
    told = (
        owed.alias(person=Obligation.PERSON).annotate(told_by=first).filter(told_by__isnull=False)
    )
    for obligation in told.select_related("request").order_by("pk"):
        obligation.status, obligation.settled_at = _SUPERSEDED, at
        obligation.superseded_by_id = obligation.told_by  # type: ignore[attr-defined]
        obligation.save(update_fields=["status", "settled_at", "superseded_by"])
        event_operations.record(
            _EVENTS[_SUPERSEDED],
            subject=obligation,
            request=obligation.request,
            by=by,
            at=at,
            data={"superseded_by": obligation.superseded_by_id},
        )


@transaction.atomic
def owe_again(*, customer_ids: Collection[int], by: User | None, at: datetime) -> None:
    """These customers can be reached now: what they missed for want of an address is owed again.

    What was announced leaves at the next round. That words arrived is news for a day only; who
    unsubscribed or complained wants none at another address.
    """
    if not customer_ids:
        return
    missed = Obligation.objects.alias(person=Obligation.PERSON).filter(
        person__in=customer_ids,
        status=Obligation.Status.SUPPRESSED,
        reason__in=(Obligation.Reason.NO_ADDRESS, Obligation.Reason.BOUNCED),
        feedback__isnull=True,
    )
    locked = missed.select_for_update(of=("self",), no_key=True).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    let_be_written_again(ids, by=by, at=at)
    Obligation.objects.filter(pk__in=ids).update(
        status=Obligation.Status.OWED, reason=Obligation.Reason.NONE, settled_at=None
    )


def let_be_written_again(obligation_ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """A message that was written of these is over, and its key is free for another one."""
    over = Notice.objects.filter(items__obligation__in=obligation_ids).exclude(
        Q(status__in=_WAITING) | Q(status=Notice.Status.SENDING)
    )
    for notice in over.distinct().only("pk", "dedupe_key"):
        key = f"{notice.dedupe_key.partition('/')[0]}/{at:%Y%m%dT%H%M%S.%f}"
        Notice.objects.filter(pk=notice.pk).update(dedupe_key=key)


@transaction.atomic
def waive_obligation(*, obligation_id: int, reason: str, by: User, at: datetime) -> Obligation:
    """A colleague answers for it that this customer need not be told by us. Idempotent."""
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why the customer need not be told."))
    obligation = Obligation.objects.select_for_update(no_key=True).get(pk=obligation_id)
    if obligation.status == Obligation.Status.WAIVED:
        return obligation
    if obligation.status != Obligation.Status.OWED:
        raise ObligationSettled(
            _("This is settled already: %(status)s.") % {"status": obligation.get_status_display()},
            status=obligation.status,
        )
    _take_off_notice(obligation)
    obligation.status = Obligation.Status.WAIVED
    obligation.reason = Obligation.Reason.BY_HAND
    obligation.waived_by, obligation.settled_at = by, at
    obligation.save(update_fields=["status", "reason", "waived_by", "settled_at"])
    event_operations.record(
        "obligation.waived",
        subject=obligation,
        request=obligation.request,
        by=by,
        at=at,
        reason=reason,
    )
    return obligation


def _take_off_notice(obligation: Obligation) -> None:
    """A message with nothing else to say is cancelled; one that is leaving cannot be stopped."""
    notice = (
        Notice.objects.select_for_update(of=("self",), no_key=True)
        .filter(items__obligation=obligation, items__is_live=True)
        .first()
    )
    if notice is None:
        return
    if notice.status == Notice.Status.SENDING:
        raise BeingSent(_("The message is being sent right now."))
    NoticeItem.objects.filter(notice=notice, obligation=obligation).update(is_live=False)
    if not notice.items.filter(is_live=True).exists():
        notice.status = Notice.Status.CANCELLED
        notice.save(update_fields=["status"])
