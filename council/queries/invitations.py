"""Who is asked to a meeting, who comes as far as they say, and whose alternates are to be asked."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.models import User
from council.models import Council, Invitation, Meeting, SeatTerm
from council.queries import attendances as attendance_queries
from council.rules import quorum as rules
from council.rules.quorum import Forecast

Answer = Invitation.Answer
CHOICES: Final = (
    (Answer.YES.value, _("I come")),
    (Answer.ALTERNATE.value, _("My alternate comes")),
    (Answer.NO.value, _("I do not come")),
)
Capacity = Invitation.Capacity


def of_meeting(meeting: Meeting) -> QuerySet[Invitation]:
    """Who is asked, those with seats first."""
    rows = meeting.invitations.asked().select_related("user", "seat__department")
    return rows.order_by("seat__department__name", "seat__title", "capacity", "user__name", "pk")


def own(meeting: Meeting, user: User) -> Invitation | None:
    found = meeting.invitations.asked().filter(user=user).select_related("seat__department")
    return found.first()


def forecast(meeting: Meeting, council: Council | None = None) -> Forecast:
    """How many departments will be there, from what their people have answered; by two queries."""
    seats = list(attendance_queries.entitled_seats(meeting.council_id).values_list("pk", flat=True))
    said = meeting.invitations.asked().filter(seat__in=seats)
    answers = said.values_list("seat", "capacity", "answer")
    return _forecast(seats, list(answers), council or meeting.council)


def _forecast(
    seats: list[int], answers: Iterable[tuple[int | None, str, str]], council: Council
) -> Forecast:
    by_seat: dict[int | None, dict[str, str]] = defaultdict(dict)
    for seat, capacity, answer in answers:
        by_seat[seat][capacity] = answer
    comes = sum(Answer.YES in by_seat[seat].values() for seat in seats)
    silent = sum(_is_undecided(by_seat[seat]) for seat in seats)
    return Forecast(comes, silent, len(seats), rules.needed(council.quorum, len(seats)))


def _is_undecided(answers: dict[str, str]) -> bool:
    if Answer.YES in answers.values():
        return False
    return Answer.NONE in answers.values() or not answers


def forecasts(meetings: list[Meeting], council: Council) -> list[tuple[Meeting, Forecast]]:
    """Of several meetings of a council; by two queries however many they are."""
    seats = list(attendance_queries.entitled_seats(council.pk).values_list("pk", flat=True))
    said: dict[int, list[tuple[int | None, str, str]]] = defaultdict(list)
    rows = Invitation.objects.asked().filter(meeting__in=meetings, seat__in=seats)
    for meeting, seat, capacity, answer in rows.values_list(
        "meeting", "seat", "capacity", "answer"
    ):
        said[meeting].append((seat, capacity, answer))
    return [(each, _forecast(seats, said[each.pk], council)) for each in meetings]


def without_word(meeting: Meeting) -> QuerySet[SeatTerm]:
    """The alternates, not asked yet, of voting seats of which nobody says that they come."""
    asked = meeting.invitations.asked().filter(seat=OuterRef("seat"))
    seats = attendance_queries.entitled_seats(meeting.council_id)
    terms = SeatTerm.objects.current().filter(is_alternate=True, seat__in=seats)
    return terms.filter(
        ~Exists(asked.filter(answer=Answer.YES)), ~Exists(asked.filter(capacity=Capacity.ALTERNATE))
    ).order_by("seat", "pk")


def alternates_to_ask(meeting: Meeting, *, of: str) -> QuerySet[SeatTerm]:
    """Those of them whose holder has given this answer."""
    said = meeting.invitations.asked().filter(
        seat=OuterRef("seat"), capacity=Capacity.HOLDER, answer=of
    )
    return without_word(meeting).filter(Exists(said))


def alternate_of(invitation: Invitation) -> User | None:
    """Who stands in for the holder that is asked."""
    if invitation.capacity != Capacity.HOLDER:
        return None
    terms = SeatTerm.objects.current().filter(seat=invitation.seat_id, is_alternate=True)
    term = terms.select_related("user").first()
    return term.user if term else None


def choices(invitation: Invitation) -> list[tuple[str, str]]:
    """What one can answer: without the alternate for whom there is none."""
    has_alternate = alternate_of(invitation) is not None
    return [
        (value, str(label))
        for value, label in CHOICES
        if value != Answer.ALTERNATE or has_alternate
    ]


def coming(*, at: datetime) -> QuerySet[Meeting]:
    """Meetings that are yet to begin."""
    return Meeting.objects.filter(status__in=Meeting.TO_COME, starts_at__gt=at)


def with_new_people(*, at: datetime) -> list[int]:
    """Meetings to come to which somebody who holds a seat today is not asked."""
    asked = Invitation.objects.filter(meeting=OuterRef(OuterRef("pk")), user=OuterRef("user"))
    holders = SeatTerm.objects.current().filter(
        ~Exists(asked), seat__council=OuterRef("council"), is_alternate=False, user__is_active=True
    )
    rows = coming(at=at).filter(Exists(holders)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def of_former_people(*, at: datetime) -> list[int]:
    """Invitations to meetings to come of people who do not have that seat any more."""
    sits = SeatTerm.objects.current().filter(seat=OuterRef("seat"), user=OuterRef("user"))
    rows = Invitation.objects.asked().filter(
        ~Exists(sits), meeting__in=coming(at=at), seat__isnull=False
    )
    return list(rows.order_by("meeting", "pk").values_list("pk", flat=True))


def to_mail(invitation_id: int) -> Invitation:
    """With all that its mail says."""
    everybody = Invitation.objects.asked().select_related("user").order_by("pk")
    rows = Invitation.objects.select_related("user", "meeting__council", "seat__department")
    return rows.prefetch_related(Prefetch("meeting__invitations", everybody)).get(pk=invitation_id)


def about(uid_meeting: int | None, address: str) -> Invitation | None:
    """The invitation that a calendar answers: of this meeting, to whoever has this address."""
    rows = Invitation.objects.filter(meeting=uid_meeting, user__email=address)
    return rows.filter(Q(user__is_active=True)).select_related("meeting", "user").first()
