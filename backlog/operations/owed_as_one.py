"""What is owed, and in messages that have not left, when two records become one person's, or two.

Callers hold the customers. Lock order: obligation, notice; several of a kind by their id.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from backlog.models import Customer, Event, Evidence, Notice, NoticeItem, Obligation, User
from backlog.models.obligations import ObligationQuerySet
from backlog.operations import events as event_operations
from backlog.operations import obligations
from backlog.queries import reachability
from backlog.rules import parting
from backlog.rules.parting import Side

_Status: Final = Obligation.Status
_ANSWERED: Final = (_Status.CONFIRMED, _Status.PARTLY, _Status.DISPUTED)
_UNSENT: Final = (Notice.Status.QUEUED, Notice.Status.HELD, Notice.Status.DEAD)
_REACHABLE_AGAIN: Final = (Obligation.Reason.NO_ADDRESS, Obligation.Reason.BOUNCED)


@dataclass(frozen=True, slots=True)
class Family:
    """All records of one person, by their ids; at its head the one that stands for them."""

    head: int
    records: frozenset[int]


def join(
    moved: Collection[int],
    there: Collection[int],
    *,
    survivor: Customer,
    by: User | None,
    at: datetime,
) -> dict[str, Any]:
    """What both are to hear leaves in one message; what one has heard, not again.

    What was missed for want of an address is owed again, if another record has one. Returns what it
    changed, for `part`.
    """
    rows = _lock(Obligation.objects.filter(customer__in=[*moved, *there]))
    taken_off = _take_off(rows, frozenset(there))
    return {
        "taken_off": sorted(item.pk for item in taken_off),
        "cancelled": _cancel_empty({item.notice_id for item in taken_off}),
        "owed_again": _owe_again(rows, survivor, by=by, at=at),
    }


def _lock(rows: ObligationQuerySet) -> list[Obligation]:
    return list(
        rows.select_for_update(of=("self",), no_key=True).select_related("request").order_by("pk")
    )


def _take_off(rows: Collection[Obligation], there: frozenset[int]) -> list[NoticeItem]:
    """Items that would tell somebody twice: they leave with the other message, or not at all."""
    by_event: dict[int, list[Obligation]] = defaultdict(list)
    for row in rows:
        by_event[row.event_id].append(row)
    several = [row.pk for same in by_event.values() if len(same) > 1 for row in same]
    items = NoticeItem.objects.filter(obligation__in=several, is_live=True)
    unsent = items.filter(notice__status__in=_UNSENT).select_related("obligation", "notice")
    locked = list(unsent.select_for_update(of=("self", "notice"), no_key=True).order_by("pk"))
    on: dict[int, list[NoticeItem]] = defaultdict(list)
    for item in locked:
        on[item.obligation.event_id].append(item)
    found: list[NoticeItem] = []
    for event, waiting in on.items():
        waiting.sort(key=lambda item: item.obligation.customer_id not in there)
        heard = any(row.status in Obligation.HEARD for row in by_event[event])
        for item in waiting if heard else waiting[1:]:
            _move(item, None if heard else waiting[0].notice)
            found.append(item)
    return found


def _move(item: NoticeItem, notice: Notice | None) -> None:
    NoticeItem.objects.filter(pk=item.pk).update(is_live=False)
    if notice is not None:
        NoticeItem.objects.create(notice=notice, obligation=item.obligation)


def _cancel_empty(notices: Collection[int]) -> list[int]:
    speaking = NoticeItem.objects.filter(notice__in=notices, is_live=True)
    empty = Notice.objects.filter(pk__in=notices, status=Notice.Status.QUEUED)
    empty = empty.exclude(pk__in=speaking.values("notice"))
    found = sorted(empty.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=found).update(status=Notice.Status.CANCELLED)
    return found


def _owe_again(
    rows: Collection[Obligation], survivor: Customer, *, by: User | None, at: datetime
) -> list[str]:
    """As codes: which, why they had not been told, and since when."""
    missed = [
        row
        for row in rows
        if row.status == _Status.SUPPRESSED
        and row.reason in _REACHABLE_AGAIN
        and not row.feedback_id
    ]
    if not missed or isinstance(reachability.reachability([survivor])[survivor.pk], str):
        return []
    obligations.owe_again(customer_ids=[survivor.pk], by=by, at=at)
    return [
        f"{row.pk}:{row.reason}:{row.settled_at and row.settled_at.isoformat()}" for row in missed
    ]


def part(
    merged: Family, survivor: Family, *, merge: Event, by: User | None, at: datetime
) -> list[int]:
    """Each is owed what is theirs: nobody twice, nobody forgotten. Returns what is owed anew."""
    everybody = [*merged.records, *survivor.records]
    rows = _lock(Obligation.objects.filter(customer__in=everybody))
    meanwhile = [row for row in rows if max(row.owed_at, row.settled_at or row.owed_at) >= merge.at]
    again = _Parting(merged, survivor, merge.at, rows).settle(meanwhile, by=by, at=at)
    _sort_messages(merged, survivor, at)
    _restore(merge)
    return sorted(again)


class _Parting:
    """Whose each thing is that was recorded or told while two people were taken for one."""

    def __init__(
        self, merged: Family, survivor: Family, since: datetime, rows: Collection[Obligation]
    ) -> None:
        self.families = {Side.MERGED: merged, Side.SURVIVOR: survivor}
        self.since = since
        self.sides: dict[int, dict[int, Side]] = defaultdict(dict)
        for row in rows:
            self.sides[row.event_id][row.pk] = self.side_of(row.customer_id)
        self.through = self._through(rows)

    def side_of(self, customer_id: int) -> Side:
        is_merged = customer_id in self.families[Side.MERGED].records
        return Side.MERGED if is_merged else Side.SURVIVOR

    def _through(self, rows: Collection[Obligation]) -> dict[int, Side]:
        """By obligation to whose address the message went that told it."""
        items = NoticeItem.objects.filter(
            obligation__in=[row.pk for row in rows], is_live=True, notice__sent_at__isnull=False
        ).values_list("obligation", "notice__contact_point__customer", "notice__customer")
        found = {pk: self.side_of(point or customer) for pk, point, customer in items}
        later = {
            row.pk: found[row.superseded_by_id] for row in rows if row.superseded_by_id in found
        }
        return later | found

    def heard(self, row: Obligation) -> Side | None:
        if row.status not in Obligation.HEARD:
            return None
        return self.through.get(row.pk, self.side_of(row.customer_id))

    def concerned(self, row: Obligation) -> set[Side]:
        """Whose it was before they were one, or who had asked by then."""
        owner = self.side_of(row.customer_id)
        if owner is Side.MERGED or row.owed_at < self.since:
            return {owner}
        if row.feedback is not None:
            return {self.side_of(row.feedback.customer_id or row.customer_id)}
        asked = self._asked(row)
        return {
            side
            for side in Side
            if asked.filter(feedback__customer__in=self.families[side].records).exists()
        }

    def _asked(self, row: Obligation) -> Any:
        request = row.request
        same = {request.pk, request.merged_into_id} if request else set()
        return Evidence.objects.live().filter(counts_for__in=same, linked_at__lte=row.owed_at)

    def settle(self, rows: Iterable[Obligation], *, by: User | None, at: datetime) -> set[int]:
        again: set[int] = set()
        for row in rows:
            others = {side for pk, side in self.sides[row.event_id].items() if pk != row.pk}
            owner = self.side_of(row.customer_id)
            parted = parting.part(
                owner=owner,
                concerned=self.concerned(row),
                heard=self.heard(row),
                is_settled=row.status != _Status.OWED,
                is_waived=row.status == _Status.WAIVED,
                has_row=others,
            )
            if parted.keeps is not owner:
                row.customer_id = self.families[parted.keeps].head
                row.save(update_fields=["customer"])
                self.sides[row.event_id][row.pk] = parted.keeps
            if not parted.stands and row.status not in _ANSWERED:
                _owe_once_more(row, by=by, at=at)
                again.add(row.pk)
            again |= {self._owe(row, side) for side in parted.new}
        return again

    def _owe(self, row: Obligation, side: Side) -> int:
        family = self.families[side]
        words = self._asked(row).filter(feedback__customer__in=family.records)
        account = words.order_by("-feedback__said_at", "-pk").values_list(
            "feedback__account", flat=True
        )
        new = Obligation.objects.create(
            event_id=row.event_id,
            customer_id=family.head,
            account_id=account.first(),
            request_id=row.request_id,
            announcement_id=row.announcement_id,
            owed_at=row.owed_at,
            released_at=row.released_at,
            turn=row.turn,
        )
        self.sides[row.event_id][new.pk] = side
        return new.pk


def _owe_once_more(row: Obligation, *, by: User | None, at: datetime) -> None:
    """The message went to the other one: that it was this one's, too, is not so any more."""
    Obligation.objects.filter(pk=row.pk).update(
        status=_Status.OWED, reason="", settled_at=None, superseded_by=None
    )
    obligations.let_be_written_again([row.pk], by=by, at=at)
    row.items.filter(is_live=True, notice__sent_at__isnull=False).delete()
    # What this had taken the place of was told in the very same message.
    for earlier in Obligation.objects.filter(superseded_by=row.pk, status=_Status.SUPERSEDED):
        earlier.status, earlier.superseded_by = _Status.TOLD, None
        earlier.save(update_fields=["status", "superseded_by"])
        event_operations.record(
            "customer.told", subject=earlier, request=earlier.request, by=by, at=at
        )


