"""Thirty-seven ways of tampering with the database, and what `verify_ledger` says of each.

The operator guide lists them under the same names, with what cannot be found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.db.models import F

from backlog.models import Announcement, Event, Evidence, Feedback, Outcome, User
from council.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    Council,
    Decision,
    LedgerSeal,
    Letter,
    Meeting,
    Minutes,
    MinutesApproval,
    Prediction,
    Recusal,
    Seal,
    Stance,
)
from council.operations import (
    attendances,
    ballots,
    decisions,
    ledger_seals,
    meetings,
    minutes,
    recusals,
)
from council.operations.ballots import Proposal
from council.queries import ledger_seals as queries
from council.queries import seals as seal_queries
from council.rules import ledger as rules
from council.rules import seals as seal_rules
from council.rules.anchors import Anchor
from council.rules.predictions import Expected
from tests.council.operations.sitting import after, approve
from tests.council.operations.voting import say
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
LATER = after(90)
GUIDE = Path(settings.BASE_DIR) / "docs" / "operator-guide.md"
FIGURE = Expected("returns a week", Decimal(40), Decimal(25), NOON.date() + timedelta(60), 70)
BUILD = Proposal(
    "Build it: many asked.", "approve", expected_effect="Fewer calls.", predictions=(FIGURE,)
)


@dataclass(frozen=True)
class World:
    """A meeting that decided by a vote, its minutes, an outcome, and the ledger of it all."""

    council: Council
    ballot: Ballot
    decision: Decision
    minutes: Minutes
    outcome: Outcome
    events: list[Event]

    def damage(self, *anchors: Anchor) -> set[str]:
        """What `verify_ledger` says, of the council's chain and of the ledger's."""
        found = (seal_queries.find_break(self.council), queries.find_break(anchors))
        return {str(each.damage) for each in found if each is not None}


def seal(at: Any = NOON) -> int:
    return ledger_seals.seal_ledger(by=None, at=at)


@pytest.fixture
def evidence(item: AgendaItem) -> Evidence:
    return backlog.EvidenceFactory.create(request=item.request)


@pytest.fixture
def voted(
    evidence: Evidence, meeting: Meeting, item: AgendaItem, members: list[User], sora: User
) -> Ballot:
    """Two said yes and one said no; a fourth stepped aside."""
    seat = make.SeatTermFactory.create(seat__council=meeting.council)
    attendances.attend(meeting_id=meeting.pk, by=seat.user, at=NOON)
    recusals.step_aside(agenda_item_id=item.pk, reason="I sell it.", by=seat.user, at=NOON)
    ballot = ballots.open_ballot(agenda_item_id=item.pk, proposal=BUILD, by=sora, at=NOON)
    for user, answer in zip(members, ("yes", "yes", "no"), strict=True):
        say(ballot, user, answer, reason="Too dear." if answer == "no" else "")
    ballots.close_ballot(ballot_id=ballot.pk, by=sora, at=after(10))
    decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=after(11))
    meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=after(60))
    minutes.propose_minutes(meeting_id=meeting.pk, by=sora, at=after(61))
    ballot.refresh_from_db()
    return ballot


@pytest.fixture
def world(voted: Ballot, council: Council, members: list[User], mina: User) -> World:
    made = [
        backlog.EventFactory.create(
            kind="request.moved", reason=f"Reason {n}.", actor=mina, data={"after": n + 1}, at=NOON
        )
        for n in range(5)
    ]
    approved = approve(voted.agenda_item.meeting, *members[:3])
    seal()
    outcome = backlog.OutcomeFactory.create(summary="Paid in a day.")
    about = {"subject_type": "outcome", "subject_id": outcome.pk, "reason": ""}
    made.append(backlog.EventFactory.create(kind="outcome.recorded", at=LATER, **about))
    seal(LATER)
    decision = Decision.objects.get(ballot=voted)
    whole = World(council, voted, decision, approved, outcome, made)
    assert approved.is_final
    assert whole.damage() == set()
    return whole


@pytest.fixture
def mailed(world: World) -> Anchor:
    """What stands in a mail that left when all was sealed; the letters here know it no more."""
    head = queries.head()
    assert head is not None
    Letter.objects.update(anchor_number=None, anchor_digest="")
    return Anchor(head.number, head.digest)


def rebuild() -> LedgerSeal | None:
    """As somebody does who knows the code: the whole chain anew, from what is there now."""
    LedgerSeal.objects.all().delete()
    while seal():
        pass
    return queries.head()


def _raw(rows: "models.QuerySet[Any]") -> None:
    """As by SQL: nothing that the code would do beside, and no protection."""
    rows._raw_delete(rows.db)


def _event(**facts: Any) -> Callable[[World], object]:
    return lambda world: Event.objects.filter(pk=world.events[1].pk).update(**facts)


def _forge_link(world: World) -> None:
    changed = world.events[1]
    Event.objects.filter(pk=changed.pk).update(reason="Other.")
    changed.refresh_from_db()
    first = LedgerSeal.objects.get(number=1)
    what = rules.name(rules.EVENT, changed.pk)
    entries = [
        [each, salt, rules.digest(salt, queries.event_content(changed)) if each == what else it]
        for each, salt, it in first.entries
    ]
    LedgerSeal.objects.filter(number=1).update(entries=entries, digest=rules.link("", 1, entries))


def _pretend_erasure(world: World) -> None:
    Event.objects.filter(pk=world.events[1].pk).update(reason="")
    first = LedgerSeal.objects.get(number=1)
    what = rules.name(rules.EVENT, world.events[1].pk)
    first.entries = [[each, "" if each == what else salt, it] for each, salt, it in first.entries]
    first.save()


def _forge_decision(world: World) -> None:
    """The words, and the link of the council's chain made to fit them."""
    world.decision.rationale = "Nobody asked."
    world.decision.save()
    through = seal_queries.through_of(world.decision)
    link = Seal.objects.get(subject_type="decision")
    content = seal_queries.content_of(world.decision, through)
    digest = seal_rules.link(link.previous, content)
    Seal.objects.filter(pk=link.pk).update(content=content, digest=digest)


