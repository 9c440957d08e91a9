"""The meeting that is in session now: its people are there, and a vote is open."""

from datetime import datetime, timedelta
from functools import partial

from council.demo import looking_back, texts
from council.demo.world import World
from council.models import AgendaItem, Seat, SeatTerm
from council.operations import (
    agenda_items,
    attendances,
    ballots,
    meetings,
    stances,
    workshops,
)
from council.operations.ballots import Proposal

OPENED, WORKSHOP, TAKEN_UP = timedelta(minutes=24), timedelta(minutes=22), timedelta(minutes=6)
"""So long ago the meeting began, worked something out, and turned to what is being voted on."""


def plan(world: World) -> None:
    """Called the day before yesterday; under way since some minutes."""
    world.diary.on(world.calendar.ago(2, 15), partial(_call, world))
    world.diary.on(world.at - OPENED, partial(_open, world))
    world.diary.on(world.at - WORKSHOP, partial(_work_out, world))
    world.diary.on(world.at - TAKEN_UP, partial(_turn_to_the_first, world))


def _call(world: World, at: datetime) -> None:
    fixture, secretary = texts.council()["session"], world.colleagues["secretary"]
    meeting = meetings.schedule_meeting(
        council_id=world.body.pk,
        title=fixture["title"],
        starts_at=world.at - OPENED,
        minutes=fixture["minutes"],
        place=texts.council()["place"],
        by=secretary,
        at=at,
    )
    world.session = meeting
    for title in fixture["requests"]:
        is_workshop = title == fixture["workshop"]["request"]
        agenda_items.add_agenda_item(
            meeting_id=meeting.pk,
            request_id=world.requests[title].request.pk,
            kind="workshop" if is_workshop else "decide",
            minutes=fixture["minutes_each"],
            by=secretary,
            at=at,
        )


def _open(world: World, at: datetime) -> None:
    """One department sends its alternate; another gives a proxy, so that five of six are there."""
    fixture, meeting = texts.council()["session"], world.session
    assert meeting is not None
    for key in fixture["people"]:
        user = world.colleagues[key]
        attendances.attend(meeting_id=meeting.pk, by=user, at=at)
    away = SeatTerm.objects.current().get(
        user=world.colleagues[fixture["away"]], seat__council=world.body
    )
    attendances.give_proxy(
        meeting_id=meeting.pk,
        seat_id=away.seat_id,
        user=world.colleagues[fixture["proxy"]],
        by=away.user,
        at=at,
    )
    meetings.open_meeting(meeting_id=meeting.pk, by=world.colleagues["secretary"], at=at)


def _work_out(world: World, at: datetime) -> None:
    """From the picture back to what each department would do; it goes on after the vote."""
    fixture, secretary = texts.council()["session"]["workshop"], world.colleagues["secretary"]
    request = world.requests[fixture["request"]].request
    item = AgendaItem.objects.get(meeting=world.session, request=request)
    agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=secretary, at=at)
    for minute, each in enumerate(fixture["parts"], 1):
        department = world.departments[each["department"]] if "department" in each else None
        workshops.work_out(
            agenda_item_id=item.pk,
            part=each["part"],
            words=each["words"],
            department_id=department.pk if department else None,
            by=world.colleagues[each["by"]],
            at=at + timedelta(minutes=3 * minute),
        )


def _turn_to_the_first(world: World, at: datetime) -> None:
    fixture, secretary, meeting = (
        texts.council()["session"],
        world.colleagues["secretary"],
        world.session,
    )
    item = AgendaItem.objects.filter(meeting=meeting).order_by("position").first()
    assert item is not None
    agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=secretary, at=at)
    proposal = Proposal(
        fixture["proposal"],
        "approve",
        expected_effect=fixture["expected_effect"],
        predictions=[looking_back.of_session(at)],
    )
    ballot = ballots.open_ballot(
        agenda_item_id=item.pk, proposal=proposal, by=secretary, at=at + timedelta(minutes=4)
    )
    for said in fixture["answers"]:
        user = world.colleagues[said["by"]]
        seat = Seat.objects.get(
            council=world.body,
            attendances__user=user,
            attendances__meeting=meeting,
            attendances__capacity__in=["holder", "alternate"],
        )
        stances.take_stance(
            ballot_id=ballot.pk,
            answer=said["answer"],
            reason=said.get("reason", ""),
            seat_id=seat.pk,
            by=user,
            at=at + timedelta(minutes=5),
        )
