"""What the council expected of its decisions as figures, and what somebody said came of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from backlog.models import User
from backlog.rules import calendars
from council.demo import texts
from council.demo.world import DemoRequest, World
from council.models import Decision
from council.operations import reviews, standing_decisions
from council.operations.reviews import Came, Findings
from council.rules.predictions import Expected
from council.rules.verdicts import STANDING

UNTIL: Final = timedelta(days=45)
"""So long after a decision what was expected of it can be told."""


def expected(demo_request: DemoRequest, at: datetime) -> list[Expected]:
    """The figure of its first commitment, and how sure the council was."""
    fixture = demo_request.fixture
    sure = fixture["decision"].get("sure")
    if sure is None:
        return []
    first = fixture["commitments"][0]
    day = calendars.day_of(at + UNTIL)
    figures = (Decimal(first["baseline"]), Decimal(first["target"]))
    return [Expected(first["measure"], *figures, day, sure)]


def of_session(at: datetime) -> Expected:
    """What is expected of the proposal that is being voted on."""
    said = texts.council()["session"]["expected"]
    figures = (Decimal(said["baseline"]), Decimal(said["target"]))
    return Expected(said["measure"], *figures, calendars.day_of(at + UNTIL), said["sure"])


def plan_review(world: World, demo_request: DemoRequest, decision: Decision) -> None:
    """The secretary answers two days after it can be told; some wait until somebody does."""
    if "review" in demo_request.fixture["decision"]:
        at = decision.decided_at + UNTIL + timedelta(days=2)
        if at < world.at:
            world.diary.on(at, partial(_review, world, demo_request, decision.pk))


def plan_amendment(world: World, demo_request: DemoRequest, decision: Decision) -> None:
    """What was decided in a hurry is amended within the week."""
    at = decision.decided_at + timedelta(days=3)
    if "amendment" in demo_request.fixture["decision"] and at < world.at:
        world.diary.on(at, partial(_amend, demo_request, decision.pk, decision.decided_by))


def _amend(demo_request: DemoRequest, decision_id: int, by: User, at: datetime) -> None:
    said = demo_request.fixture["decision"]["amendment"]
    standing_decisions.amend_decision(decision_id=decision_id, **said, by=by, at=at)


def _review(world: World, demo_request: DemoRequest, decision_id: int, at: datetime) -> None:
    said = demo_request.fixture["decision"]["review"]
    decision = Decision.objects.get(pk=decision_id)
    if decision.status not in STANDING:
        return
    actual = Decimal(said["actual"]) if "actual" in said else None
    reviews.review_decision(
        decision_id=decision_id,
        findings=Findings(
            words=said["words"],
            conclusion="stands",
            came={each.pk: Came(said["result"], actual) for each in decision.predictions.all()},
        ),
        by=world.colleagues["secretary"],
        at=at,
    )
