"""The workshop in the room, and by the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import User
from council.models import AgendaItem, Meeting
from council.operations import attendances
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(sora: User, noor: User) -> AgendaItem:
    """A workshop under way, of a council where Noor sits for Sales and has come."""
    council = make.CouncilFactory.create(secretary=sora)
    request = backlog.RequestFactory.create(root_cause="Nobody knows.")
    council.products.add(request.product)
    term = make.SeatTermFactory.create(
        seat__council=council, seat__department__name="Sales", user=noor
    )
    meeting: Meeting = make.MeetingFactory.create(
        council=council, starts_at=timezone.now(), status="in_session", opened_at=timezone.now()
    )
    make.AttendanceFactory.create(meeting=meeting, seat=term.seat, user=noor)
    item: AgendaItem = make.AgendaItemFactory.create(
        meeting=meeting, request=request, kind="workshop", status="active", activated_at=NOON
    )
    return item


def room(client: Client, item: AgendaItem) -> str:
    answer = client.get(reverse("council:room", args=[item.meeting_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(client: Client, item: AgendaItem, part: str) -> dict[str, Any]:
    """What a browser would send of the form of this part, as it is shown now."""
    answer = client.get(reverse("council:room", args=[item.meeting_id]))
    shown = next(each for each in answer.context["workshop"].forms if each.written.part == part)
    department = shown.written.department
    return {
        "part": part,
        "department": department.pk if department else "",
        "shown_as": shown["shown_as"].value(),
    }


def send(client: Client, item: AgendaItem, said: dict[str, Any], **more: Any) -> Any:
    return client.post(reverse("council:work-out", args=[item.pk]), {**said, **more})


def test_each_part_is_written_in_its_place(noor_pages: Client, item: AgendaItem) -> None:
    for part in ("perfect_picture", "root_cause", "step"):
        answer = send(noor_pages, item, form_of(noor_pages, item, part), words=f"Our {part}.")
        assert answer.status_code == 302

    assert item.request is not None
    item.request.refresh_from_db()
    assert item.request.perfect_picture == "Our perfect_picture."
    assert item.request.root_cause == "Our root_cause."
    assert item.request.department_steps.get().department.name == "Sales"
    assert "Our step." in room(noor_pages, item)


def test_what_another_wrote_meanwhile_is_shown_beside_what_was_typed(
    noor_pages: Client, item: AgendaItem
) -> None:
    said = form_of(noor_pages, item, "root_cause")
    assert item.request is not None
    item.request.root_cause = "The bank asks twice."
    item.request.save()

    answer = send(noor_pages, item, said, words="The form asks twice.")

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The form asks twice." in shown
    assert "By now it is: The bank asks twice." in shown


def test_who_is_not_there_reads_it_alone(noor_pages: Client, noor: User, item: AgendaItem) -> None:
    said = form_of(noor_pages, item, "root_cause")
    attendances.leave(meeting_id=item.meeting_id, by=noor, at=timezone.now())

    shown = room(noor_pages, item)
    assert "Nobody knows." in shown
    assert 'name="words"' not in shown
    send(noor_pages, item, said, words="Mine.")

    assert item.request is not None
    item.request.refresh_from_db()
    assert item.request.root_cause == "Nobody knows."


def test_a_part_that_is_none_is_not_found(noor_pages: Client, item: AgendaItem) -> None:
    said = form_of(noor_pages, item, "step")
    other = people.DepartmentFactory.create()

    assert send(noor_pages, item, {**said, "department": other.pk}, words="A").status_code == 404
    assert send(noor_pages, item, {**said, "part": "title"}, words="A").status_code == 404


def test_no_number_of_departments_makes_the_room_slower(
    noor_pages: Client, item: AgendaItem, queries: SameQueries
) -> None:
    room(noor_pages, item)
    with queries() as few:
        room(noor_pages, item)
    make.SeatFactory.create_batch(3, council=item.meeting.council)

    with queries() as many:
        room(noor_pages, item)

    assert len(many) == len(few)


def test_the_room_is_shown_anew_to_others(noor_pages: Client, sora: User, item: AgendaItem) -> None:
    now = reverse("council:room-now", args=[item.meeting_id])
    secretary = signed_in(sora)
    tag = secretary.get(now)["ETag"]
    send(noor_pages, item, form_of(noor_pages, item, "root_cause"), words="The bank asks twice.")

    answer = secretary.get(now, headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert "The bank asks twice." in answer.content.decode()


def test_by_the_api(noor: User, item: AgendaItem) -> None:
    client = APIClient()
    client.force_authenticate(noor)
    address = f"/api/v1/agenda-items/{item.pk}/work-out/"

    answer = client.post(address, {"part": "root_cause", "words": "The bank."}, format="json")
    assert answer.status_code == 200, answer.data
    late = {"part": "root_cause", "words": "The form.", "before": "Nobody knows."}
    refused = client.post(address, late, format="json")

    assert refused.status_code in (409, 412)
    assert refused.data["code"] == "version_conflict"
