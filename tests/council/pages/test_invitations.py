"""Answering by a signed link, and on the meeting's page."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.delivery import invitation_links
from council.models import Council, Invitation, Meeting
from council.operations import meetings
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(noor: User, sora: User) -> Meeting:
    council: Council = make.CouncilFactory.create(secretary=sora)
    make.SeatTermFactory.create(seat__council=council, user=noor)
    return meetings.schedule_meeting(
        council_id=council.pk,
        title="May",
        starts_at=timezone.now() + timedelta(days=4),
        by=sora,
        at=timezone.now(),
    )


@pytest.fixture
def row(meeting: Meeting, noor: User) -> Invitation:
    return meeting.invitations.get(user=noor)


def link(row: Invitation) -> str:
    return invitation_links.answer_url(row).removeprefix(settings.SITE_URL)


class TestTheSignedLink:
    def test_shows_and_only_a_post_writes(self, client: Client, row: Invitation) -> None:
        assert client.get(link(row)).status_code == 200
        row.refresh_from_db()
        assert row.answer == ""

        answer = client.post(link(row), {"answer": "yes"})

        row.refresh_from_db()
        assert (answer.status_code, row.answer) == (302, "yes")
        assert "Thank you" in client.get(answer["Location"]).content.decode()

    def test_offers_the_alternate_where_there_is_one(
        self, client: Client, row: Invitation, omar: User
    ) -> None:
        assert "My alternate comes" not in client.get(link(row)).content.decode()
        make.SeatTermFactory.create(seat=row.seat, user=omar, is_alternate=True)

        assert "My alternate comes" in client.get(link(row)).content.decode()

    def test_opens_nothing_when_it_was_tampered_with(self, client: Client, row: Invitation) -> None:
        broken = link(row)[:-2] + "/"

        assert client.get(broken).status_code == 404
        assert client.post(broken, {"answer": "yes"}).status_code == 404

    def test_asks_nothing_once_the_meeting_is_called_off(
        self, client: Client, row: Invitation, sora: User
    ) -> None:
        meetings.cancel_meeting(
            meeting_id=row.meeting_id, reason="Ill.", by=sora, at=timezone.now()
        )
        assert "called off" in client.get(link(row)).content.decode()
        assert client.post(link(row), {"answer": "yes"}).status_code == 422


class TestTheMeetingsPage:
    def test_takes_ones_own_answer_and_tells_the_forecast(
        self, noor_pages: Client, meeting: Meeting, row: Invitation
    ) -> None:
        noor_pages.post(f"/meetings/{meeting.pk}/answer/", {"answer": "yes"})

        text = noor_pages.get(f"/meetings/{meeting.pk}/").content.decode()
        row.refresh_from_db()
        assert row.answer == "yes"
        assert "Expected: 1 of 1 department; quorum 1." in text
        council = noor_pages.get(f"/councils/{meeting.council_id}/").content.decode()
        assert "Expected: 1 of 1 department; quorum 1." in council

    def test_takes_none_of_who_is_not_asked(self, omar_pages: Client, meeting: Meeting) -> None:
        omar_pages.post(f"/meetings/{meeting.pk}/answer/", {"answer": "yes"})

        assert not meeting.invitations.filter(answer="yes").exists()

    def test_invites_guests(self, meeting: Meeting, sora: User, omar: User) -> None:
        from tests.backlog.pages.conftest import signed_in

        signed_in(sora).post(f"/meetings/{meeting.pk}/invite/", {"user": omar.email})

        assert meeting.invitations.get(user=omar).capacity == "guest"
