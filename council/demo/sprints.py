"""Sprints, what was taken into them, what became of it, and what the customers answered."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from backlog.auth import origins
from backlog.models import Obligation, Outcome, Product, Sprint
from backlog.operations import (
    announcements,
    capacity,
    commitments,
    measurements,
    outcomes,
    replies,
    sprints,
)
from backlog.queries import announcements as announcement_queries
from council.demo import mail, texts
from council.demo.texts import CommitmentFixture, OutcomeFixture
from council.demo.world import DemoRequest, World

# From and until, in days around the next meeting: each begins the Monday after a meeting.
_TIMES: Final = {1: (-107, -75), 2: (-65, -33), 3: (-23, 9), 4: (19, 51)}
# When a sprint is planned, and when requests are taken into it.
_PLANNED: Final = {1: -111, 2: -69, 3: -27, 4: -13}
_ROLLED_BACK: Final = -20
_MEASURED_AFTER: Final = 9
"""So many days after it was recorded, and before anything is rolled back."""


def plan(world: World) -> None:
    """Enter the sprints of every product into the diary."""
    for prefix, goals in texts.council()["sprints"].items():
        for number, goal in enumerate(goals, 1):
            planned_at = world.calendar.on(_PLANNED[number], 10)
            world.diary.on(planned_at, partial(_plan, world, world.products[prefix], number, goal))


def _plan(world: World, product: Product, number: int, goal: str, at: datetime) -> None:
    calendar = world.calendar
    starts, ends = _TIMES[number]
    sprint = sprints.plan_sprint(
        product_id=product.pk,
        name=f"{product.name} 스프린트 {number}",
        goal=goal,
        starts_on=calendar.day(starts),
        ends_on=calendar.day(ends),
        by=world.manager_of(product),
        at=at,
    )
    for name, days in texts.council()["capacity"][product.prefix].items():
        capacity.set_capacity(
            sprint_id=sprint.pk,
            department_id=world.departments[name].pk,
            days=Decimal(days),
            by=world.manager_of(product),
            at=at,
        )
    taken = [
        (demo_request, commitment_fixture)
        for demo_request in world.requests.values()
        for commitment_fixture in demo_request.fixture.get("commitments", [])
        if demo_request.product == product and commitment_fixture["sprint"] == number
    ]
    for minutes, (demo_request, commitment_fixture) in enumerate(taken, 30):
        commit = partial(_commit, world, sprint, demo_request, commitment_fixture)
        world.diary.on(at + timedelta(days=1, minutes=minutes), commit)
    if number < 4:
        world.diary.on(calendar.on(starts, 9, 30), partial(_start, world, sprint))
    if number < 3:
        world.diary.on(calendar.on(ends, 18), partial(_close, world, sprint))


def _start(world: World, sprint: Sprint, at: datetime) -> None:
    sprints.start_sprint(sprint_id=sprint.pk, by=world.manager_of(sprint.product), at=at)


def _close(world: World, sprint: Sprint, at: datetime) -> None:
    sprints.close_sprint(sprint_id=sprint.pk, by=world.manager_of(sprint.product), at=at)


def _commit(
    world: World,
    sprint: Sprint,
    demo_request: DemoRequest,
    commitment_fixture: CommitmentFixture,
    at: datetime,
) -> None:
    demo_request.commitments[commitment_fixture["sprint"]] = commitments.commit_request(
        sprint_id=sprint.pk,
        request_id=demo_request.request.pk,
        hypothesis=commitment_fixture["hypothesis"],
        measure=commitment_fixture["measure"],
        baseline=Decimal(commitment_fixture["baseline"]),
        target=Decimal(commitment_fixture["target"]),
        is_pilot=commitment_fixture.get("is_pilot", False),
        by=world.owner_of(demo_request),
        at=at,
    )
    _estimate(world, demo_request, commitment_fixture, at)
    for outcome_fixture in commitment_fixture.get("outcomes", []):
        recorded_at = _recorded_at(world, commitment_fixture, outcome_fixture)
        world.diary.on(
            recorded_at, partial(_record, world, demo_request, commitment_fixture, outcome_fixture)
        )


def _estimate(
    world: World, demo_request: DemoRequest, commitment_fixture: CommitmentFixture, at: datetime
) -> None:
    for name, days in commitment_fixture.get("efforts", {}).items():
        capacity.set_effort(
            commitment_id=demo_request.commitments[commitment_fixture["sprint"]].pk,
            department_id=world.departments[name].pk,
            days=Decimal(days),
            by=world.owner_of(demo_request),
            at=at,
        )


def _recorded_at(
    world: World, commitment_fixture: CommitmentFixture, outcome_fixture: OutcomeFixture
) -> datetime:
    if outcome_fixture["result"] == Outcome.Result.ROLLED_BACK:
        return world.calendar.on(_ROLLED_BACK, 9, 40)
    if not outcome_fixture.get("is_announced", True):
        return world.calendar.ago(1, 17)
    _starts, ends = _TIMES[commitment_fixture["sprint"]]
    return world.calendar.on(ends - world.rng.randint(0, 2), world.rng.randint(11, 16))


def _record(
    world: World,
    demo_request: DemoRequest,
    commitment_fixture: CommitmentFixture,
    outcome_fixture: OutcomeFixture,
    at: datetime,
) -> None:
    is_shipped = outcome_fixture["result"] in (Outcome.Result.DELIVERED, Outcome.Result.PARTLY)
    outcome = outcomes.record_outcome(
        commitment_id=demo_request.commitments[commitment_fixture["sprint"]].pk,
        result=outcome_fixture["result"],
        summary=outcome_fixture["summary"],
        missing=outcome_fixture.get("missing"),
        shipped_at=at - timedelta(hours=20) if is_shipped else None,
        shipped_where=outcome_fixture.get("shipped_where", ""),
        by=world.owner_of(demo_request),
        at=at,
    )
    demo_request.outcomes.append(outcome)
    if "measured" in outcome_fixture:
        measured_at = at + timedelta(days=_MEASURED_AFTER)
        world.diary.on(
            measured_at,
            partial(_measure, world, demo_request, outcome, outcome_fixture["measured"]),
        )
    if outcome_fixture.get("is_announced", True):
        told_at = _told_at(world, commitment_fixture, outcome_fixture)
        world.diary.on(told_at, partial(_announce, world, demo_request, outcome, outcome_fixture))


def _measure(
    world: World, demo_request: DemoRequest, outcome: Outcome, figures: dict[str, Any], at: datetime
) -> None:
    measurements.measure_outcome(
        outcome_id=outcome.pk,
        **{name: _figure(name, value) for name, value in figures.items()},
        by=world.owner_of(demo_request),
        at=at,
    )


def _figure(name: str, written: Any) -> Any:
    """Averages and their spreads are written as texts."""
    return Decimal(written) if name.endswith(("_mean", "_spread")) else written


def _told_at(
    world: World, commitment_fixture: CommitmentFixture, outcome_fixture: OutcomeFixture
) -> datetime:
    """All outcomes of a sprint together, on the Monday after it; a roll-back the next day."""
    if outcome_fixture["result"] == Outcome.Result.ROLLED_BACK:
        return world.calendar.on(_ROLLED_BACK + 1, 10, 15)
    _starts, ends = _TIMES[commitment_fixture["sprint"]]
    return world.calendar.on(ends + 3, 10, 30)


def _announce(
    world: World,
    demo_request: DemoRequest,
    outcome: Outcome,
    outcome_fixture: OutcomeFixture,
    at: datetime,
) -> None:
    by = world.owner_of(demo_request)
    if announcement_queries.needs_countersign(outcome):
        second = next(
            world.colleagues[name] for name in ("pm", "pm2") if world.colleagues[name] != by
        )
        announcements.ask_to_announce(subject=outcome, by=by, at=at)
        announcements.countersign(subject=outcome, by=second, at=at)
    else:
        announcements.announce(subject=outcome, by=by, at=at)
    mail.send_soon(world, at)
    answered_at = at
    for written in outcome_fixture.get("answers", []):
        answered_at += timedelta(minutes=world.rng.randint(90, 2400))
        world.diary.on(answered_at, partial(_answer, outcome, written))


def _answer(outcome: Outcome, written: str, at: datetime) -> None:
    """“yes ko 5|words”: the first who was told in this language, and has not answered yet.

    The number is how satisfied they are; many skip it.
    """
    head, _, words = written.partition("|")
    verdict, language, *satisfaction = head.split()
    told = outcome.obligations.filter(
        status=Obligation.Status.TOLD, customer__language=language
    ).order_by("pk")[0]
    origins.is_by_link(told.customer_id)
    replies.take_answer(
        obligation_id=told.pk,
        verdict=verdict,
        words=words,
        satisfaction=int(satisfaction[0]) if satisfaction else None,
        by=None,
        at=at,
    )
