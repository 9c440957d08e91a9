"""Asking for evidence: from whom, by when, as something owed that comes back on the agenda."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, User
from council.models import ActionItem, AgendaItem, Ballot, Council, Decision, Meeting
from council.operations import (
    action_items,
    ballots,
    decisions,
    meetings,
    standing_decisions,
)
from council.operations.ballots import Proposal
from council.queries import agenda_candidates, seals
from council.rules.agenda_reasons import Code
from tests.council.operations.voting import LATER, close, say
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
IN_A_WEEK: date = (NOON + timedelta(days=7)).date()


@pytest.fixture
def ask(members: list[User]) -> Proposal:
    return Proposal(
        "Find out how many lose points.",
        "ask_for_evidence",
        evidence_from=members[0],
        evidence_due_on=IN_A_WEEK,
    )


@pytest.fixture
def asked(put: Callable[..., Ballot], ask: Proposal, members: list[User], sora: User) -> Decision:
    ballot = put(ask)
    for user in members:
        say(ballot, user, "yes")
    close(ballot, sora)
    return decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)


def test_becomes_something_owed_by_that_person(
    asked: Decision, members: list[User], pay_faster: CustomerRequest, item: AgendaItem
) -> None:
    action = ActionItem.objects.get()

    assert (action.owner, action.due_on) == (members[0], IN_A_WEEK)
    assert (action.request, action.agenda_item) == (pay_faster, item)
    assert action.decision == asked
    assert pay_faster.key in action.title


def test_is_sealed_with_the_vote_and_the_decision(asked: Decision, council: Council) -> None:
    assert seals.find_break(council) is None
    Decision.objects.filter(pk=asked.pk).update(evidence_due_on=IN_A_WEEK + timedelta(days=1))

    found = seals.find_break(council)

    assert found is not None
    assert found.damage == seals.Damage.SUBJECT_CHANGED


def test_its_request_comes_back_once_the_evidence_is_there(
    asked: Decision, members: list[User], meeting: Meeting, sora: User, pay_faster: CustomerRequest
) -> None:
    meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=LATER)
    coming = make.MeetingFactory.create(
        council=meeting.council, starts_at=NOON + timedelta(days=14)
    )

    def reasons() -> set[Code]:
        found = agenda_candidates.waiting_for(coming, user=None, at=LATER)
        return {each.code for row in found if row.request == pay_faster for each in row.reasons}

    assert Code.EVIDENCE not in reasons()
    action_items.claim_done(
        action_id=ActionItem.objects.get().pk, evidence="4,000 a month.", by=members[0], at=LATER
    )

    assert Code.EVIDENCE in reasons()


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"verdict": "approve"}, "evidence_from", "invalid"),
        ({"evidence_from": None}, "evidence_from", "blank"),
        ({"evidence_due_on": None}, "evidence_due_on", "blank"),
        ({"evidence_due_on": (NOON - timedelta(days=2)).date()}, "evidence_due_on", "in_the_past"),
    ],
)
def test_says_from_whom_and_by_when_and_nothing_else(
    put: Callable[..., Ballot],
    ask: Proposal,
    changes: dict[str, object],
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        put(replace(ask, **changes))  # type: ignore[arg-type]

    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Ballot.objects.exists()


def test_asked_of_somebody_else_is_another_proposal(
    put: Callable[..., Ballot], ask: Proposal, members: list[User], sora: User
) -> None:
    first = put(ask)
    other = replace(ask, evidence_from=members[1])

    again = ballots.amend_ballot(ballot_id=first.pk, proposal=other, by=sora, at=NOON)

    assert again != first
    assert again.evidence_from == members[1]


def test_asks_without_a_vote_as_well(
    council: Council, pay_faster: CustomerRequest, members: list[User], sora: User
) -> None:
    decision = decisions.record_decision(
        council_id=council.pk,
        request_id=pay_faster.pk,
        verdict="ask_for_evidence",
        rationale="Who pays twice?",
        evidence_from=members[1],
        evidence_due_on=IN_A_WEEK,
        by=sora,
        at=NOON,
    )

    assert decision.evidence_asked.owner == members[1]
    corrected = standing_decisions.correct_decision(
        decision_id=decision.pk,
        what_changed="It was approved.",
        verdict="approve",
        by=sora,
        at=LATER,
    )
    assert corrected.evidence_from is None
