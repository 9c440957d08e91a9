"""What a council decides, where it may name somebody; by deciding, since decisions are sealed."""

from backlog.models import CustomerRequest, User
from council.models import Council
from council.operations import ballots, decisions, standing_decisions
from council.rules.predictions import Expected
from tests.factories import NOON, council


def decide(
    body: Council, request: CustomerRequest, by: User, *, words: str, expected: Expected
) -> None:
    """A decision with the figures that were expected, a review of it, and its amendment."""
    _vote(body, request, by, words, expected)
    decision = decisions.record_decision(
        council_id=body.pk,
        request_id=request.pk,
        verdict="approve",
        rationale=words,
        options=[words, "wait"],
        dissent=words,
        expected_effect=words,
        predictions=[expected],
        by=by,
        at=NOON,
    )
    council.ReviewFactory.create(decision=decision, words=words)
    standing_decisions.amend_decision(
        decision_id=decision.pk,
        what_changed=words,
        conditions=words,
        by=by,
        at=NOON,
    )


def _vote(
    body: Council, request: CustomerRequest, by: User, words: str, expected: Expected
) -> None:
    """A ballot that was closed, and is sealed in the council's chain."""
    meeting = council.MeetingFactory.create(council=body, status="in_session", opened_at=NOON)
    ballot = council.BallotFactory.create(
        agenda_item__meeting=meeting,
        agenda_item__request=request,
        proposal=words,
        options=[words],
        conditions=words,
        expected_effect=words,
        predictions=[expected.as_json()],
    )
    council.StanceFactory.create(ballot=ballot, seat__council=body, answer="no", reason=words)
    council.RecusalFactory.create(agenda_item=ballot.agenda_item, seat__council=body, reason=words)
    ballots.close_ballot(ballot_id=ballot.pk, by=by, at=NOON)
