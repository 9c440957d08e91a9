"""Between meetings: some have read the next agenda, and a vote by a deadline is open."""

from datetime import datetime, timedelta
from functools import partial

from council.demo import texts
from council.demo.world import World
from council.models import AgendaItem
from council.operations import ballots_by_deadline, preparations, recusals, stances
from council.operations.ballots import Proposal

NEXT = 4
"""The meeting to come, by its number."""
OPENED, LASTS = timedelta(hours=3), timedelta(days=2)


def plan(world: World) -> None:
    """Since this morning; the vote is open for the day after tomorrow."""
    world.diary.on(world.at - OPENED, partial(_put_to_the_vote, world))
    world.diary.on(world.at - timedelta(minutes=40), partial(_read, world))


def _put_to_the_vote(world: World, at: datetime) -> None:
    fixture = texts.council()["between"]
    ballot = ballots_by_deadline.vote_between_meetings(
        request_id=world.requests[fixture["request"]].request.pk,
        meeting_id=world.meetings[NEXT].pk,
        proposal=Proposal(
            fixture["proposal"], "approve", expected_effect=fixture["expected_effect"]
        ),
        closes_at=(world.at + LASTS).replace(minute=0, second=0, microsecond=0),
        by=world.colleagues["secretary"],
        at=at,
    )
    for said in fixture["answers"]:
        stances.take_stance(
            ballot_id=ballot.pk,
            answer=said["answer"],
            reason=said.get("reason", ""),
            by=world.colleagues[said["by"]],
            at=at + timedelta(minutes=20),
        )
    recusals.step_aside(
        agenda_item_id=ballot.agenda_item_id,
        reason=fixture["aside"]["reason"],
        by=world.colleagues[fixture["aside"]["by"]],
        at=at + timedelta(minutes=30),
    )


def _read(world: World, at: datetime) -> None:
    for key in texts.council()["between"]["read"]:
        user = world.colleagues[key]
        items = AgendaItem.objects.visible_to(user).filter(meeting=world.meetings[NEXT])
        for item in items.exclude(status="proposed").order_by("position"):
            preparations.read_item(agenda_item_id=item.pk, by=user, at=at)
