"""The wall of a room: what everybody in it may read, and nobody's name."""

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import User
from council.models import AgendaItem, Ballot, Meeting
from council.operations import stances
from tests.backlog.pages.conftest import signed_in
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    council = make.CouncilFactory.create(secretary=sora)
    seat = make.SeatTermFactory.create(seat__council=council, user=noor).seat
    meeting: Meeting = make.MeetingFactory.create(
        council=council, status="in_session", opened_at=NOON
    )
    make.AttendanceFactory.create(meeting=meeting, user=noor, seat=seat)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    item: AgendaItem = make.AgendaItemFactory.create(
        meeting=meeting, status="active", activated_at=NOON, request__title="Pay faster"
    )
    backlog.EvidenceFactory.create(
        request=item.request,
        feedback__verbatim="It is so slow.",
        end=len("It is so slow."),
        feedback__customer__name="Mira Quell",
    )
    return item


def shown(client: Client, meeting: Meeting) -> str:
    answer = client.get(reverse("council:wall", args=[meeting.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_shows_the_item_the_words_and_the_quorum_and_nobodys_name(
    meeting: Meeting, item: AgendaItem, sora: User
) -> None:
    """Sora sees customers; the wall does not."""
    page = shown(signed_in(sora), meeting)

    for words in ("Pay faster", "It is so slow.", "1 of 1 department"):
        assert words in page
    for name in ("Mira Quell", "Noor", "Sora"):
        assert name not in page


def test_counts_answers_and_tells_none_before_a_blind_vote_is_closed(
    meeting: Meeting, item: AgendaItem, noor: User, noor_pages: Client
) -> None:
    ballot = make.BallotFactory.create(agenda_item=item)
    stances.take_stance(ballot_id=ballot.pk, answer="no", reason="ZZWHY", by=noor, at=NOON)

    page = shown(noor_pages, meeting)
    assert "1 of 1 has answered" in page
    assert "<dt>no</dt>" not in page

    Ballot.objects.update(status="closed", result="not_carried", ended_at=NOON)
    page = shown(noor_pages, meeting)
    assert "<dt>no</dt><dd>1</dd>" in page
    assert "ZZWHY" not in page


def test_counts_before_everybodys_eyes_where_the_house_votes_in_the_open(
    meeting: Meeting, item: AgendaItem, noor_pages: Client
) -> None:
    make.BallotFactory.create(agenda_item=item, is_blind=False)

    assert "<dt>no</dt><dd>0</dd>" in shown(noor_pages, meeting)


def test_hides_what_is_of_a_closed_product(
    meeting: Meeting, item: AgendaItem, noor_pages: Client
) -> None:
    assert item.request is not None
    item.request.product.is_open = False
    item.request.product.save()

    assert "Pay faster" not in shown(noor_pages, meeting)


def test_is_asked_as_the_room_is(meeting: Meeting, item: AgendaItem, noor_pages: Client) -> None:
    address = reverse("council:wall-now", args=[meeting.pk])
    first = noor_pages.get(address)

    again = noor_pages.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
