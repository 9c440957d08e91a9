"""The minutes of the meetings that were held: approved, published, and one under review."""

from datetime import datetime, timedelta
from functools import partial

from backlog.auth import origins
from backlog.models import User
from backlog.rules.origins import WORKER
from council.demo import texts
from council.demo.requests import MEETINGS
from council.demo.texts import MinutesFixture
from council.demo.world import World
from council.models import AgendaItem
from council.operations import amendments, ledger_seals, letters, minutes, notes
from council.queries import ledger_seals as ledger_queries
from council.queries import minutes as minutes_queries


def plan(world: World) -> None:
    """The first were approved by vote, the next by silence; the last are under review."""
    for fixture in texts.council()["minutes"]:
        day = MEETINGS[fixture["meeting"]]
        world.diary.on(world.calendar.on(day + 1, 9), partial(_note, world, fixture))
        proposed_at = world.calendar.on(day + fixture["proposed_after"], 10)
        if not fixture["approved"]:
            proposed_at = world.calendar.ago(2, 10)
        world.diary.on(proposed_at, partial(_propose, world, fixture))
        if "amendment" in fixture:
            world.diary.on(proposed_at + timedelta(hours=5), partial(_amend, world, fixture))
        if fixture["approved"] == "vote":
            world.diary.on(proposed_at + timedelta(days=1), partial(_vote, world, fixture))
        elif fixture["approved"] == "silence":
            over = proposed_at + timedelta(days=7)
            world.diary.on(over, partial(_be_silent, world, fixture))
        if "shared" in fixture:
            later = world.calendar.on(day + fixture["proposed_after"] + 10, 11)
            world.diary.on(later, partial(_publish, world, fixture))


def _note(world: World, fixture: MinutesFixture, at: datetime) -> None:
    for about, words in fixture["notes"].items():
        item = AgendaItem.objects.get(
            meeting=world.meetings[fixture["meeting"]], request=world.requests[about].request
        )
        notes.set_note(agenda_item_id=item.pk, note=words, by=world.colleagues["secretary"], at=at)


def _propose(world: World, fixture: MinutesFixture, at: datetime) -> None:
    meeting = world.meetings[fixture["meeting"]]
    minutes.propose_minutes(meeting_id=meeting.pk, by=world.colleagues["secretary"], at=at)
    if fixture["approved"]:
        _send(at)


def _amend(world: World, fixture: MinutesFixture, at: datetime) -> None:
    said = fixture["amendment"]
    item = AgendaItem.objects.get(
        meeting=world.meetings[fixture["meeting"]], request=world.requests[said["about"]].request
    )
    amendment = amendments.propose_amendment(
        meeting_id=item.meeting_id,
        agenda_item_id=item.pk,
        text=said["text"],
        by=world.colleagues[said["by"]],
        at=at,
    )
    if "answer" in said:
        amendments.answer_amendment(
            amendment_id=amendment.pk,
            is_accepted=True,
            reason=said["answer"],
            by=world.colleagues["secretary"],
            at=at + timedelta(hours=1),
        )


def _vote(world: World, fixture: MinutesFixture, at: datetime) -> None:
    meeting = world.meetings[fixture["meeting"]]
    there: list[User] = list(minutes_queries.were_there(meeting))
    for minute, user in enumerate(there[: len(there) // 2 + 1]):
        minutes.approve_minutes(
            meeting_id=meeting.pk, by=user, at=at + timedelta(minutes=7 * minute)
        )
    _send(at + timedelta(hours=1))


def _be_silent(_world: World, _fixture: MinutesFixture, at: datetime) -> None:
    with origins.acting(WORKER, process="council.approve_minutes"):
        minutes.approve_unopposed(by=None, at=at)
    _send(at)


def _publish(world: World, fixture: MinutesFixture, at: datetime) -> None:
    minutes.publish_minutes(
        meeting_id=world.meetings[fixture["meeting"]].pk,
        shared=fixture["shared"],
        by=world.colleagues["secretary"],
        at=at,
    )


def _send(at: datetime) -> None:
    """As the worker did within the minute, each with the head of the ledger as it was then."""
    while ledger_seals.seal_ledger(by=None, at=at):
        pass
    head = ledger_queries.head()
    while claimed := letters.claim(by=None, at=at):
        for letter in claimed:
            letters.record_sent(letter=letter, anchor=head, by=None, at=at)
