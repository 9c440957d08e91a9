"""The council's meetings: what is on their agendas, and what is decided."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from backlog.auth import origins
from backlog.rules import calendars
from backlog.rules.origins import WORKER
from council.demo import looking_back, speaking, texts
from council.demo.requests import MEETINGS
from council.demo.texts import DecisionFixture, MeetingFixture
from council.demo.world import DemoRequest, World
from council.models import AgendaItem, Decision, SeatTerm
from council.operations import (
    agenda_items,
    agenda_proposals,
    attendances,
    ballots,
    decisions,
    meetings,
    reopened_requests,
    stances,
)
from council.operations.ballots import Proposal

STARTS: Final = 14
MINUTES_EACH: Final = 8
# When a meeting is called: after the one before it.
_CALLED: Final = {1: -152, 2: -110, 3: -68, 4: -26}
_URGENT: Final = -56


def plan(world: World) -> None:
    """Enter into the diary all that the council does."""
    fixture = texts.council()
    for number, meeting in enumerate(fixture["meetings"], 1):
        called_at = world.calendar.on(_CALLED[number], 15)
        world.diary.on(called_at, partial(_call, world, number, meeting, fixture["place"]))
        if MEETINGS[number] < 0:
            _plan_sitting(world, number, meeting["topics"])
        else:
            agenda_at = world.calendar.ago(1, 15)
            world.diary.on(agenda_at, partial(_prepare, world, number, meeting))
    for demo_request in world.requests.values():
        if "decision" in demo_request.fixture and demo_request.fixture["decision"]["meeting"] == 0:
            decided_at = world.calendar.on(_URGENT, 16)
            world.diary.on(decided_at, partial(_decide, world, demo_request, "chair"))


def _call(world: World, number: int, fixture: MeetingFixture, place: str, at: datetime) -> None:
    world.meetings[number] = meetings.schedule_meeting(
        council_id=world.body.pk,
        title=fixture["title"],
        starts_at=world.calendar.on(MEETINGS[number], STARTS),
        minutes=fixture["minutes"],
        place=place,
        by=world.colleagues["secretary"],
        at=at,
    )


def _plan_sitting(world: World, number: int, topics: list[str]) -> None:
    calendar, days = world.calendar, MEETINGS[number]
    world.diary.on(calendar.on(days - 5, 11), partial(_draw_up, world, number, topics))
    opened_at = calendar.on(days, STARTS, 2)
    world.diary.on(opened_at, partial(_sit, world, number))


def _prepare(world: World, number: int, fixture: MeetingFixture, at: datetime) -> None:
    """The next meeting: the agenda proposes itself, and a member has something to add."""
    meeting_id = world.meetings[number].pk
    _draw_up(world, number, fixture["topics"], at)
    with origins.acting(WORKER, process="council.put_reopened_on_agenda"):
        reopened_requests.put_on_agenda(by=None, at=at)
    agenda_proposals.propose_agenda(meeting_id=meeting_id, by=world.colleagues["secretary"], at=at)
    for each in fixture.get("proposals", []):
        agenda_items.add_agenda_item(
            meeting_id=meeting_id,
            title=each["title"],
            is_proposal=True,
            by=world.colleagues[each["by"]],
            at=at,
        )


def _draw_up(world: World, number: int, topics: list[str], at: datetime) -> None:
    """Topics first, then the requests with the highest priority first."""
    for topic in topics:
        _add_item(world, number, at, title=topic, kind=AgendaItem.Kind.INFORM)
    for demo_request in sorted(_before(world, number), key=_priority, reverse=True):
        there = AgendaItem.objects.filter(
            meeting=world.meetings[number],
            request=demo_request.request,
            status=AgendaItem.Status.SCHEDULED,
        )
        # What the meeting before did not reach is there already.
        item = there.first() or _add_item(world, number, at, request_id=demo_request.request.pk)
        world.agenda[number, demo_request.fixture["title"]] = item


def _add_item(world: World, number: int, at: datetime, **subject: Any) -> AgendaItem:
    return agenda_items.add_agenda_item(
        meeting_id=world.meetings[number].pk,
        minutes=MINUTES_EACH,
        by=world.colleagues["secretary"],
        at=at,
        **subject,
    )


def _before(world: World, number: int) -> list[DemoRequest]:
    """The requests that are on the agenda of this meeting."""
    return [
        demo_request
        for demo_request in world.requests.values()
        if number in demo_request.fixture.get("agenda", [])
        or (
            "decision" in demo_request.fixture
            and demo_request.fixture["decision"]["meeting"] == number
        )
    ]


def _priority(demo_request: DemoRequest) -> float:
    demo_request.request.refresh_from_db(fields=["priority"])
    return demo_request.request.priority or 0.0


def _sit(world: World, number: int, at: datetime) -> None:
    """All come, the meeting is opened, and what it decides follows until it is ended."""
    secretary = world.colleagues["secretary"]
    for term in SeatTerm.objects.current().filter(seat__council=world.body, is_alternate=False):
        attendances.attend(
            meeting_id=world.meetings[number].pk, user=term.user, by=term.user, at=at
        )
    meetings.open_meeting(meeting_id=world.meetings[number].pk, by=secretary, at=at)
    now = at + timedelta(minutes=2 * MINUTES_EACH)
    for demo_request in _before(world, number):
        decision = demo_request.fixture.get("decision")
        if decision and decision["meeting"] == number and "with" not in decision:
            now += timedelta(minutes=MINUTES_EACH)
            world.diary.on(now, partial(_decide, world, demo_request, "secretary"))
    world.diary.on(now + timedelta(minutes=9), partial(_end, world, number))


def _end(world: World, number: int, at: datetime) -> None:
    meetings.end_meeting(
        meeting_id=world.meetings[number].pk, by=world.colleagues["secretary"], at=at
    )


def _decide(world: World, demo_request: DemoRequest, recorder: str, at: datetime) -> None:
    decision_fixture = demo_request.fixture["decision"]
    item = world.agenda.get((decision_fixture["meeting"], demo_request.fixture["title"]))
    if item is not None:
        decision = _vote(world, item, demo_request, recorder, at)
        for other in decision.taken_together.order_by("pk"):
            _follow_up(world, world.requests[other.request.title], other, at)
    else:
        particulars = _particulars(world, decision_fixture)
        particulars["predictions"] = looking_back.expected(demo_request, at)
        decision = decisions.record_decision(
            council_id=world.body.pk,
            request_id=demo_request.request.pk,
            verdict=decision_fixture["verdict"],
            rationale=decision_fixture["rationale"],
            customer_words=decision_fixture.get("customer_words"),
            by=world.colleagues[recorder],
            at=at,
            **particulars,
        )
    _follow_up(world, demo_request, decision, at)


def _follow_up(world: World, demo_request: DemoRequest, decision: Decision, at: datetime) -> None:
    looking_back.plan_amendment(world, demo_request, decision)
    looking_back.plan_review(world, demo_request, decision)
    speaking.plan_status_update(world, demo_request, decision, at)


def _vote(
    world: World, item: AgendaItem, demo_request: DemoRequest, recorder: str, at: datetime
) -> Decision:
    """The meeting turns to it, everybody answers, and what was carried is recorded."""
    fixture = demo_request.fixture["decision"]
    by, particulars = world.colleagues[recorder], _particulars(world, fixture)
    agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=by, at=at)
    proposal = _proposal(world, demo_request, particulars, at)
    ballot = ballots.open_ballot(agenda_item_id=item.pk, proposal=proposal, by=by, at=at)
    dissent = particulars["dissent"]
    for there in item.meeting.attendances.there().select_related("user", "seat__department"):
        # The dissent begins with the department whose it is.
        is_against = bool(dissent) and dissent.startswith(str(there.seat))
        if there.seat is not None and there.seat.is_voting:
            stances.take_stance(
                ballot_id=ballot.pk,
                answer="no" if is_against else "yes",
                reason=dissent if is_against else "",
                by=there.user,
                at=at,
            )
    ballots.close_ballot(ballot_id=ballot.pk, by=by, at=at)
    return decisions.record_by_ballot(
        ballot_id=ballot.pk,
        customer_words=fixture.get("customer_words"),
        by=by,
        at=at,
    )


def _proposal(
    world: World, demo_request: DemoRequest, particulars: decisions.Particulars, at: datetime
) -> Proposal:
    fixture = demo_request.fixture["decision"]
    asked = fixture.get("evidence")
    return Proposal(
        fixture["rationale"],
        fixture["verdict"],
        expected_effect=particulars["expected_effect"],
        review_on=particulars.get("review_on"),
        predictions=looking_back.expected(demo_request, at),
        options=particulars["options"],
        reason_code=fixture.get("reason_code", ""),
        further_items=[
            world.agenda[fixture["meeting"], title].pk for title in fixture.get("at_once", [])
        ],
        evidence_from=world.colleagues[asked["from"]] if asked else None,
        evidence_due_on=calendars.day_of(at + timedelta(days=asked["days"])) if asked else None,
    )


def _particulars(world: World, decision_fixture: DecisionFixture) -> decisions.Particulars:
    particulars: decisions.Particulars = {
        "options": decision_fixture.get("options", []),
        "dissent": decision_fixture.get("dissent", ""),
        "expected_effect": decision_fixture.get("expected_effect", ""),
    }
    if "review_after_meeting" in decision_fixture:
        particulars["review_on"] = world.calendar.day(decision_fixture["review_after_meeting"])
    return particulars
