"""The agenda by the API: what is proposed for it, and how it is arranged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Meeting
from tests.factories import backlog, council

AGENDA = "/api/v1/agenda-items/"
Acting = Callable[[User], APIClient]


@pytest.fixture
def slow(db: None) -> CustomerRequest:
    made: CustomerRequest = backlog.RequestFactory.create(
        product__prefix="PAY", number=1, status="under_review"
    )
    return made


@pytest.fixture
def meeting(slow: CustomerRequest, sora: User) -> Meeting:
    body = council.CouncilFactory.create(secretary=sora)
    body.products.add(slow.product)
    made: Meeting = council.MeetingFactory.create(
        council=body, starts_at=timezone.now() + timedelta(days=3)
    )
    return made


@pytest.fixture
def secretary(sora: User, acting: Acting) -> APIClient:
    return acting(sora)


class TestProposeAgenda:
    def test_shows_what_and_why_and_then_takes_it_on_once(
        self, secretary: APIClient, meeting: Meeting
    ) -> None:
        address = f"/api/v1/meetings/{meeting.pk}/propose-agenda/"

        shown = secretary.get(address, headers={"Accept-Language": "en"}).data
        assert [each["key"] for each in shown["items"]] == ["PAY-1"]
        assert shown["items"][0]["reasons"][0] == {
            "code": "top",
            "n": 1,
            "since": None,
            "text": "Number 1 among what waits for a decision on its board.",
        }
        assert not meeting.agenda_items.exists()

        taken = secretary.post(address, {}, format="json")
        assert [each["request"]["key"] for each in taken.data] == ["PAY-1"]
        assert secretary.post(address, {}, format="json").data == []

    def test_takes_on_the_chosen_alone(self, secretary: APIClient, meeting: Meeting) -> None:
        address = f"/api/v1/meetings/{meeting.pk}/propose-agenda/"

        assert secretary.post(address, {"keys": ["PAY-2"]}, format="json").data == []


class TestAgendaItems:
    @pytest.fixture
    def item(self, meeting: Meeting) -> AgendaItem:
        made: AgendaItem = council.AgendaItemFactory.create(
            meeting=meeting, request=None, title="Welcome", kind="inform", position=1
        )
        return made

    def test_are_edited_by_whoever_has_read_them(
        self, secretary: APIClient, noor: User, item: AgendaItem
    ) -> None:
        address = f"{AGENDA}{item.pk}/"
        tag = secretary.get(address).headers["ETag"]
        said = {"kind": "discuss", "minutes": 20, "presenter": noor.email}

        edited = secretary.patch(address, said, format="json", headers={"if-match": tag})
        assert (edited.data["kind"], edited.data["minutes"]) == ("discuss", 20)
        assert edited.data["presenter"]["name"] == "Noor"
        stale = secretary.patch(address, said, format="json", headers={"if-match": tag})
        assert stale.status_code == 412

    def test_are_moved(self, secretary: APIClient, meeting: Meeting, item: AgendaItem) -> None:
        last = council.AgendaItemFactory.create(meeting=meeting, position=2)

        moved = secretary.post(f"{AGENDA}{last.pk}/move/", {"after": None}, format="json")

        assert moved.data["position"] == 1

    def test_are_proposed_by_members_and_answered_by_the_secretary(
        self, secretary: APIClient, noor: User, acting: Acting, meeting: Meeting
    ) -> None:
        member = acting(noor)
        proposed = member.post(f"{AGENDA}propose/", {"meeting": meeting.pk, "title": "Holidays"})
        address = f"{AGENDA}{proposed.data['id']}/"

        assert (proposed.status_code, proposed.data["status"]) == (201, "proposed")
        assert member.post(f"{address}accept/").status_code == 403
        assert secretary.post(f"{address}accept/").data["status"] == "scheduled"
        declined = secretary.post(f"{address}decline/", {"reason": "No."})
        assert (declined.status_code, declined.json()["code"]) == (409, "not_proposed")

    def test_are_carried_over(self, secretary: APIClient, item: AgendaItem) -> None:
        carried = secretary.post(f"{AGENDA}{item.pk}/carry-over/")

        assert (carried.data["status"], carried.data["times_deferred"]) == ("deferred", 1)
