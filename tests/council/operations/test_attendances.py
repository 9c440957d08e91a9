"""Who is at a meeting, for which seat, and what that makes of its quorum."""

from datetime import timedelta

import pytest

from backlog.models import Event, User
from backlog.rules import roles
from council import errors
from council.models import Attendance, Council, Meeting, Seat
from council.operations import attendances, councils, decisions, meetings, seats
from council.queries import attendances as attendance_queries
from tests.factories import NOON, people
from tests.factories import council as make

LATER = NOON + timedelta(minutes=30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(council: Council, sales: Seat) -> Meeting:
    return make.MeetingFactory.create(council=council)


def seated(council: Council, *, is_alternate_of: Seat | None = None) -> User:
    seat = is_alternate_of or make.SeatFactory.create(council=council)
    term = make.SeatTermFactory.create(seat=seat, is_alternate=is_alternate_of is not None)
    user: User = term.user
    return user


def come(meeting: Meeting, user: User, by: User | None = None) -> Attendance:
    return attendances.attend(meeting_id=meeting.pk, user=user, by=by or user, at=NOON)


def status(meeting: Meeting) -> str:
    meeting.refresh_from_db()
    return str(meeting.status)


class TestAttend:
    def test_is_for_the_seat_that_one_holds(
        self, meeting: Meeting, sales: Seat, noor: User
    ) -> None:
        there = come(meeting, noor)

        assert (there.seat, there.capacity, there.left_at) == (sales, "holder", None)
        event = Event.objects.get()
        assert (event.kind, event.data["seat"]) == ("meeting.attended", sales.pk)

    def test_twice_is_once(self, meeting: Meeting, noor: User) -> None:
        assert come(meeting, noor) == come(meeting, noor)

        assert Event.objects.filter(kind="meeting.attended").count() == 1

    def test_needs_no_seat_of_the_secretary(self, meeting: Meeting, sora: User) -> None:
        there = come(meeting, sora)

        assert (there.seat, there.capacity) == (None, "officer")

    def test_refuses_somebody_without_a_seat(self, meeting: Meeting, ada: User) -> None:
        with pytest.raises(errors.NotSeated):
            come(meeting, ada)

    def test_refuses_a_seat_whose_term_ended(self, meeting: Meeting, noor: User) -> None:
        term = noor.seat_terms.get()
        seats.vacate(term_id=term.pk, by=None, at=NOON)

        with pytest.raises(errors.NotSeated):
            come(meeting, noor)

    def test_of_others_only_who_runs_the_meeting_says(
        self, meeting: Meeting, council: Council, noor: User, sora: User
    ) -> None:
        other = seated(council)

        with pytest.raises(errors.NotYoursToSay):
            come(meeting, noor, by=other)

        assert roles.SECRETARY in sora.roles
        assert come(meeting, noor, by=sora).user == noor

    def test_lets_the_holder_take_the_seat_back(
        self, meeting: Meeting, council: Council, sales: Seat, noor: User
    ) -> None:
        alternate = come(meeting, seated(council, is_alternate_of=sales))
        assert alternate.capacity == "alternate"

        come(meeting, noor)

        alternate.refresh_from_db()
        assert alternate.left_at == NOON

    def test_refuses_the_alternate_beside_the_holder(
        self, meeting: Meeting, council: Council, sales: Seat, noor: User
    ) -> None:
        come(meeting, noor)

        with pytest.raises(errors.SeatRepresented):
            come(meeting, seated(council, is_alternate_of=sales))

    @pytest.mark.parametrize("over", ["cancelled", "minutes_draft"])
    def test_refuses_a_meeting_that_is_over(
        self, council: Council, sales: Seat, noor: User, over: str
    ) -> None:
        times = {"opened_at": NOON, "ended_at": NOON} if over == "minutes_draft" else {}
        meeting = make.MeetingFactory.create(council=council, status=over, **times)

        with pytest.raises(errors.MeetingOver):
            come(meeting, noor)


class TestProxy:
    @pytest.fixture
    def other(self, meeting: Meeting, council: Council) -> User:
        user = seated(council)
        come(meeting, user)
        return user

    def give(self, meeting: Meeting, seat: Seat, user: User, by: User) -> Attendance:
        return attendances.give_proxy(
            meeting_id=meeting.pk, seat_id=seat.pk, user=user, by=by, at=NOON
        )

    def test_speaks_for_a_seat_beside_ones_own_and_makes_nobody_present(
        self, meeting: Meeting, sales: Seat, noor: User, other: User
    ) -> None:
        proxy = self.give(meeting, sales, other, by=noor)

        assert proxy == self.give(meeting, sales, other, by=noor)
        assert proxy.capacity == "proxy"
        assert attendance_queries.quorum_of(meeting).present == 1
        assert attendance_queries.voices_of(meeting, other.pk).count() == 2

    def test_ends_when_the_seats_own_people_come(
        self, meeting: Meeting, sales: Seat, noor: User, other: User
    ) -> None:
        proxy = self.give(meeting, sales, other, by=noor)

        come(meeting, noor)

        proxy.refresh_from_db()
        assert proxy.left_at is not None

    def test_is_carried_by_somebody_who_is_there_and_one_at_most(
        self, meeting: Meeting, council: Council, sales: Seat, noor: User, other: User, sora: User
    ) -> None:
        away = seated(council)
        with pytest.raises(errors.NotPresent):
            self.give(meeting, sales, away, by=noor)
        self.give(meeting, sales, other, by=noor)
        with pytest.raises(errors.CarriesProxy):
            self.give(meeting, away.seat_terms.get().seat, other, by=sora)

    def test_is_not_given_by_strangers_nor_twice(
        self, meeting: Meeting, council: Council, sales: Seat, noor: User, other: User
    ) -> None:
        with pytest.raises(errors.NotYoursToSay):
            self.give(meeting, sales, other, by=other)
        third = seated(council)
        come(meeting, third)
        self.give(meeting, sales, other, by=noor)

        with pytest.raises(errors.SeatRepresented):
            self.give(meeting, sales, third, by=noor)


class TestQuorum:
    """Sales and two other departments: two of three are needed."""

    @pytest.fixture
    def others(self, council: Council) -> list[User]:
        return [seated(council) for _ in range(2)]

    def test_is_lost_and_regained(
        self, meeting: Meeting, noor: User, others: list[User], sora: User
    ) -> None:
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)
        assert status(meeting) == "inquorate"

        come(meeting, noor)
        assert status(meeting) == "inquorate"
        come(meeting, others[0])
        assert status(meeting) == "in_session"

        attendances.leave(meeting_id=meeting.pk, by=noor, at=LATER)
        attendances.leave(meeting_id=meeting.pk, by=noor, at=LATER)
        assert status(meeting) == "inquorate"
        kinds = Event.objects.filter(kind__contains="quorum").order_by("pk")
        assert list(kinds.values_list("kind", flat=True)) == [
            "meeting.quorum_lost",
            "meeting.quorum_regained",
            "meeting.quorum_lost",
        ]

    def test_lost_disables_deciding(
        self, meeting: Meeting, council: Council, noor: User, others: list[User], sora: User
    ) -> None:
        item = make.AgendaItemFactory.create(
            meeting=meeting, request__product=council.products.get(), request__status="under_review"
        )
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        assert item.request is not None
        request_id = item.request.pk

        def decide() -> object:
            return decisions.record_decision(
                council_id=council.pk,
                request_id=request_id,
                agenda_item_id=item.pk,
                verdict="approve",
                rationale="Many asked.",
                by=sora,
                at=NOON,
            )

        with pytest.raises(errors.Inquorate) as refusal:
            decide()
        assert refusal.value.details == {"present": 0, "needed": 2, "departments": 3}
        come(meeting, noor)
        come(meeting, others[0])
        assert decide()

    def test_goes_with_the_term_of_who_made_it(
        self, meeting: Meeting, noor: User, others: list[User], sora: User
    ) -> None:
        come(meeting, noor)
        come(meeting, others[0])
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)
        assert status(meeting) == "in_session"

        seats.vacate(term_id=others[0].seat_terms.get().pk, by=None, at=NOON)

        # Two departments have a holder now, and one of them is half.
        assert attendance_queries.quorum_of(meeting).departments == 2
        assert not Attendance.objects.there().filter(user=others[0]).exists()
        assert status(meeting) == "in_session"

    def test_follows_the_seats_and_the_house_rules(
        self, meeting: Meeting, council: Council, noor: User, others: list[User], sora: User
    ) -> None:
        come(meeting, noor)
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)
        assert status(meeting) == "inquorate"

        seats.vacate(term_id=others[0].seat_terms.get().pk, by=None, at=NOON)
        assert status(meeting) == "in_session"

        councils.edit_council(
            council_id=council.pk, quorum_numerator=2, quorum_denominator=3, by=sora, at=NOON
        )
        assert status(meeting) == "inquorate"

    def test_does_not_count_seats_that_advise(self, meeting: Meeting, council: Council) -> None:
        adviser = make.SeatFactory.create(
            council=council, department=None, title="Advocate", is_voting=False
        )
        user: User = make.SeatTermFactory.create(seat=adviser).user

        come(meeting, user)

        found = attendance_queries.quorum_of(meeting)
        assert (found.present, found.departments) == (0, 1)


