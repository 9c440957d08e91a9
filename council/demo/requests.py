"""Opening requests, giving them steps, assessing them blind, and putting them in order."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Final

from backlog.models import CustomerRequest, User
from backlog.operations import assessments, ranks, requests
from council.demo import dates, texts, voices
from council.demo.world import Story, World

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


def tell(world: World) -> None:
    """Give every request of the data files its story."""
    for prefix, product in world.products.items():
        for wish in texts.wishes(prefix):
            first, last = _OPENED[_meant_for(wish)] if "marks" in wish else _NEW_SINCE
            moment = dates.between(world.rng, world.calendar.on(first), world.calendar.on(last))
            opened_at = dates.at_work(moment, last=world.calendar.on(last + 1))
            story = Story(wish, product, opened_at, _heard_until(world, wish))
            world.stories[wish["title"]] = story


def _meant_for(wish: texts.Wish) -> int:
    return wish["decision"]["meeting"] if "decision" in wish else min(wish.get("agenda", [4]))


def _heard_until(world: World, wish: texts.Wish) -> datetime:
    for promise in wish.get("commitments", []):
        if "outcomes" in promise:
            days = _HEARD_UNTIL.get(promise["sprint"])
            return world.calendar.on(days) if days else world.calendar.ago(4)
    return world.at - timedelta(hours=3)


def plan(world: World) -> None:
    """Enter into the diary when requests are opened, assessed and ranked."""
    for story in world.stories.values():
        world.diary.on(story.opened_at, partial(_open, world, story))
        for assessor, when in _assessments(world, story):
            world.diary.on(when, partial(_assess, world, story, assessor))
    for days in _REVIEWS:
        world.diary.on(world.calendar.on(days, 16), partial(_put_in_order, world))
    world.diary.on(world.calendar.ago(2, 16), partial(_put_in_order, world))
    for number, move in enumerate(texts.council()["moves"]):
        moved_at = world.calendar.ago(1, 11) + timedelta(minutes=7 * number)
        world.diary.on(moved_at, partial(_move, world, move))


def _open(world: World, story: Story, at: datetime) -> None:
    wish, by = story.wish, world.owner_of(story)
    story.found = requests.open_request(
        product_id=story.product.pk,
        title=wish["title"],
        problem=wish["problem"],
        root_cause=wish.get("cause", ""),
        perfect_picture=wish.get("picture", ""),
        owner=world.colleagues[wish["owner"]] if wish["owner"] else None,
        by=by,
        at=at,
    )
    for voice in story.voices:
        if voice.said_at <= at:
            voices.link(world, story, voice, at)
    for department, step in wish.get("steps", {}).items():
        requests.set_department_step(
            request_id=story.request.pk,
            department_id=world.departments[department].pk,
            step=step,
            by=by,
            at=at,
        )


def _assessments(world: World, story: Story) -> Iterator[tuple[str, datetime]]:
    """Who assesses the request, and when: before the meeting that is to decide about it."""
    if "marks" not in story.wish:
        return
    due = _due(world, story)
    for department in _departments(world, story):
        holder, alternate = _ASSESSORS[department]
        for assessor in [holder, alternate] if world.rng.random() < 0.1 else [holder]:
            first = max(story.opened_at + timedelta(hours=20), due - timedelta(days=15))
            yield assessor, dates.at_work(dates.between(world.rng, first, due), last=due)


def _departments(world: World, story: Story) -> list[str]:
    """Nearly all where there is a decision; else some still have to, Design always."""
    if "decision" in story.wish:
        return world.rng.sample(list(_ASSESSORS), world.rng.choice((5, 6, 6)))
    others = [name for name in _ASSESSORS if name != "디자인"]
    return world.rng.sample(others, world.rng.randint(2, 4))


def _due(world: World, story: Story) -> datetime:
    meeting = _meant_for(story.wish)
    if meeting == 4:
        return world.calendar.ago(3, 15)
    return world.calendar.on(MEETINGS.get(meeting, _BETWEEN_MEETINGS) - 1, 17)


def _assess(world: World, story: Story, assessor: str, at: datetime) -> None:
    department = next(name for name, both in _ASSESSORS.items() if assessor in both)
    criterion, _, note = story.wish.get("notes", {}).get(department, "").partition("|")
    answers = {
        key: assessments.Answer(
            value=Decimal(_mark(world.rng, story, department, key)),
            confidence=world.rng.choices(("low", "medium", "high"), (2, 5, 3))[0],
            note=note if key == criterion else "",
        )
        for key in CRITERIA
    }
    assessments.assess(
        request_id=story.request.pk, answers=answers, by=world.colleagues[assessor], at=at
    )


def _mark(rng: random.Random, story: Story, department: str, criterion: str) -> int:
    leaning = _LEANINGS[department].get(criterion, 0)
    if story.wish.get("contested"):
        leaning *= 2
    elif rng.random() < 0.5:
        leaning = 0
    mark = story.wish["marks"][CRITERIA.index(criterion)]
    return min(max(mark + leaning + rng.choice((-1, 0, 0, 0, 1)), 1), 5)


def _put_in_order(world: World, at: datetime) -> None:
    """Each product manager goes through the board and puts what scores higher further up."""
    for product in world.products.values():
        by = world.manager_of(product)
        board = CustomerRequest.objects.filter(product=product).on_board().order_by("rank")
        wanted = sorted(board, key=lambda request: -(request.priority or 0))
        for number, (above, request) in enumerate(pairwise(wanted)):
            move = partial(_place_after, request_id=request.pk, above_id=above.pk, by=by)
            world.diary.on(at + timedelta(seconds=15 * number), move)


def _place_after(at: datetime, *, request_id: int, above_id: int, by: User) -> None:
    ranks.move_request(request_id=request_id, after=above_id, by=by, at=at)


def _move(world: World, move: texts.Move, at: datetime) -> None:
    """Against the score, and on record why."""
    story = world.stories[move["request"]]
    by, reason = world.owner_of(story), move["reason"]
    if move["to"] == "top":
        ranks.move_to_top(request_id=story.request.pk, reason=reason, by=by, at=at)
        return
    board = CustomerRequest.objects.filter(product=story.product).on_board()
    last = board.exclude(pk=story.request.pk).order_by("-rank").values_list("pk", flat=True)[0]
    ranks.move_request(request_id=story.request.pk, after=last, reason=reason, by=by, at=at)
