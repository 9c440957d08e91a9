"""What customers have opened again comes before the council by itself, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backlog.models import CustomerRequest, Event
from backlog.operations import requests
from backlog.rules.statuses import Cause
from council.models import AgendaItem, Council, Meeting
from council.operations import agenda_items, meetings, reopened_requests
from tests.conftest import SameQueries
from tests.factories import NOON, backlog
from tests.factories import council as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def open_again(request: CustomerRequest, at: datetime = NOON) -> None:
    CustomerRequest.objects.filter(pk=request.pk).update(status="delivered")
    requests.change_status(
        request_id=request.pk, status="under_review", cause=Cause.DISPUTE, by=None, at=at
    )


@pytest.fixture
def disputed(pay_faster: CustomerRequest) -> CustomerRequest:
    open_again(pay_faster)
    return pay_faster


def meeting(council: Council, *, hours: int = 2) -> Meeting:
    return make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(hours=hours))


def test_it_is_put_at_the_end_of_the_next_agenda(
    council: Council, disputed: CustomerRequest
) -> None:
    later, upcoming, _past = meeting(council, hours=9), meeting(council), meeting(council, hours=-1)
    make.AgendaItemFactory.create(meeting=upcoming, position=1)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1

    item = AgendaItem.objects.get(request=disputed)
    assert (item.meeting, item.position, item.proposed_by) == (upcoming, 2, None)
    event = Event.objects.get(kind="agenda_item.added")
    assert (event.request, event.actor, event.at) == (disputed, None, LATER)
    assert not later.agenda_items.exists()


def test_it_is_put_there_once(council: Council, disputed: CustomerRequest) -> None:
    meeting(council)
    meeting(council, hours=3)
    reopened_requests.put_on_agenda(by=None, at=LATER)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0
    assert AgendaItem.objects.filter(request=disputed).count() == 1


def test_who_takes_it_off_has_decided_so(council: Council, disputed: CustomerRequest) -> None:
    meeting(council)
    reopened_requests.put_on_agenda(by=None, at=LATER)
    item = AgendaItem.objects.get(request=disputed)
    agenda_items.withdraw_agenda_item(agenda_item_id=item.pk, by=None, at=LATER)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0

    open_again(disputed, at=LATER + timedelta(minutes=1))
    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1


def test_it_comes_again_when_its_meeting_is_called_off(
    council: Council, disputed: CustomerRequest
) -> None:
    first = meeting(council)
    reopened_requests.put_on_agenda(by=None, at=LATER)
    meetings.cancel_meeting(meeting_id=first.pk, reason="Snow.", by=None, at=LATER)
    second = meeting(council, hours=9)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1
    assert second.agenda_items.get().request == disputed


def test_it_comes_again_when_there_was_no_time_for_it(
    council: Council, disputed: CustomerRequest
) -> None:
    first = meeting(council)
    reopened_requests.put_on_agenda(by=None, at=LATER)
    meetings.open_meeting(meeting_id=first.pk, by=None, at=LATER)
    meetings.end_meeting(meeting_id=first.pk, by=None, at=LATER)
    meeting(council, hours=9)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1


def test_what_was_moved_by_hand_since_is_for_colleagues_to_bring(
    council: Council, disputed: CustomerRequest
) -> None:
    meeting(council)
    for status in ("approved", "under_review"):
        requests.override_status(
            request_id=disputed.pk, status=status, reason="Sure.", by=None, at=LATER
        )

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0


def test_it_waits_until_a_meeting_is_called(council: Council, disputed: CustomerRequest) -> None:
    meeting(make.CouncilFactory.create())
    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0

    meeting(council)
    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1


def test_it_stays_where_somebody_has_put_it_before(
    council: Council, pay_faster: CustomerRequest
) -> None:
    make.AgendaItemFactory.create(meeting=meeting(council, hours=9), request=pay_faster)
    meeting(council)
    open_again(pay_faster)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0


def test_what_only_came_under_review_is_for_colleagues_to_bring(
    council: Council, pay_faster: CustomerRequest
) -> None:
    meeting(council)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0


def test_looking_costs_one_query_however_many_wait(
    council: Council, disputed: CustomerRequest, queries: SameQueries
) -> None:
    for _ in range(5):
        open_again(backlog.RequestFactory.create(product=disputed.product))

    with queries() as asked:
        assert reopened_requests.put_on_agenda(by=None, at=LATER) == 0
    assert len(asked) == 1


def test_one_that_cannot_be_put_there_holds_up_no_other(
    council: Council,
    disputed: CustomerRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = backlog.RequestFactory.create(product=disputed.product)
    open_again(other, at=LATER)
    meeting(council)
    add = agenda_items.add_agenda_item

    def is_broken(**item: Any) -> AgendaItem:
        if item["request_id"] == disputed.pk:
            raise ZeroDivisionError
        return add(**item)

    monkeypatch.setattr(agenda_items, "add_agenda_item", is_broken)

    assert reopened_requests.put_on_agenda(by=None, at=LATER) == 1
    assert AgendaItem.objects.get().request == other
    assert f"Request {disputed.pk} cannot be put on the agenda" in caplog.text