class TestOpening:
    def test_more_than_a_day_early_is_refused(self, meeting: Meeting, sora: User) -> None:
        early = NOON - timedelta(days=9)

        with pytest.raises(errors.MeetingTooEarly, match="9"):
            meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=early)

        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON - timedelta(days=1))

    def test_while_the_council_sits_elsewhere_is_refused(
        self, meeting: Meeting, council: Council, sora: User
    ) -> None:
        other = make.MeetingFactory.create(council=council, title="April")
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        with pytest.raises(errors.AnotherInSession, match=meeting.title):
            meetings.open_meeting(meeting_id=other.pk, by=sora, at=NOON)

    def test_ending_sends_everybody_home(self, meeting: Meeting, noor: User, sora: User) -> None:
        come(meeting, noor)
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=LATER)

        assert meeting.attendances.get().left_at == LATER


class TestTerms:
    def test_do_not_overlap_with_past_ones_of_the_seat(self, sales: Seat, noor: User) -> None:
        term = noor.seat_terms.get()
        seats.vacate(term_id=term.pk, by=None, at=NOON + timedelta(days=10))
        successor = people.UserFactory.create()

        def appoint(after: int) -> object:
            return seats.appoint(
                seat_id=sales.pk,
                user=successor,
                starts_on=(NOON + timedelta(days=after)).date(),
                by=None,
                at=NOON + timedelta(days=20),
            )

        with pytest.raises(errors.TermsOverlap, match="Noor"):
            appoint(9)
        assert appoint(10)

    def test_of_one_person_do_not_overlap_in_two_seats(
        self, council: Council, sales: Seat, noor: User
    ) -> None:
        seats.vacate(term_id=noor.seat_terms.get().pk, by=None, at=NOON + timedelta(days=10))
        other = make.SeatFactory.create(council=council)

        with pytest.raises(errors.TermsOverlap):
            seats.appoint(
                seat_id=other.pk,
                user=noor,
                starts_on=NOON.date(),
                by=None,
                at=NOON + timedelta(days=20),
            )
