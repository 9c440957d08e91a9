"""Ballots between meetings: what waits for one's answer, what is open, and what came of others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Ballot, Meeting, Seat, SeatTerm, Stance
from council.queries import attendances, ballots, preparations, recusals

SHOWN: Final = 30
RECENT: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """The ballots by a deadline that a person sees."""

    mine: list[Ballot]
    others: list[Ballot]
    ended: list[Ballot]


def ballots_of(user: User, *, at: datetime) -> Asked:
    mine = list(preparations.asked_of(user, at=at)[:SHOWN])
    seen = (
        Ballot.objects.visible_to(user)
        .filter(closes_at__isnull=False)
        .annotate(
            answers=Count("stances", distinct=True), further=Count("further_items", distinct=True)
        )
    )
    about = seen.select_related("agenda_item__request", "agenda_item__meeting__council")
    others = about.open().exclude(pk__in=[each.pk for each in mine]).order_by("closes_at", "pk")
    ended = about.filter(status__in=["closed", "withdrawn"], ended_at__gte=at - RECENT)
    return Asked(mine, list(others[:SHOWN]), list(ended.order_by("-ended_at", "-pk")[:SHOWN]))


@dataclass(frozen=True, slots=True)
class Place:
    """A voting seat and whether it has answered; what, as soon as that may be seen."""

    seat: Seat
    holder: User | None
    has_answered: bool
    stance: Stance | None
    is_aside: bool


def places_of(ballot: Ballot, user: User) -> list[Place]:
    holders = SeatTerm.objects.current().filter(is_alternate=False).select_related("user")
    seats = attendances.entitled_seats(ballot.agenda_item.meeting.council_id)
    if ballot.electorate:
        seats = Seat.objects.filter(pk__in=ballot.electorate["entitled"])
    found = seats.select_related("department").prefetch_related(
        Prefetch("terms", holders, to_attr="sitting")
    )
    answered = set(ballot.stances.values_list("seat", flat=True))
    shown = {each.seat_id: each for each in ballot.stances.visible_to(user)}
    about = ballots.item_ids_of(ballot)
    aside = set(recusals.standing_on(*about).values_list("seat", flat=True))
    return [
        Place(
            seat,
            next((term.user for term in getattr(seat, "sitting")), None),  # noqa: B009 -- the query's
            seat.pk in answered,
            shown.get(seat.pk),
            seat.pk in aside,
        )
        for seat in found.order_by("department__name", "pk")
    ]


def agendas_for(request: CustomerRequest, user: User, *, at: datetime) -> "QuerySet[Meeting]":
    """Where a vote between meetings can stand: meetings to come of councils over its product.

    The one that has it on its agenda first.
    """
    has_it = AgendaItem.objects.filter(meeting=OuterRef("pk"), request=request).exclude(
        status__in=AgendaItem.OFF_AGENDA
    )
    dealt_with = has_it.exclude(status__in=AgendaItem.OPEN)
    nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("pk"))
    live = Q(status__in=(*Meeting.TO_COME, *Meeting.UNDER_WAY))
    rows = Meeting.objects.visible_to(user).filter(
        live, ~Exists(nothing), ~Exists(dealt_with), council__products=request.product_id
    )
    found = rows.select_related("council").annotate(has_it=Exists(has_it))
    return found.order_by("-has_it", "starts_at", "pk")
