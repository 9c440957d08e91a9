"""Founding a council, and who sits there."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from backlog.errors import Invalid
from backlog.models import Event, User
from council import errors
from council.models import Council, Seat, SeatTerm
from council.operations import councils, seats
from council.queries import seats as seat_queries
from tests.factories import NOON, backlog, people
from tests.factories import council as make

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


class TestFoundCouncil:
    def test_decides_over_the_products_named(self, sora: User, ada: User) -> None:
        product = backlog.ProductFactory.create()

        council = councils.found_council(
            name="Customer council", products=[product], chair=ada, secretary=sora, by=ada, at=NOON
        )

        assert (council.chair, council.secretary) == (ada, sora)
        assert list(council.products.all()) == [product]
        event = Event.objects.get()
        assert (event.kind, event.subject_id, event.actor) == ("council.founded", council.pk, ada)

    def test_refuses_a_name_that_is_taken(self, council: Council, ada: User) -> None:
        with pytest.raises(ValidationError, match="name"):
            councils.found_council(
                name=council.name, products=[], chair=ada, secretary=ada, by=ada, at=NOON
            )


class TestEditCouncil:
    def test_changes_what_is_named(self, council: Council, ada: User) -> None:
        product = backlog.ProductFactory.create()

        councils.edit_council(
            council_id=council.pk, name="Board", products=[product], by=ada, at=NOON
        )

        council.refresh_from_db()
        assert council.name == "Board"
        assert list(council.products.all()) == [product]
        assert Event.objects.get().data == {"changed": ["name", "products"]}

    def test_records_nothing_when_nothing_changes(self, council: Council, ada: User) -> None:
        councils.edit_council(
            council_id=council.pk,
            name=council.name,
            products=council.products.all(),
            by=ada,
            at=NOON,
        )

        assert not Event.objects.exists()

    def test_keeps_products_that_the_editor_may_not_see(self, council: Council, ada: User) -> None:
        hidden = backlog.ProductFactory.create(is_open=False)
        council.products.add(hidden)

        councils.edit_council(council_id=council.pk, products=[], by=ada, at=NOON)

        assert list(council.products.all()) == [hidden]


class TestAddSeat:
    def test_makes_the_silence_of_a_department_count(self, council: Council, ada: User) -> None:
        sales = people.DepartmentFactory.create(is_seated=False)

        seat = seats.add_seat(council_id=council.pk, department=sales, by=ada, at=NOON)

        sales.refresh_from_db()
        assert (seat.department, seat.is_voting, sales.is_seated) == (sales, True, True)
        assert kinds() == ["department.seated", "seat.added"]

    def test_lets_others_advise_without_a_vote(self, council: Council, ada: User) -> None:
        legal = people.DepartmentFactory.create(is_seated=False)

        seats.add_seat(council_id=council.pk, department=legal, is_voting=False, by=ada, at=NOON)
        advocate = seats.add_seat(
            council_id=council.pk, title="Customer advocate", is_voting=False, by=ada, at=NOON
        )

        legal.refresh_from_db()
        assert not legal.is_seated
        assert str(advocate) == "Customer advocate"

    def test_refuses_a_second_vote_for_a_department(
        self, council: Council, sales: Seat, ada: User
    ) -> None:
        with pytest.raises(errors.SeatTaken, match="Sales"):
            seats.add_seat(council_id=council.pk, department=sales.department, by=ada, at=NOON)

    @pytest.mark.parametrize(
        ("is_voting", "field"),
        [(True, "department"), (False, "title")],
        ids=["a-vote-for-nobody", "nameless"],
    )
    def test_refuses_a_seat_that_is_nobodys(
        self, council: Council, ada: User, is_voting: bool, field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            seats.add_seat(council_id=council.pk, is_voting=is_voting, by=ada, at=NOON)

        assert refusal.value.field == field


class TestAppoint:
    def appoint(self, seat: Seat, user: User, **other: object) -> SeatTerm:
        return seats.appoint(seat_id=seat.pk, user=user, by=None, at=NOON, **other)  # type: ignore[arg-type]

    def test_seats_a_person_from_today(self, sales: Seat, omar: User) -> None:
        sales.terms.all().delete()

        term = self.appoint(sales, omar)

        assert (term.starts_on, term.ends_on, term.is_alternate) == (TODAY, None, False)
        assert seat_queries.seat_of(sales.council, omar) == sales
        event = Event.objects.get()
        assert (event.kind, event.data) == ("seat.filled", {"term": term.pk, "user": omar.pk})

    def test_takes_the_place_of_who_was_there(self, sales: Seat, noor: User, omar: User) -> None:
        self.appoint(sales, omar)

        assert seat_queries.seat_of(sales.council, noor) is None
        assert sales.terms.get(user=noor).ends_on == TODAY

    def test_puts_an_alternate_beside_the_holder(self, sales: Seat, noor: User, omar: User) -> None:
        self.appoint(sales, omar, is_alternate=True)

        assert seat_queries.seat_of(sales.council, noor) == sales
        assert seat_queries.seat_of(sales.council, omar) == sales

    def test_ends_being_the_alternate_of_the_seat_one_is_given(
        self, sales: Seat, omar: User
    ) -> None:
        alternate = self.appoint(sales, omar, is_alternate=True)

        self.appoint(sales, omar)

        alternate.refresh_from_db()
        assert alternate.ends_on == TODAY
        assert sales.terms.current().get().user == omar

    def test_changes_nothing_the_second_time(self, sales: Seat, noor: User) -> None:
        again = self.appoint(sales, noor)

        assert again == sales.terms.get()
        assert not Event.objects.exists()

    def test_refuses_who_has_another_seat_of_this_council(
        self, council: Council, sales: Seat, noor: User
    ) -> None:
        marketing = make.SeatFactory.create(council=council)

        with pytest.raises(errors.AlreadySeated, match="Noor"):
            self.appoint(marketing, noor, is_alternate=True)

    def test_allows_a_seat_in_another_council(self, sales: Seat, noor: User) -> None:
        elsewhere = make.SeatFactory.create()

        self.appoint(elsewhere, noor)

        assert seat_queries.seat_of(elsewhere.council, noor) == elsewhere

    @pytest.mark.parametrize(
        ("starts_on", "code"),
        [(TOMORROW, "in_the_future"), (YESTERDAY, "before_predecessor")],
    )
    def test_refuses_a_day_that_cannot_be(
        self, sales: Seat, omar: User, starts_on: object, code: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            self.appoint(sales, omar, starts_on=starts_on)

        assert (refusal.value.field, refusal.value.code) == ("starts_on", code)
        assert not SeatTerm.objects.filter(user=omar).exists()


class TestVacate:
    def test_leaves_the_place_empty(self, sales: Seat, noor: User) -> None:
        seats.vacate(term_id=sales.terms.get().pk, by=None, at=NOON)

        assert seat_queries.seat_of(sales.council, noor) is None
        assert kinds() == ["seat.vacated"]

    def test_changes_nothing_the_second_time(self, sales: Seat) -> None:
        for day in range(2):
            at = NOON + timedelta(days=day)
            seats.vacate(term_id=sales.terms.get().pk, by=None, at=at)

        assert sales.terms.get().ends_on == TODAY
        assert kinds() == ["seat.vacated"]
