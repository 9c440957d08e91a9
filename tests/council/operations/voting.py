"""What tests of votes have in common."""

from datetime import datetime, timedelta
from typing import Any

from backlog.models import User
from council.models import Ballot, Council
from council.operations import ballots, councils, stances
from council.operations.ballots import Proposal
from tests.factories import NOON

LATER = NOON + timedelta(minutes=30)
BUILD = Proposal("Build it: many asked.", "approve", expected_effect="Fewer calls.")
SMALLER = Proposal("Build the half of it: many asked.", "pilot")


def say(ballot: Ballot, user: User, answer: str, **facts: Any) -> None:
    at: datetime = facts.pop("at", NOON)
    stances.take_stance(ballot_id=ballot.pk, answer=answer, by=user, at=at, **facts)


def close(ballot: Ballot, by: User) -> str:
    return str(ballots.close_ballot(ballot_id=ballot.pk, by=by, at=LATER).result)


def by_consent(council: Council) -> None:
    councils.edit_council(council_id=council.pk, mode="consent", by=None, at=NOON)
