"""Builds the demonstration company: half a year of it, through the operations, in order of time."""

import random
import shutil
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from backlog.operations import api_tokens, drift
from council.demo import (
    boards,
    duties,
    incidents,
    meetings,
    members,
    minutes,
    people,
    requests,
    series,
    session,
    sign_ins,
    speaking,
    sprints,
    triage,
    voices,
)
from council.demo.dates import Calendar
from council.demo.diary import Diary
from council.demo.world import World

SEED: Final = 2
_MAY: Final = {
    "viewer": ("viewer", ["read", "feedback:write"]),
    "design": ("council member", ["read", "feedback:write", "backlog:write", "council:write"]),
    "chair": ("council member", ["read", "feedback:write", "backlog:write", "council:write"]),
    "support": ("council member", ["read", "feedback:write", "backlog:write", "council:write"]),
    "brand": ("council member", ["read", "feedback:write", "backlog:write", "council:write"]),
    "secretary": ("secretary", ["read", "feedback:write", "backlog:write", "council:write"]),
    "pm": ("product manager", ["read", "feedback:write", "backlog:write"]),
    "admin": ("admin", ["read", "feedback:write", "backlog:write", "council:write", "admin"]),
    "integration": ("integration", ["read", "feedback:write", "backlog:write"]),
}


def build(*, at: datetime, progress: bool) -> None:
    """All of it or, if that is interrupted, nothing; told as seen from the moment `at`."""
    # Mail of a build that was interrupted; its company is gone.
    shutil.rmtree(settings.MAILBOX_DIR, ignore_errors=True)
    with transaction.atomic():
        world = World(at, Calendar(at), Diary(), random.Random(SEED))  # noqa: S311 -- nothing secret comes of it
        people.settle(world)
        requests.load(world)
        for part in (
            *(voices, requests, meetings, series, duties, minutes, sprints, incidents, speaking),
            *(session, members, boards),
        ):
            part.plan(world)
        world.diary.perform(until=at, is_shown=progress)
        series.settle(world)
        for product in world.products.values():
            drift.refresh_drift(product_id=product.pk, by=None, at=at)
        triage.suggest(world)
        people.connect(world)
        sign_ins.write([_sign_in(world, key) for key in people.SIGN_INS])


def _sign_in(world: World, key: str) -> sign_ins.SignIn:
    role, scopes = _MAY[key]
    user = world.colleagues[key]
    _token, secret = api_tokens.issue_token(
        owner=user,
        name="demo",
        scopes=scopes,
        lasts=timedelta(days=365),
        by=user,
        at=world.at,
    )
    return sign_ins.SignIn(role, user.email, world.passwords[key], secret)
