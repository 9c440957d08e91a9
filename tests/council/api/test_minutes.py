"""Minutes through the API: read, amended, approved, published and corrected by other tools."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from council.models import AgendaItem, Meeting
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
Acting = Callable[[User], APIClient]


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """Over; Sora is its secretary, and Noor alone was there."""
    meeting: Meeting = make.MeetingFactory.create(
        council__secretary=sora,
        status="minutes_draft",
        opened_at=NOON,
        ended_at=NOON + timedelta(hours=1),
    )
    make.AttendanceFactory.create(meeting=meeting, user=noor, left_at=meeting.ended_at)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    item: AgendaItem = make.AgendaItemFactory.create(
        meeting=meeting, request=None, title="Holidays", status="informed"
    )
    return item


def of(meeting: Meeting, name: str = "") -> str:
    return f"/api/v1/meetings/{meeting.pk}/minutes/{name}"


def test_minutes_go_from_the_draft_to_what_customers_read(
    meeting: Meeting, item: AgendaItem, sora: User, noor: User, acting: Acting
) -> None:
    secretary, member = acting(sora), acting(noor)
    draft = secretary.get(of(meeting))
    assert (draft.status_code, draft.data["minutes"]["status"]) == (200, "draft"), draft.data
    assert draft.data["people"] == {str(noor.pk): noor.name}

    noted = secretary.post(
        f"/api/v1/agenda-items/{item.pk}/note/", {"note": "All agree."}, HTTP_IF_MATCH="*"
    )
    assert noted.data["note"] == "All agree.", noted.data
    remarks = secretary.post(of(meeting, "remarks/"), {"remarks": "Short.", "was": ""})
    assert remarks.data["minutes"]["remarks"] == "Short.", remarks.data
    assert secretary.post(of(meeting, "propose/")).data["minutes"]["status"] == "review"

    amended = member.post(of(meeting, "amendments/"), {"agenda_item": item.pk, "text": "I do not."})
    assert amended.status_code == 201, amended.data
    (amendment,) = amended.data["amendments"]
    open_one = member.post(of(meeting, "approve/"))
    assert (open_one.status_code, open_one.data["code"]) == (409, "amendments_open")
    answered = secretary.post(
        of(meeting, "answer/"), {"amendment": amendment["id"], "is_accepted": True}
    )
    assert answered.data["content"]["items"][0]["note"] == "I do not.", answered.data

    approved = member.post(of(meeting, "approve/"))
    assert (approved.data["minutes"]["number"], approved.data["seal"]["number"]) == (1, 1)
    published = secretary.post(
        of(meeting, "publish/"), {"shared": ["topics", "notes"]}, format="json"
    )
    assert published.data["minutes"]["status"] == "published", published.data
    shown = secretary.get(of(meeting), {"edition": "customers"}).data
    assert [each["note"] for each in shown["content"]["items"]] == ["I do not."]
    assert shown["people"] == {}
    corrected = secretary.post(of(meeting, "correct/"), {"reason": "I do."})
    assert corrected.data["minutes"]["version"] == 2, corrected.data


def test_remarks_that_somebody_else_wrote_meanwhile_are_not_taken_back(
    meeting: Meeting, sora: User, acting: Acting
) -> None:
    secretary = acting(sora)
    secretary.post(of(meeting, "remarks/"), {"remarks": "One.", "was": ""})

    late: Any = secretary.post(of(meeting, "remarks/"), {"remarks": "Two.", "was": ""})

    assert late.data["code"] == "version_conflict"


def test_what_there_is_not_is_not_found(meeting: Meeting, sora: User, acting: Acting) -> None:
    secretary = acting(sora)
    other = make.MinutesAmendmentFactory.create()

    assert secretary.get(of(meeting), {"edition": "other"}).status_code == 404
    assert secretary.get(of(make.MeetingFactory.create())).status_code == 404
    body = {"amendment": other.pk, "is_accepted": True}
    assert secretary.post(of(meeting, "answer/"), body).status_code in (404, 422)
