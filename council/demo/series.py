"""A circle that meets each month by a series: met so far, once moved, and once skipped ahead."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from backlog.auth import origins
from backlog.rules.origins import WORKER
from council.demo import texts
from council.demo.world import World
from council.models import Invitation, Meeting, Seat, Series
from council.operations import (
    attendances,
    councils,
    invitations,
    meetings,
    seats,
    series,
)

STARTED: Final = -150
MOVED, MOVED_BY = 1, timedelta(days=4)
"""Which of its meetings was held some days later."""
SENT_AFTER: Final = timedelta(minutes=3)


def plan(world: World) -> None:
    world.diary.on(world.calendar.on(STARTED, 10), partial(_start, world))


def _start(world: World, at: datetime) -> None:
    fixture, secretary = texts.council()["circle"], world.colleagues["secretary"]
    circle = councils.found_council(
        name=fixture["name"],
        products=[],
        chair=world.colleagues[fixture["chair"]],
        secretary=secretary,
        by=world.colleagues["admin"],
        at=at,
    )
    for each in fixture["seats"]:
        department = world.departments[each["department"]]
        seat = seats.add_seat(council_id=circle.pk, department=department, by=secretary, at=at)
        for is_alternate, key in ((False, each["holder"]), (True, each.get("alternate"))):
            if key is not None:
                seats.appoint(
                    seat_id=seat.pk,
                    user=world.colleagues[key],
                    is_alternate=is_alternate,
                    by=secretary,
                    at=at,
                )
    row = series.start_series(
        council_id=circle.pk,
        title=fixture["title"],
        rule="FREQ=MONTHLY;BYDAY=-1FR",
        starts_on=world.calendar.day(STARTED + 1),
        starts_at="10:00",
        time_zone="Asia/Seoul",
        minutes=fixture["minutes"],
        place=fixture["place"],
        sections="\n".join(fixture["sections"]),
        country="KR",
        on_holiday="move",
        by=secretary,
        at=at,
    )
    _plan_meetings(world, row)
    world.diary.on(world.calendar.ago(3, 14), partial(_look_ahead, world, row))


def _plan_meetings(world: World, row: Series) -> None:
    """Those that have been by today; one of them is moved a week before."""
    for number, meeting in enumerate(row.meetings.order_by("occurs_on")):
        by_rule, length = meeting.starts_at, timedelta(minutes=meeting.minutes)
        starts_at = by_rule + MOVED_BY if number == MOVED else by_rule
        if starts_at + length > world.at:
            return
        world.diary.on(by_rule - timedelta(days=9), _mail)
        if number == MOVED:
            move = partial(_move, world, meeting.pk, starts_at)
            world.diary.on(by_rule - timedelta(days=7), move)
        world.diary.on(starts_at, partial(_sit, world, meeting.pk))
        ends_at = starts_at + timedelta(minutes=meeting.minutes - 5)
        world.diary.on(ends_at, partial(_end, world, meeting.pk))


def _move(world: World, meeting_id: int, starts_at: datetime, at: datetime) -> None:
    secretary = world.colleagues["secretary"]
    meetings.move_meeting(meeting_id=meeting_id, starts_at=starts_at, by=secretary, at=at)
    _mail(at)


def _sit(world: World, meeting_id: int, at: datetime) -> None:
    meeting = Meeting.objects.get(pk=meeting_id)
    for seat in Seat.objects.filter(council=meeting.council_id, terms__is_alternate=False):
        user = seat.terms.get(is_alternate=False).user
        attendances.attend(meeting_id=meeting_id, by=user, at=at)
    meetings.open_meeting(meeting_id=meeting_id, by=world.colleagues["secretary"], at=at)


def _end(world: World, meeting_id: int, at: datetime) -> None:
    meetings.end_meeting(meeting_id=meeting_id, by=world.colleagues["secretary"], at=at)


def _look_ahead(world: World, row: Series, at: datetime) -> None:
    """Months were made as time went on; the next but one is skipped, and people answer."""
    fixture = texts.council()["circle"]
    with origins.acting(WORKER, process="council.make_meetings_ahead"):
        series.make_ahead(by=None, at=at)
    # Those of this minute of the demonstration are past for whoever opens it.
    coming = row.meetings.filter(status="scheduled", starts_at__gt=world.at).order_by("occurs_on")
    first, second = coming[:2]
    series.skip_occurrence(
        meeting_id=second.pk, reason=fixture["skipped"], by=world.colleagues["secretary"], at=at
    )
    for key, answer in fixture["answers"].items():
        user = world.colleagues[key]
        invitations.answer_invitation(meeting_id=first.pk, user=user, answer=answer, by=user, at=at)


def _mail(at: datetime) -> None:
    """As the worker does, but to nobody: the past of the demonstration is made up."""
    with origins.acting(WORKER, process="council.send_invitations"):
        for each in invitations.claim(limit=100, by=None, at=at):
            if each.meeting.starts_at > at:
                invitations.record_sent(invitation=each, by=None, at=at + SENT_AFTER)
            else:
                invitations.give_up_late(invitation=each, by=None, at=at)


def settle(world: World) -> None:
    """What was owed in the past is nobody's any more; the worker sends what is to come."""
    late = Invitation.objects.filter(meeting__starts_at__lte=world.at, status="owed")
    for each in late.order_by("pk"):
        invitations.give_up_late(invitation=each, by=None, at=world.at)
