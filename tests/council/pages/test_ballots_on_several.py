"""One ballot over several requests, as it is put, shown and recorded on pages and by the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import User
from council.models import AgendaItem, Ballot, Council, Decision, Meeting, Seat
from council.operations import stances
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
PROPOSAL = {"proposal": "Build them all.", "verdict": "approve"}


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """In session, with Noor there for Sales and an item taken up."""
    council: Council = make.CouncilFactory.create(secretary=sora)
    council.products.add(backlog.ProductFactory.create())
    term = make.SeatTermFactory.create(
        seat__council=council, seat__department__name="Sales", user=noor
    )
    meeting: Meeting = make.MeetingFactory.create(
        council=council, starts_at=timezone.now(), status="in_session", opened_at=timezone.now()
    )
    make.AttendanceFactory.create(meeting=meeting, seat=term.seat, user=noor)
    return meeting


def on_agenda(meeting: Meeting, **facts: Any) -> AgendaItem:
    product = meeting.council.products.get()
    request = backlog.RequestFactory.create(product=product, status="under_review")
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=request, **facts)
    return item


@pytest.fixture
def items(meeting: Meeting) -> list[AgendaItem]:
    first = on_agenda(meeting, status="active", activated_at=NOON)
    return [first, on_agenda(meeting), on_agenda(meeting)]


@pytest.fixture
def secretary(sora: User) -> Client:
    return signed_in(sora)


def put(client: Client, items: list[AgendaItem]) -> Any:
    first, *further = items
    said = {**PROPOSAL, "item": first.pk, "further_items": [each.pk for each in further]}
    return client.post(reverse("council:room-put", args=[first.meeting_id]), said, follow=True)


def text(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"council:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


class TestInTheRoom:
    def test_others_that_wait_can_be_decided_at_once(
        self, secretary: Client, meeting: Meeting, items: list[AgendaItem]
    ) -> None:
        offered = text(secretary, "room", meeting.pk)
        for each in items[1:]:
            assert f'name="further_items" value="{each.pk}"' in offered

        shown = put(secretary, items).content.decode()

        assert "Decides at once on 2 more requests:" in shown
        ballot = Ballot.objects.get()
        assert set(ballot.further_items.all()) == set(items[1:])

    def test_one_answer_moves_all_of_them(
        self, secretary: Client, meeting: Meeting, items: list[AgendaItem], noor: User
    ) -> None:
        put(secretary, items)
        ballot, seat = Ballot.objects.get(), Seat.objects.get()
        stances.take_stance(
            ballot_id=ballot.pk, seat_id=seat.pk, answer="yes", by=noor, at=timezone.now()
        )
        for name in ("close", "record"):
            secretary.post(
                reverse(f"council:room-{name}", args=[meeting.pk]), {"ballot": ballot.pk}
            )

        assert Decision.objects.count() == 3
        first = Decision.objects.get(agenda_item=items[0])
        page = text(secretary, "decision", first.pk)
        for each in items[1:]:
            assert each.request is not None
            assert each.request.key in page

    def test_what_was_ticked_stays_ticked_when_it_is_not_accepted(
        self, secretary: Client, meeting: Meeting, items: list[AgendaItem]
    ) -> None:
        said = {"item": items[0].pk, "verdict": "approve", "further_items": [items[2].pk]}
        answer = secretary.post(reverse("council:room-put", args=[meeting.pk]), said)

        assert answer.status_code == 422
        shown = answer.content.decode()
        assert f'value="{items[2].pk}" checked' in shown
        assert f'value="{items[1].pk}" checked' not in shown

    def test_no_agenda_makes_it_slower(
        self,
        secretary: Client,
        meeting: Meeting,
        items: list[AgendaItem],
        queries: SameQueries,
    ) -> None:
        put(secretary, items)
        text(secretary, "room", meeting.pk)
        with queries() as few:
            text(secretary, "room", meeting.pk)
        Ballot.objects.get().further_items.add(on_agenda(meeting), on_agenda(meeting))

        with queries() as many:
            text(secretary, "room", meeting.pk)

        assert len(many) == len(few)


class TestBetweenMeetings:
    @pytest.fixture
    def coming(self, meeting: Meeting) -> Meeting:
        coming: Meeting = make.MeetingFactory.create(
            council=meeting.council, starts_at=timezone.now() + timedelta(days=5)
        )
        return coming

    def test_others_of_its_agenda_can_be_decided_at_once(
        self, secretary: Client, coming: Meeting
    ) -> None:
        first, second = on_agenda(coming), on_agenda(coming)
        assert first.request is not None
        key = first.request.key
        assert f'value="{second.pk}"' in text(secretary, "propose-ballot", key)

        until = timezone.localtime(timezone.now() + timedelta(days=2))
        said = {
            **PROPOSAL,
            "meeting": coming.pk,
            "further_items": [second.pk],
            "conditions": "Security agrees.",
            "closes_at": until.strftime("%Y-%m-%dT%H:%M"),
        }
        shown = secretary.post(reverse("council:open-ballot", args=[key]), said, follow=True)

        ballot = Ballot.objects.get()
        assert list(ballot.further_items.all()) == [second]
        assert ballot.conditions == "Security agrees."
        assert "Decides at once on one more request:" in shown.content.decode()
        assert "and one more request at once" in text(secretary, "ballots")

    def test_of_another_agenda_are_refused_and_shown_again(
        self, secretary: Client, meeting: Meeting, coming: Meeting
    ) -> None:
        first, elsewhere = on_agenda(coming), on_agenda(meeting)
        assert first.request is not None
        until = timezone.localtime(timezone.now() + timedelta(days=2))
        said = {
            **PROPOSAL,
            "meeting": coming.pk,
            "further_items": [elsewhere.pk],
            "closes_at": until.strftime("%Y-%m-%dT%H:%M"),
        }
        address = reverse("council:open-ballot", args=[first.request.key])

        answer = secretary.post(address, said)

        assert answer.status_code == 409
        assert "What is decided at once is on one agenda." in answer.content.decode()
        assert f'value="{elsewhere.pk}" checked' in answer.content.decode()
        assert not Ballot.objects.exists()
