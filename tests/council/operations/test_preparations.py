"""Reading what a meeting will take up, before it does: who has, and what waits for whom."""

import pytest

from backlog.models import User
from council import errors
from council.models import AgendaItem, Meeting, Preparation, Seat
from council.operations import preparations
from council.queries import preparations as queries
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(sales: Seat, noor: User) -> Meeting:
    """To come, of a council where Noor and another department sit, with two items."""
    make.SeatTermFactory.create(seat__council=sales.council)
    meeting: Meeting = make.MeetingFactory.create(council=sales.council)
    make.AgendaItemFactory.create_batch(2, meeting=meeting)
    return meeting


def read_all(meeting: Meeting, user: User) -> None:
    for item in meeting.agenda_items.all():
        preparations.read_item(agenda_item_id=item.pk, by=user, at=NOON)


def ready(meeting: Meeting) -> tuple[int, int]:
    found = queries.readers_of(meeting)
    return found.ready, found.all


class TestReadItem:
    def test_is_said_once(self, coming: Meeting, noor: User) -> None:
        read_all(coming, noor)
        read_all(coming, noor)

        assert Preparation.objects.filter(user=noor).count() == 2

    def test_makes_a_department_ready_when_it_has_read_everything(
        self, coming: Meeting, noor: User
    ) -> None:
        first = coming.agenda_items.first()
        assert first is not None
        preparations.read_item(agenda_item_id=first.pk, by=noor, at=NOON)
        assert ready(coming) == (0, 2)

        read_all(coming, noor)

        assert ready(coming) == (1, 2)

    def test_is_done_by_the_alternate_as_well(self, coming: Meeting, sales: Seat) -> None:
        alternate = make.SeatTermFactory.create(seat=sales, is_alternate=True).user

        read_all(coming, alternate)

        assert ready(coming) == (1, 2)

    def test_waits_again_for_what_is_put_there_later(self, coming: Meeting, noor: User) -> None:
        read_all(coming, noor)
        make.AgendaItemFactory.create(meeting=coming)

        assert ready(coming) == (0, 2)

    def test_is_not_asked_of_what_is_proposed_or_taken_off(
        self, coming: Meeting, noor: User
    ) -> None:
        for status in ("proposed", "withdrawn", "declined", "deferred", "decided"):
            make.AgendaItemFactory.create(meeting=coming, status=status)

        assert queries.unread_by(coming, [noor]) == {noor.pk: 2}

    def test_is_not_asked_of_what_the_person_may_not_see(self, coming: Meeting, noor: User) -> None:
        closed = backlog.RequestFactory.create(product__is_open=False)
        make.AgendaItemFactory.create(meeting=coming, request=closed)
        read_all_seen = AgendaItem.objects.visible_to(noor).filter(meeting=coming)
        for item in read_all_seen:
            preparations.read_item(agenda_item_id=item.pk, by=noor, at=NOON)

        assert ready(coming) == (1, 2)

    def test_is_too_late_when_the_meeting_is_over(self, coming: Meeting, noor: User) -> None:
        item = coming.agenda_items.first()
        assert item is not None
        Meeting.objects.update(status="cancelled")

        with pytest.raises(errors.MeetingOver):
            preparations.read_item(agenda_item_id=item.pk, by=noor, at=NOON)


class TestUnreadItem:
    def test_takes_it_back(self, coming: Meeting, noor: User) -> None:
        read_all(coming, noor)
        item = coming.agenda_items.first()
        assert item is not None

        assert preparations.unread_item(agenda_item_id=item.pk, by=noor, at=NOON) == 1
        assert preparations.unread_item(agenda_item_id=item.pk, by=noor, at=NOON) == 0

        assert ready(coming) == (0, 2)


def test_nobody_is_ready_for_an_empty_agenda(sales: Seat) -> None:
    meeting = make.MeetingFactory.create(council=sales.council)

    found = queries.readers_of(meeting)

    assert (found.ready, found.all, found.waiting) == (0, 1, [])
