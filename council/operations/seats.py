"""Councils: founding them, giving departments their seats, and who sits there."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog.errors import Invalid
from backlog.models import Department, User
from backlog.operations import departments, events
from backlog.rules import calendars, text_input
from council import errors
from council.models import Council, Seat, SeatTerm
from council.operations import attendances
from council.queries import seats as seat_queries


@transaction.atomic
def add_seat(
    *,
    council_id: int,
    by: User | None,
    at: datetime,
    department: Department | None = None,
    title: str = "",
    is_voting: bool = True,
) -> Seat:
    """A place at the council. A voting seat is a department's, and it has only one."""
    if department is not None and is_voting:
        # It makes scores stale, and requests are locked before councils.
        departments.mark_seated(department_ids=[department.pk], by=by, at=at)
    council = Council.objects.select_for_update().get(pk=council_id)
    _check_seat(council, department, title, is_voting=is_voting)
    seat = Seat(council=council, department=department, title=title, is_voting=is_voting)
    seat.full_clean()
    seat.save()
    events.record("seat.added", subject=seat, by=by, at=at, data={"council": council.pk})
    return seat


def _check_seat(
    council: Council, department: Department | None, title: str, *, is_voting: bool
) -> None:
    text_input.storable(title, field="title")
    if department is None and is_voting:
        raise Invalid(_("A voting seat belongs to a department."), field="department")
    if department is None and not title.strip():
        raise Invalid(_("A seat without department needs a title."), field="title")
    if is_voting and council.seats.filter(department=department, is_voting=True).exists():
        raise errors.SeatTaken(
            _("%(department)s has its voting seat already.") % {"department": department}
        )


@transaction.atomic
def appoint(
    *,
    seat_id: int,
    user: User,
    by: User | None,
    at: datetime,
    is_alternate: bool = False,
    starts_on: date | None = None,
) -> SeatTerm:
    """Seat a person from that day (today), in place of whoever was there.

    Appointing the person who is there changes nothing. Nobody sits twice in one council: who holds
    another seat of it is refused, and who was this seat's alternate stops being that.
    """
    # The council's lock, so that nobody is given two of its seats at once.
    council = Council.objects.select_for_update(of=("self",)).get(seats=seat_id)
    seat = council.seats.get(pk=seat_id)
    terms = SeatTerm.objects.current().filter(seat__council=council)
    current = terms.filter(seat=seat, user=user, is_alternate=is_alternate).first()
    if current is not None:
        return current
    if terms.filter(user=user).exclude(seat=seat).exists():
        raise errors.AlreadySeated(_("%(user)s has another seat of this council.") % {"user": user})

    starts_on = starts_on or calendars.day_of(at)
    if starts_on > calendars.day_of(at):
        raise Invalid(_("A term begins today or earlier."), field="starts_on", code="in_the_future")
    _check_free(seat, user, starts_on, is_alternate=is_alternate)
    for term in terms.filter(Q(is_alternate=is_alternate) | Q(user=user), seat=seat):
        _end(term, starts_on, by=by, at=at)
    term = SeatTerm(seat=seat, user=user, is_alternate=is_alternate, starts_on=starts_on)
    term.full_clean()
    term.save()
    events.record(
        "seat.filled", subject=seat, by=by, at=at, data={"term": term.pk, "user": user.pk}
    )
    attendances.settle_council(council, by=by, at=at)
    return term


def _check_free(seat: Seat, user: User, starts_on: date, *, is_alternate: bool) -> None:
    """Past terms stay as they were; the one that lasts is ended by the new one.

    The council's lock keeps others from appointing meanwhile.
    """
    past = SeatTerm.objects.filter(seat__council=seat.council_id, ends_on__gt=starts_on)
    of_seat = past.filter(seat=seat, is_alternate=is_alternate)
    elsewhere = past.filter(user=user).exclude(seat=seat)
    overlapping = (of_seat | elsewhere).select_related("user", "seat__department").first()
    if overlapping is not None:
        raise errors.TermsOverlap(
            _("%(user)s held “%(seat)s” until %(day)s. The new term begins then or later.")
            % {"user": overlapping.user, "seat": overlapping.seat, "day": overlapping.ends_on}
        )


@transaction.atomic
def vacate(*, term_id: int, by: User | None, at: datetime) -> SeatTerm:
    """End a term today and leave the place empty. Ending it twice changes nothing."""
    council = Council.objects.select_for_update(of=("self",)).get(seats__terms=term_id)
    term = SeatTerm.objects.select_related("seat").get(pk=term_id)
    if term.ends_on is None:
        _end(term, calendars.day_of(at), by=by, at=at)
        events.record("seat.vacated", subject=term.seat, by=by, at=at, data={"term": term.pk})
        attendances.settle_council(council, by=by, at=at)
    return term


def _end(term: SeatTerm, ends_on: date, *, by: User | None, at: datetime) -> None:
    if ends_on < term.starts_on:
        raise Invalid(
            _("The term before it began only on %(day)s.") % {"day": term.starts_on},
            field="starts_on",
            code="before_predecessor",
        )
    term.ends_on = ends_on
    term.save(update_fields=["ends_on"])
    attendances.end_with_term(term, by=by, at=at)


def check_place(council: Council, user: User) -> Seat | None:
    """The seat a person acts from; None for a chair or secretary who has none.

    Raises NotSeated for everybody else.
    """
    seat = seat_queries.seat_of(council, user)
    if seat is None and user.pk not in (council.chair_id, council.secretary_id):
        raise errors.NotSeated(
            _("%(user)s has no seat in “%(council)s”.") % {"user": user, "council": council}
        )
    return seat
