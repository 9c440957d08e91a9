"""The council's meetings: what is on their agendas, and what is decided."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from council.demo import speaking, texts
from council.demo.requests import MEETINGS
from council.demo.texts import Ruling, Sitting
from council.demo.world import Story, World
from council.models import AgendaItem
from council.operations import agenda_items, decisions, meetings

STARTS: Final = 14
MINUTES_EACH: Final = 7
# When a meeting is called: after the one before it.
_CALLED: Final = {1: -152, 2: -110, 3: -68, 4: -26}
_URGENT: Final = -56


def plan(world: World) -> None:
    """Enter into the diary all that the council does."""
    told = texts.council()
    for number, meeting in enumerate(told["meetings"], 1):
        called_at = world.calendar.on(_CALLED[number], 15)
        world.diary.on(called_at, partial(_call, world, number, meeting, told["place"]))
        if MEETINGS[number] < 0:
            _plan_sitting(world, number, meeting["topics"])
        else:
            agenda_at = world.calendar.ago(1, 15)
            world.diary.on(agenda_at, partial(_draw_up, world, number, meeting["topics"]))
    for story in world.stories.values():
        if "decision" in story.wish and story.wish["decision"]["meeting"] == 0:
            decided_at = world.calendar.on(_URGENT, 16)
            world.diary.on(decided_at, partial(_decide, world, story, "chair"))


def _call(world: World, number: int, told: Sitting, place: str, at: datetime) -> None:
    world.meetings[number] = meetings.schedule_meeting(
        council_id=world.body.pk,
        title=told["title"],
        starts_at=world.calendar.on(MEETINGS[number], STARTS),
        minutes=told["minutes"],
        place=place,
        by=world.colleagues["secretary"],
        at=at,
    )


def _plan_sitting(world: World, number: int, topics: list[str]) -> None:
    calendar, days = world.calendar, MEETINGS[number]
    world.diary.on(calendar.on(days - 5, 11), partial(_draw_up, world, number, topics))
    opened_at = calendar.on(days, STARTS, 2)
    world.diary.on(opened_at, partial(_sit, world, number))


def _draw_up(world: World, number: int, topics: list[str], at: datetime) -> None:
    """Topics first, then the requests with the highest priority first."""
    for topic in topics:
        _add_item(world, number, at, title=topic)
    for story in sorted(_before(world, number), key=_priority, reverse=True):
        there = AgendaItem.objects.filter(
            meeting=world.meetings[number],
            request=story.request,
            status=AgendaItem.Status.SCHEDULED,
        )
        # What the meeting before did not reach is there already.
        item = there.first() or _add_item(world, number, at, request_id=story.request.pk)
        world.agenda[number, story.wish["title"]] = item


def _add_item(world: World, number: int, at: datetime, **subject: Any) -> AgendaItem:
    return agenda_items.add_agenda_item(
        meeting_id=world.meetings[number].pk,
        minutes=MINUTES_EACH,
        by=world.colleagues["secretary"],
        at=at,
        **subject,
    )


def _before(world: World, number: int) -> list[Story]:
    """The stories whose requests are on the agenda of this meeting."""
    return [
        story
        for story in world.stories.values()
        if number in story.wish.get("agenda", [])
        or ("decision" in story.wish and story.wish["decision"]["meeting"] == number)
    ]


def _priority(story: Story) -> float:
    story.request.refresh_from_db(fields=["priority"])
    return story.request.priority or 0.0


def _sit(world: World, number: int, at: datetime) -> None:
    """The meeting is opened; decisions follow one after the other, and at last it is ended."""
    secretary = world.colleagues["secretary"]
    meetings.open_meeting(meeting_id=world.meetings[number].pk, by=secretary, at=at)
    now = at + timedelta(minutes=2 * MINUTES_EACH)
    for story in _before(world, number):
        if "decision" in story.wish and story.wish["decision"]["meeting"] == number:
            now += timedelta(minutes=MINUTES_EACH)
            world.diary.on(now, partial(_decide, world, story, "secretary"))
    world.diary.on(now + timedelta(minutes=9), partial(_end, world, number))


def _end(world: World, number: int, at: datetime) -> None:
    meetings.end_meeting(
        meeting_id=world.meetings[number].pk, by=world.colleagues["secretary"], at=at
    )


def _decide(world: World, story: Story, recorder: str, at: datetime) -> None:
    ruling = story.wish["decision"]
    item = world.agenda.get((ruling["meeting"], story.wish["title"]))
    decision = decisions.record_decision(
        council_id=world.body.pk,
        request_id=story.request.pk,
        verdict=ruling["verdict"],
        rationale=ruling["rationale"],
        agenda_item_id=item.pk if item else None,
        customer_words=ruling.get("customer_words"),
        by=world.colleagues[recorder],
        at=at,
        **_particulars(world, ruling),
    )
    speaking.plan_status_update(world, story, decision, at)


def _particulars(world: World, ruling: Ruling) -> decisions.Particulars:
    said: decisions.Particulars = {
        "options": ruling.get("options", []),
        "dissent": ruling.get("dissent", ""),
        "expected_effect": ruling.get("expected_effect", ""),
    }
    if "review_after_meeting" in ruling:
        said["review_on"] = world.calendar.day(ruling["review_after_meeting"])
    return said