def _cut_council(world: World) -> None:
    """The minutes, their link and the event that says so: the chain that is left holds."""
    Seal.objects.filter(subject_type="minutes").delete()
    Minutes.objects.update(status="review", number=None, approved_at=None, approved_how="")
    Event.objects.filter(kind="minutes.approved").delete()


def _delete_outcome(world: World) -> None:
    _raw(Announcement.objects.filter(outcome=world.outcome))
    _raw(Outcome.objects.all())


def _of(rows: Callable[[], "models.QuerySet[Any]"], **facts: Any) -> Callable[[World], object]:
    return lambda world: rows().update(**facts)


def _decision(**facts: Any) -> Callable[[World], object]:
    return _of(Decision.objects.all, **facts)


NO = {"answer": "no"}
FOUND: dict[str, tuple[Callable[[World], object], str]] = {
    "an event is deleted": (lambda it: it.events[1].delete(), "gone"),
    "the last sealed event is deleted": (lambda it: it.events[-1].delete(), "gone"),
    "an event is put in among old ones": (
        lambda it: backlog.EventFactory.create(pk=-5, kind="request.opened", at=NOON),
        "put_in",
    ),
    "the reason of an event is changed": (_event(reason="Other."), "changed"),
    "the reason of an event is emptied": (_event(reason=""), "changed"),
    "the actor of an event is changed": (_event(actor=None), "changed"),
    "the kind of an event is changed": (_event(kind="request.opened"), "changed"),
    "an event is dated back": (_event(at=NOON - timedelta(days=1)), "changed"),
    "the data of an event are changed": (_event(data={"after": 99}), "changed"),
    "the request of an event is changed": (_event(request=None), "changed"),
    "the subject of an event is changed": (_event(subject_id=F("subject_id") + 1), "changed"),
    "an event is said to have come another way": (_event(process="other"), "changed"),
    "the words of an outcome are changed": (
        _of(Outcome.objects.all, summary="Paid in a week."),
        "changed",
    ),
    "the result of an outcome is changed": (_of(Outcome.objects.all, result="partly"), "changed"),
    "an outcome is deleted": (_delete_outcome, "gone"),
    "a link of the ledger is deleted": (
        lambda it: LedgerSeal.objects.filter(number=1).delete(),
        "missing",
    ),
    "a link of the ledger is emptied": (
        lambda it: LedgerSeal.objects.filter(number=1).update(entries=[]),
        "rewritten",
    ),
    "a link of the ledger is made anew": (_forge_link, "unchained"),
    "words are emptied as if somebody had been forgotten": (_pretend_erasure, "changed"),
    "the verdict of a decision is changed": (_decision(verdict="pilot"), "subject_changed"),
    "the rationale of a decision is changed": (
        _decision(rationale="Nobody asked."),
        "subject_changed",
    ),
    "a decision is dated back": (_decision(decided_at=NOON), "subject_changed"),
    "the scores that a decision rests on are changed": (
        _decision(frozen={"scores": {}, "explanation": [], "evidence": []}),
        "subject_changed",
    ),
    "a decision is put in without a seal": (
        lambda it: make.DecisionFactory.create(council=it.council),
        "unsealed",
    ),
    "a figure that was expected is changed": (
        _of(Prediction.objects.all, target=Decimal(39)),
        "prediction_changed",
    ),
    "customers’ words that a decision rests on are changed": (
        _of(Feedback.objects.all, verbatim="All is well."),
        "words_changed",
    ),
    "the result of a ballot is changed": (
        _of(Ballot.objects.all, result="not_carried"),
        "ballot_changed",
    ),
    "who could vote is changed": (
        _of(Ballot.objects.all, electorate={"entitled": [], "present": []}),
        "ballot_changed",
    ),
    "an answer is changed": (
        _of(lambda: Stance.objects.filter(**NO), answer="yes"),
        "ballot_changed",
    ),
    "an answer is taken out, or put in": (
        lambda it: _raw(Stance.objects.filter(**NO)),
        "ballot_changed",
    ),
    "stepping aside is taken out": (lambda it: _raw(Recusal.objects.all()), "ballot_changed"),
    "the words of approved minutes are changed": (
        lambda it: Minutes.objects.update(content={**it.minutes.content, "title": "Other"}),
        "minutes_changed",
    ),
    "one who approved minutes is taken off": (
        lambda it: MinutesApproval.objects.order_by("pk")[:1].get().delete(),
        "minutes_changed",
    ),
    "a link of a council’s chain is made anew": (_forge_decision, "unchained"),
    "the end of a council’s chain is cut off, its events and all": (_cut_council, "gone"),
}
FOUND_BY_A_COPY: dict[str, Callable[[World], object]] = {
    "the end of the ledger is cut off, links and all": lambda it: (
        LedgerSeal.objects.filter(number=2).delete(),
        it.events[-1].delete(),
    ),
    "the whole ledger is sealed anew after a change": lambda it: (
        Event.objects.filter(pk=it.events[1].pk).update(reason="Other."),
        rebuild(),
    ),
}
NOT_FOUND: dict[str, Callable[[World], object]] = {
    "an event is added at the end, as if it had just happened": lambda it: (
        backlog.EventFactory.create(kind="request.opened", at=LATER)
    ),
    "an event is changed before it is sealed": lambda it: (
        backlog.EventFactory.create(kind="request.moved", reason="So.", at=LATER),
        Event.objects.filter(reason="So.").update(reason="Other."),
        seal(after(100)),
    ),
    "words are emptied together with an event that says so": lambda it: (
        Event.objects.filter(pk=it.events[1].pk).update(reason=""),
        backlog.EventFactory.create(
            kind=queries.REDACTED,
            request=None,
            subject_type="event",
            subject_id=it.events[1].pk,
            at=LATER,
        ),
    ),
    "texts that are not sealed are changed: titles, notes, evidence of action items": lambda it: (
        AgendaItem.objects.update(title="Other", note="Other."),
        ActionItem.objects.update(title="Other"),
    ),
}


