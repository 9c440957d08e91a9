"""What a meeting left over goes to the next one by the clock, without anybody touching either."""

from datetime import timedelta

import pytest

from backlog.models import CustomerRequest
from council import tasks
from council.models import AgendaItem, Council, Meeting
from council.operations import left_over_items
from tests.factories import NOON
from tests.factories import council as make

LATER = NOON + timedelta(hours=3)
pytestmark = pytest.mark.django_db


def meeting(council: Council, *, hours: int) -> Meeting:
    return make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(hours=hours))


@pytest.fixture
def missed(council: Council, pay_faster: CustomerRequest) -> AgendaItem:
    return make.AgendaItemFactory.create(
        meeting=meeting(council, hours=1), request=pay_faster, times_deferred=2, minutes=25
    )


def test_an_item_of_a_meeting_that_was_never_opened_is_put_on_the_next_agenda(
    council: Council, missed: AgendaItem
) -> None:
    later, upcoming = meeting(council, hours=9), meeting(council, hours=5)

    assert left_over_items.put_on_agenda(by=None, at=LATER) == 1

    item = upcoming.agenda_items.get()
    assert (item.request, item.minutes, item.times_deferred) == (missed.request, 25, 2)
    assert not later.agenda_items.exists()


def test_is_not_put_there_twice(council: Council, missed: AgendaItem) -> None:
    meeting(council, hours=5)
    left_over_items.put_on_agenda(by=None, at=LATER)

    assert left_over_items.put_on_agenda(by=None, at=LATER) == 0


def test_waits_while_its_meeting_may_still_be_opened(council: Council, missed: AgendaItem) -> None:
    meeting(council, hours=5)

    assert left_over_items.put_on_agenda(by=None, at=NOON) == 0


def test_waits_while_no_meeting_is_called(council: Council, missed: AgendaItem) -> None:
    assert left_over_items.put_on_agenda(by=None, at=LATER) == 0


def test_an_item_that_was_taken_off_stays_off(council: Council, missed: AgendaItem) -> None:
    meeting(council, hours=5)
    AgendaItem.objects.update(status="withdrawn")

    assert left_over_items.put_on_agenda(by=None, at=LATER) == 0


def test_the_clock_does_it(
    council: Council, missed: AgendaItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    upcoming = meeting(council, hours=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)

    tasks.put_left_over_on_agenda()

    assert upcoming.agenda_items.count() == 1
