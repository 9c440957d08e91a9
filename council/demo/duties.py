"""Who owes the council what by when, and what comes of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from backlog.models import User
from council.demo import dates, texts
from council.demo.requests import MEETINGS
from council.demo.texts import ActionItemFixture, ActionItemStep
from council.demo.world import World
from council.models import ActionItem
from council.operations import action_items

FollowUp = Callable[[int, ActionItemStep, User, datetime], None]


def plan(world: World) -> None:
    for fixture in texts.council()["actions"]:
        _plan(world, fixture)


def _plan(world: World, fixture: ActionItemFixture) -> None:
    """In the meeting, or `after` so many days; what follows is counted from the same day."""
    days = MEETINGS[fixture["meeting"]]
    assigned_at = world.calendar.on(days + fixture.get("after", 0), 17, 30)
    world.diary.on(assigned_at, partial(_assign, world, fixture, days))


def _assign(world: World, fixture: ActionItemFixture, days: int, at: datetime) -> None:
    title = fixture["about"]
    item = None if "after" in fixture else world.agenda.get((fixture["meeting"], title))
    action = action_items.assign_action(
        council_id=world.body.pk,
        title=fixture["title"],
        owner=world.colleagues[fixture["owner"]],
        due_on=world.calendar.day(days + fixture["days"]),
        request_id=world.requests[title].request.pk,
        agenda_item_id=item.pk if item else None,
        success_measure=fixture.get("measure", ""),
        helpers=[world.colleagues[each] for each in fixture.get("helpers", ())],
        by=world.colleagues[fixture["by"]],
        at=at,
    )
    if "claim" in fixture:
        _plan_step(world, _claim, action, fixture["claim"], days)
    if "verify" in fixture:
        _plan_step(world, _verify, action, fixture["verify"], days)
    if "block" in fixture:
        _plan_step(world, _block, action, fixture["block"], days)
    if "reopen" in fixture:
        _plan_step(world, _reopen, action, fixture["reopen"], days)
    if "cancel" in fixture:
        _plan_step(world, _cancel, action, fixture["cancel"], days)


def _plan_step(
    world: World, follow_up: FollowUp, action: ActionItem, step: ActionItemStep, days: int
) -> None:
    by = world.colleagues[step["by"]] if "by" in step else action.owner
    done_at = dates.at_work(world.calendar.on(days + step["after"], 11), last=world.at)
    world.diary.on(done_at, partial(follow_up, action.pk, step, by))


def _claim(action_id: int, step: ActionItemStep, by: User, at: datetime) -> None:
    link = step.get("link", "")
    action_items.claim_done(action_id=action_id, evidence=step["evidence"], link=link, by=by, at=at)


def _verify(action_id: int, _step: ActionItemStep, by: User, at: datetime) -> None:
    action_items.verify_action(action_id=action_id, by=by, at=at)


def _block(action_id: int, step: ActionItemStep, by: User, at: datetime) -> None:
    action_items.block_action(action_id=action_id, reason=step["reason"], by=by, at=at)


def _reopen(action_id: int, step: ActionItemStep, by: User, at: datetime) -> None:
    action_items.reopen_action(action_id=action_id, reason=step["reason"], by=by, at=at)


def _cancel(action_id: int, step: ActionItemStep, by: User, at: datetime) -> None:
    action_items.cancel_action(action_id=action_id, reason=step["reason"], by=by, at=at)
