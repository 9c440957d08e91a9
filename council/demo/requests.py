"""Opening requests, giving them steps, assessing them blind, and putting them in order."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from backlog.models import CustomerRequest, User
from backlog.operations import assessments, merges, ranks, requests, sorting
from council.demo import dates, texts, voices
from council.demo.world import DemoRequest, World

CRITERIA: Final = (
    "customer_pain",
    "reach",
    "strategic_fit",
    "effort",
    "technical_risk",
    "readiness",
)
# Where a department sees more, or less, than the others.
_LEANINGS: Final[Mapping[str, Mapping[str, int]]] = {
    "고객지원": {"customer_pain": 1, "technical_risk": -1},
    "영업": {"reach": 1, "effort": -1},
    "디자인": {"customer_pain": 1, "reach": -1},
    "연구개발": {"effort": 1, "technical_risk": 1},
    "결제운영": {"technical_risk": 1, "readiness": -1},
    "마케팅": {"strategic_fit": 1, "reach": 1},
}
_ASSESSORS: Final = {
    "고객지원": ("support", "help"),
    "영업": ("chair", "sales"),
    "디자인": ("design", "ux"),
    "연구개발": ("engineering", "backend"),
    "결제운영": ("payments", "risk"),
    "마케팅": ("marketing", "brand"),
}
# Days around the next meeting, by the meeting that a request is meant for.
_OPENED: Final = {0: (-95, -62), 1: (-165, -130), 2: (-140, -90), 3: (-100, -46), 4: (-80, -24)}
_NEW_SINCE: Final = (-28, -11)
_HEARD_UNTIL: Final = {1: -80, 2: -41}
MEETINGS: Final = {1: -112, 2: -70, 3: -28, 4: 0}
_BETWEEN_MEETINGS: Final = -57
_REVIEWS: Final = (-114, -72, -30)


SORTED: Final = "점수에 맞추어 보드 전체를 한 번에 정리했습니다."
"""Why some come to stand far from what their neighbours score when the whole board is sorted."""


def load(world: World) -> None:
    """Read the requests of the data files, and settle when each is opened."""
    for prefix, product in world.products.items():
        for fixture in texts.requests(prefix):
            first, last = _OPENED[_meant_for(fixture)] if "marks" in fixture else _NEW_SINCE
            moment = dates.between(world.rng, world.calendar.on(first), world.calendar.on(last))
            opened_at = dates.at_work(moment, last=world.calendar.on(last + 1))
            demo_request = DemoRequest(fixture, product, opened_at, _heard_until(world, fixture))
            world.requests[fixture["title"]] = demo_request


def _meant_for(fixture: texts.RequestFixture) -> int:
    return (
        fixture["decision"]["meeting"] if "decision" in fixture else min(fixture.get("agenda", [4]))
    )


def _heard_until(world: World, fixture: texts.RequestFixture) -> datetime:
    for commitment_fixture in fixture.get("commitments", []):
        if "outcomes" in commitment_fixture:
            days = _HEARD_UNTIL.get(commitment_fixture["sprint"])
            return world.calendar.on(days) if days else world.calendar.ago(4)
    return world.at - timedelta(hours=3)


def plan(world: World) -> None:
    """Enter into the diary when requests are opened, assessed and ranked."""
    for demo_request in world.requests.values():
        world.diary.on(demo_request.opened_at, partial(_open, world, demo_request))
        for assessor, when in _assessments(world, demo_request):
            world.diary.on(when, partial(_assess, world, demo_request, assessor))
    for days in _REVIEWS:
        world.diary.on(world.calendar.on(days, 16), partial(_put_in_order, world))
    world.diary.on(world.calendar.ago(2, 16), partial(_put_in_order, world))
    for number, move in enumerate(texts.council()["moves"]):
        moved_at = world.calendar.ago(1, 11) + timedelta(minutes=7 * number)
        world.diary.on(moved_at, partial(_move, world, move))
    for merge in texts.council()["merges"]:
        world.diary.on(world.calendar.ago(5, 10), partial(_open_again, world, merge))


def _open(world: World, demo_request: DemoRequest, at: datetime) -> None:
    fixture, by = demo_request.fixture, world.owner_of(demo_request)
    demo_request.opened = requests.open_request(
        product_id=demo_request.product.pk,
        title=fixture["title"],
        problem=fixture["problem"],
        root_cause=fixture.get("cause", ""),
        perfect_picture=fixture.get("picture", ""),
        owner=world.colleagues[fixture["owner"]] if fixture["owner"] else None,
        by=by,
        at=at,
    )
    for voice in demo_request.voices:
        if voice.said_at <= at:
            voices.link(world, demo_request, voice, at)
    for department, step in fixture.get("steps", {}).items():
        requests.set_department_step(
            request_id=demo_request.request.pk,
            department_id=world.departments[department].pk,
            step=step,
            by=by,
            at=at,
        )


def _assessments(world: World, demo_request: DemoRequest) -> Iterator[tuple[str, datetime]]:
    """Who assesses the request, and when: before the meeting that is to decide about it."""
    if "marks" not in demo_request.fixture:
        return
    due = _due(world, demo_request)
    for department in _departments(world, demo_request):
        holder, alternate = _ASSESSORS[department]
        for assessor in [holder, alternate] if world.rng.random() < 0.1 else [holder]:
            first = max(demo_request.opened_at + timedelta(hours=20), due - timedelta(days=15))
            yield assessor, dates.at_work(dates.between(world.rng, first, due), last=due)


def _departments(world: World, demo_request: DemoRequest) -> list[str]:
    """Nearly all where there is a decision; else some still have to, Design always."""
    if "decision" in demo_request.fixture:
        return world.rng.sample(list(_ASSESSORS), world.rng.choice((5, 6, 6)))
    others = [name for name in _ASSESSORS if name != "디자인"]
    return world.rng.sample(others, world.rng.randint(2, 4))


def _due(world: World, demo_request: DemoRequest) -> datetime:
    meeting = _meant_for(demo_request.fixture)
    if meeting == 4:
        return world.calendar.ago(3, 15)
    return world.calendar.on(MEETINGS.get(meeting, _BETWEEN_MEETINGS) - 1, 17)


def _assess(world: World, demo_request: DemoRequest, assessor: str, at: datetime) -> None:
    department = next(name for name, both in _ASSESSORS.items() if assessor in both)
    criterion, _, note = demo_request.fixture.get("notes", {}).get(department, "").partition("|")
    answers = {
        key: assessments.Answer(
            value=Decimal(_mark(world.rng, demo_request, department, key)),
            confidence=world.rng.choices(("low", "medium", "high"), (2, 5, 3))[0],
            note=note if key == criterion else "",
        )
        for key in CRITERIA
    }
    assessments.assess(
        request_id=demo_request.request.pk, answers=answers, by=world.colleagues[assessor], at=at
    )


def _mark(rng: random.Random, demo_request: DemoRequest, department: str, criterion: str) -> int:
    leaning = _LEANINGS[department].get(criterion, 0)
    if demo_request.fixture.get("contested"):
        leaning *= 2
    elif rng.random() < 0.5:
        leaning = 0
    mark = demo_request.fixture["marks"][CRITERIA.index(criterion)]
    return min(max(mark + leaning + rng.choice((-1, 0, 0, 0, 1)), 1), 5)


def _put_in_order(world: World, at: datetime) -> None:
    """Each product manager goes through the board and puts what scores higher further up."""
    for product in world.products.values():
        by = world.manager_of(product)
        world.diary.on(at, partial(_sort, product_id=product.pk, by=by))


def _sort(at: datetime, *, product_id: int, by: User) -> None:
    sorting.sort_by_priority(product_id=product_id, reason=SORTED, by=by, at=at)


def _move(world: World, move: texts.Move, at: datetime) -> None:
    """Against the score, and on record why."""
    demo_request = world.requests[move["request"]]
    by, reason = world.owner_of(demo_request), move["reason"]
    if move["to"] == "top":
        ranks.move_to_top(request_id=demo_request.request.pk, reason=reason, by=by, at=at)
        return
    board = CustomerRequest.objects.filter(product=demo_request.product).on_board()
    last = (
        board.exclude(pk=demo_request.request.pk).order_by("-rank").values_list("pk", flat=True)[0]
    )
    ranks.move_request(request_id=demo_request.request.pk, after=last, reason=reason, by=by, at=at)


def _open_again(world: World, merge: texts.MergeFixture, at: datetime) -> None:
    """What another colleague had opened before, for some of the same words; merged a day later."""
    demo_request = world.requests[merge["into"]]
    words = [voice.feedback.pk for voice in demo_request.voices[:2] if voice.feedback is not None]
    opened = requests.open_request(
        product_id=demo_request.product.pk,
        title=merge["title"],
        problem=merge["problem"],
        feedback_ids=words,
        by=world.colleagues["pm2"],
        at=at,
    )
    join = partial(_merge, world, opened.pk, demo_request, merge["reason"])
    world.diary.on(at + timedelta(days=1), join)


def _merge(
    world: World, merged_id: int, demo_request: DemoRequest, reason: str, at: datetime
) -> None:
    merges.merge_request(
        request_id=merged_id,
        into_id=demo_request.request.pk,
        reason=reason,
        by=world.manager_of(demo_request.product),
        at=at,
    )
