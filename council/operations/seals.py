"""The council's chain: sealing what was voted and decided."""

from datetime import datetime
from typing import Any

from backlog.auth import origins
from backlog.models import User
from council.models import Ballot, Council, Decision, Minutes, Seal
from council.queries import ballots as ballot_queries
from council.queries import minutes as minutes_queries
from council.queries import seals as seal_queries
from council.queries.seals import BALLOT, DECISION, MINUTES, THROUGH
from council.rules import seals as rules


def seal_decision(decision: Decision, *, by: User | None, at: datetime) -> Seal:
    """Append the decision to its council's chain. The caller holds the council's lock."""
    content = seal_queries.content_of(decision, _through())
    return _append(decision.council, DECISION, decision.pk, content, by=by, at=at)


def seal_ballot(ballot: Ballot, council: Council, *, by: User | None, at: datetime) -> Seal:
    """The same for a ballot that was counted."""
    content = ballot_queries.content_of(ballot, _through())
    return _append(council, BALLOT, ballot.pk, content, by=by, at=at)


def seal_minutes(minutes: Minutes, *, by: User | None, at: datetime) -> Seal:
    """The same for minutes that were approved."""
    content = minutes_queries.sealed_content(minutes, _through())
    return _append(minutes.council, MINUTES, minutes.pk, content, by=by, at=at)


def _through() -> dict[str, str]:
    origin = origins.current().columns()
    return {name: origin[name] for name in THROUGH}


def _append(
    council: Council,
    subject_type: str,
    subject_id: int,
    content: dict[str, Any],
    *,
    by: User | None,
    at: datetime,
) -> Seal:
    last = council.seals.order_by("-number").first()
    previous, number = (last.digest, last.number + 1) if last else ("", 1)
    return Seal.objects.create(
        council=council,
        number=number,
        subject_type=subject_type,
        subject_id=subject_id,
        content=content,
        previous=previous,
        digest=rules.link(previous, content),
        sealed_at=at,
    )