def _sort_messages(merged: Family, survivor: Family, at: datetime) -> None:
    """A message tells one person: that of its items, or of its own where they are of both."""
    customers = [*merged.records, *survivor.records]
    items = NoticeItem.objects.filter(notice__customer__in=customers, is_live=True)
    by_notice: dict[Notice, list[NoticeItem]] = defaultdict(list)
    for item in items.select_related("notice", "obligation").order_by("pk"):
        by_notice[item.notice].append(item)
    for notice, told in by_notice.items():
        of_merged = [item for item in told if item.obligation.customer_id in merged.records]
        is_to_merged = notice.customer_id in merged.records
        if is_to_merged == bool(of_merged) and len(of_merged) in (0, len(told)):
            continue
        if len(of_merged) in (0, len(told)):
            notice.customer_id = merged.head if of_merged else survivor.head
            notice.save(update_fields=["customer"])
        elif notice.status in _UNSENT:
            others = [item for item in told if (item in of_merged) != is_to_merged]
            _drop(notice, others, at)


def _drop(notice: Notice, items: Collection[NoticeItem], at: datetime) -> None:
    """They are told in a message of their own, which may have the key that this one was made by."""
    NoticeItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    if any(notice.dedupe_key.startswith(f"obligation:{it.obligation_id}@") for it in items):
        key = notice.dedupe_key.partition("/")[0]
        notice.dedupe_key = f"{key}/{at:%Y%m%dT%H%M%S.%f}"
        notice.save(update_fields=["dedupe_key"])


