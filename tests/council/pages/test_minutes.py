"""The page of minutes: read, noted, amended, approved and published without leaving it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import User
from council.models import AgendaItem, Meeting, Minutes
from tests.backlog.pages.conftest import signed_in
from tests.factories import backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """Over for an hour; Sora is its secretary, and Noor was there for Sales."""
    then = timezone.now() - timedelta(hours=2)
    meeting: Meeting = make.MeetingFactory.create(
        council__secretary=sora,
        title="May",
        starts_at=then,
        status="minutes_draft",
        opened_at=then,
        ended_at=then + timedelta(hours=1),
    )
    make.AttendanceFactory.create(
        meeting=meeting, user=noor, seat__department__name="Sales", left_at=meeting.ended_at
    )
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    request = backlog.RequestFactory.create(title="Pay faster")
    item: AgendaItem = make.AgendaItemFactory.create(
        meeting=meeting, request=request, status="deferred"
    )
    return item


@pytest.fixture
def secretary(sora: User) -> Client:
    return signed_in(sora)


def address(meeting: Meeting, name: str = "minutes") -> str:
    return reverse(f"council:{name}", args=[meeting.pk])


def text(client: Client, meeting: Meeting, **asked: str) -> str:
    answer = client.get(address(meeting), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, meeting: Meeting, name: str, **said: Any) -> Any:
    return client.post(address(meeting, f"minutes-{name}"), said, follow=True)


def note(client: Client, item: AgendaItem, words: str, shown: str | None = None) -> Any:
    if shown is None:
        notes = client.get(address(item.meeting)).context["notes"]
        (form,) = (each.form for each in notes if each.item == item)
        shown = str(form["shown_as"].value())
    said = {"note": words, "shown_as": shown}
    return client.post(reverse("council:write-note", args=[item.pk]), said, follow=True)


def test_goes_from_the_draft_to_what_customers_read(
    meeting: Meeting, item: AgendaItem, secretary: Client, noor_pages: Client
) -> None:
    draft = text(secretary, meeting)
    assert "Pay faster" in draft
    assert "Sales" in draft
    assert "The bank waits." in note(secretary, item, "The bank waits.").content.decode()
    send(secretary, meeting, "propose")
    assert "approve" in text(noor_pages, meeting)

    send(noor_pages, meeting, "amend", item=item.pk, text="The bank agreed.")
    amendment = Minutes.objects.get().amendments.get()
    send(secretary, meeting, "answer", amendment=amendment.pk, answer="accept")
    approved = send(noor_pages, meeting, "approve").content.decode()

    assert "The bank agreed." in approved
    assert "Minutes no. 1" in approved
    send(secretary, meeting, "publish", shared=["topics", "notes"])
    shown = text(noor_pages, meeting, edition="customers")
    assert "The bank agreed." in shown
    send(secretary, meeting, "correct", reason="It did not.")
    assert Minutes.objects.count() == 2
    assert "There is a later version." in text(noor_pages, meeting, version="1")


def test_takes_back_no_note_that_somebody_else_wrote(
    meeting: Meeting, item: AgendaItem, secretary: Client
) -> None:
    notes = secretary.get(address(meeting)).context["notes"]
    shown = str(notes[0].form["shown_as"].value())
    note(secretary, item, "One.", shown)

    answer = note(secretary, item, "Two.", shown)

    assert answer.status_code == 422
    assert "Two." in answer.content.decode()
    item.refresh_from_db()
    assert item.note == "One."


def test_a_note_is_written_in_the_room_while_the_meeting_runs(
    meeting: Meeting, item: AgendaItem, secretary: Client
) -> None:
    Meeting.objects.update(status="in_session", ended_at=None)
    AgendaItem.objects.update(status="active", activated_at=timezone.now())
    form = secretary.get(address(meeting, "room")).context["note_form"]

    answer = note(secretary, item, "The bank waits.", str(form["shown_as"].value()))

    assert answer.redirect_chain[-1][0] == address(meeting, "room")
    assert "The bank waits." in answer.content.decode()


def test_what_is_refused_says_why_and_keeps_what_was_typed(
    meeting: Meeting, item: AgendaItem, secretary: Client, noor_pages: Client
) -> None:
    assert "are not under review" in send(noor_pages, meeting, "approve").content.decode()
    send(secretary, meeting, "propose")
    assert send(noor_pages, meeting, "amend", text="").status_code == 422
    send(noor_pages, meeting, "amend", text="We met late.")
    refused = send(noor_pages, meeting, "approve").content.decode()
    assert "1 amendment waits for an answer." in refused
    amendment = Minutes.objects.get().amendments.get()
    why = send(secretary, meeting, "answer", amendment=amendment.pk, answer="decline")
    assert "Say why it stays as it is." in why.content.decode()


def test_is_kept_as_markdown_in_which_no_line_of_a_note_becomes_a_heading(
    meeting: Meeting, item: AgendaItem, secretary: Client
) -> None:
    AgendaItem.objects.update(note="# Not a heading\n<b>nor this</b>")

    answer = secretary.get(address(meeting, "minutes-file"))

    words = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert words.startswith("# May\n")
    assert "> \\# Not a heading\n> \\<b\\>nor this\\</b\\>" in words


def test_what_there_is_not_is_not_found(meeting: Meeting, secretary: Client) -> None:
    for asked in ({"edition": "other"}, {"version": "7"}):
        assert secretary.get(address(meeting), asked).status_code == 404
    assert secretary.get(address(make.MeetingFactory.create())).status_code == 404


def test_costs_the_same_for_one_item_and_for_eleven(
    meeting: Meeting, item: AgendaItem, secretary: Client, queries: Any
) -> None:
    with queries():
        text(secretary, meeting)
    make.AgendaItemFactory.create_batch(10, meeting=meeting, status="deferred")
    with queries():
        text(secretary, meeting)
