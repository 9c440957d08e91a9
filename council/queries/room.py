"""What the room of a meeting shows: who is there for which seat, what they said, and what is on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from backlog.models import User
from council.models import AgendaItem, Attendance, Ballot, Decision, Meeting, Seat, SeatTerm, Stance
from council.queries import attendances


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at the table: who speaks for it now, whose it is, and whether it has answered."""

    seat: Seat
    speaker: Attendance | None
    terms: list[SeatTerm]
    has_answered: bool
    stance: Stance | None


@dataclass(frozen=True, slots=True)
class Voice:
    """A seat that the person speaks for, and what they have said for it."""

    attendance: Attendance
    stance: Stance | None
    earlier: Stance | None


def agenda_of(meeting: Meeting, user: User) -> list[AgendaItem]:
    """What has its place, or was proposed for one."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    about = items.exclude(status__in=AgendaItem.OFF_AGENDA)
    joined = about.select_related("request__product", "meeting__council")
    return list(joined.order_by("position", "pk"))


def ballot_on(item: AgendaItem | None, user: User) -> Ballot | None:
    """The one that says how the item stands, also where it is put to the vote with another."""
    if item is None:
        return None
    seen = Ballot.objects.visible_to(user).on(item.pk).exclude(status=Ballot.Status.WITHDRAWN)
    joined = seen.select_related(
        "amends", "agenda_item__meeting__council", "agenda_item__request", "evidence_from"
    )
    return joined.order_by("-pk").first()


def decision_by(ballot: Ballot, user: User) -> Decision | None:
    """What it led to; where it decided on several, the first."""
    made = Decision.objects.visible_to(user).filter(ballot=ballot)
    return made.order_by("pk").first()


def later_version(ballot: Ballot) -> Ballot | None:
    return Ballot.objects.filter(amends=ballot).first()


def places_of(meeting: Meeting, ballot: Ballot | None) -> list[Place]:
    there = Attendance.objects.there().filter(meeting=meeting).select_related("user")
    terms = SeatTerm.objects.current().select_related("user").order_by("is_alternate")
    seats = Seat.objects.filter(council=meeting.council_id).select_related("department")
    found = seats.prefetch_related(
        Prefetch("attendances", there, to_attr="speakers"),
        Prefetch("terms", terms, to_attr="holders"),
    )
    said = {each.seat_id: each for each in ballot.stances.all()} if ballot else {}
    is_open_to_all = ballot is not None and (not ballot.is_blind or ballot.status == "closed")
    return [
        Place(
            seat,
            next(iter(getattr(seat, "speakers")), None),  # noqa: B009 -- made by the query
            getattr(seat, "holders"),  # noqa: B009 -- the same
            seat.pk in said,
            said.get(seat.pk) if is_open_to_all else None,
        )
        for seat in found.order_by("-is_voting", "department__name", "pk")
    ]


def is_there(meeting: Meeting, user: User) -> bool:
    return meeting.attendances.there().filter(user=user).exists()


def may_come(meeting: Meeting, user: User, places: Iterable[Place]) -> bool:
    officers = (meeting.council.chair_id, meeting.council.secretary_id)
    seated = {term.user_id for place in places for term in place.terms}
    return user.pk in seated or user.pk in officers


def others_there(meeting: Meeting) -> list[Attendance]:
    """Who chairs or writes without a seat."""
    officers = meeting.attendances.there().filter(seat__isnull=True)
    return list(officers.select_related("user").order_by("pk"))


def voices_on(ballot: Ballot, meeting: Meeting, user: User) -> list[Voice]:
    """What the person says for each seat, and said to the version before, to be confirmed."""
    said = {each.seat_id: each for each in ballot.stances.filter(user=user)}
    before = Stance.objects.filter(ballot=ballot.amends_id, user=user)
    earlier = {each.seat_id: each for each in before}
    return [
        Voice(each, said.get(each.seat.pk), earlier.get(each.seat.pk))
        for each in attendances.voices_of(meeting, user.pk)
        if each.seat is not None and each.seat.is_voting
    ]
