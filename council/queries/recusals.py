"""Who has stepped aside for an item, and what of it goes into the seal of a ballot."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from backlog.models import User
from council.models import AgendaItem, Council, Recusal, Seat
from council.queries import attendances, seats
from council.rules import quorum as rules
from council.rules import seals
from council.rules.quorum import Quorum


def standing_on(*item_ids: int) -> "QuerySet[Recusal]":
    """Those that hold now, in the order in which they were declared."""
    rows = Recusal.objects.standing().filter(agenda_item__in=item_ids)
    return rows.select_related("seat__department", "user").order_by("pk")


def without(seats: "QuerySet[Seat]", *item_ids: int) -> "QuerySet[Seat]":
    """Of these seats the ones that have stepped aside for none of the items."""
    aside = Recusal.objects.standing().filter(agenda_item__in=item_ids, seat=OuterRef("pk"))
    return seats.filter(~Exists(aside))


def quorum_on(item: AgendaItem, council: Council, *further_ids: int) -> Quorum:
    """Of the meeting without who stepped aside: they count neither as there nor as a department.

    With the ids of `further` items, what is left where all are decided at once.
    """
    entitled = without(attendances.entitled_seats(council.pk), item.pk, *further_ids)
    present = without(attendances.present_seats(item.meeting), item.pk, *further_ids)
    return rules.quorum(council.quorum, present=present.count(), departments=entitled.count())


@dataclass(frozen=True, slots=True)
class Aside:
    """Who has stepped aside for an item, and what of the quorum is left, as the room shows it."""

    recusals: list[Recusal]
    quorum: Quorum | None
    seat: Seat | None
    may_step_aside: bool

    @property
    def shown(self) -> bool:
        return bool(self.recusals) or self.may_step_aside


def aside_on(item: AgendaItem | None, user: User) -> Aside:
    """`seat` is the voting seat of the person, if they have one."""
    if item is None or item.request_id is None:
        return Aside([], None, None, may_step_aside=False)
    found = list(standing_on(item.pk))
    term = seats.term_of(item.meeting.council, user)
    seat = term.seat if term and term.seat.is_voting else None
    is_aside = seat is not None and any(each.seat_id == seat.pk for each in found)
    may_say = user.has_perm("council.attend_meeting") and seat is not None and not is_aside
    is_waiting = item.status in AgendaItem.OPEN
    return Aside(
        found,
        quorum_on(item, item.meeting.council) if found else None,
        seat,
        may_step_aside=is_waiting and (may_say or user.has_perm("council.hold_meeting")),
    )


def recusal_content(recusal: Recusal) -> dict[str, Any]:
    """What a ballot's seal says of one: no words, and nothing that changes when they return."""
    return {
        "recusal": recusal.pk,
        "seat": recusal.seat_id,
        "user": recusal.user_id,
        "stepped_aside_at": recusal.stepped_aside_at.astimezone(UTC).isoformat(),
        "reason": seals.digest_of([recusal.salt, recusal.reason]),
    }