def _restore(merge: Event) -> None:
    """What had not left when they became one, and has not since, leaves as it would have."""
    owed = Q(obligation__status=_Status.OWED)
    free = ~Q(obligation__items__is_live=True)
    items = NoticeItem.objects.filter(owed, free, pk__in=merge.data["taken_off"], is_live=False)
    NoticeItem.objects.filter(pk__in=list(items.values_list("pk", flat=True))).update(is_live=True)
    speaking = NoticeItem.objects.filter(is_live=True).values("notice")
    cancelled = Notice.objects.filter(pk__in=merge.data["cancelled"]).filter(pk__in=speaking)
    cancelled.filter(status=Notice.Status.CANCELLED).update(status=Notice.Status.QUEUED)
    for code in merge.data["owed_again"]:
        _suppress_again(*code.split(":", 2))


def _suppress_again(number: str, reason: str, settled_at: str) -> None:
    """Only while nobody has been told: then it is as it was before the other one's address."""
    unsent = NoticeItem.objects.filter(obligation=int(number), is_live=True)
    row = Obligation.objects.filter(pk=int(number), status=_Status.OWED)
    if row.exists():
        unsent.delete()
        row.update(
            status=_Status.SUPPRESSED, reason=reason, settled_at=datetime.fromisoformat(settled_at)
        )