def test_there_are_thirty_seven() -> None:
    assert len({*FOUND, *FOUND_BY_A_COPY}) == 37


@pytest.mark.parametrize("what", FOUND)
def test_is_found(what: str, world: World) -> None:
    change, damage = FOUND[what]
    change(world)

    assert damage in world.damage()


@pytest.mark.parametrize("what", FOUND)
def test_is_found_with_a_mailed_copy_too(what: str, world: World, mailed: Anchor) -> None:
    FOUND[what][0](world)

    assert world.damage(mailed)


@pytest.mark.parametrize("what", FOUND_BY_A_COPY)
def test_is_found_by_a_mailed_copy_alone(what: str, world: World, mailed: Anchor) -> None:
    FOUND_BY_A_COPY[what](world)

    assert world.damage() == set()
    assert world.damage(mailed) <= {"another", "cut"}
    assert world.damage(mailed)


@pytest.mark.parametrize("what", NOT_FOUND)
def test_is_not_found_and_said_not_to_be(what: str, world: World, mailed: Anchor) -> None:
    NOT_FOUND[what](world)

    assert world.damage(mailed) == set()


def test_the_guide_lists_all_of_them() -> None:
    told = GUIDE.read_text(encoding="utf-8").lower()

    assert [each for each in (*FOUND, *FOUND_BY_A_COPY, *NOT_FOUND) if each not in told] == []


def test_what_was_sealed_anew_after_the_last_copy_is_not_found(
    world: World, mailed: Anchor
) -> None:
    """A copy knows what was before it; of what came later, only a later one."""
    late = backlog.EventFactory.create(kind="request.moved", reason="So.", at=LATER)
    seal(after(100))
    LedgerSeal.objects.filter(number=3).delete()
    Event.objects.filter(pk=late.pk).update(reason="Other.")
    seal(after(100))

    assert world.damage(mailed) == set()
