"""The council's chain: sealing what was decided, and finding where it was broken."""

from datetime import datetime

from backlog.auth import origins
from backlog.models import User
from council.models import Decision, Seal
from council.queries import seals as seal_queries
from council.queries.seals import DECISION, THROUGH
from council.rules import seals as rules


def seal_decision(decision: Decision, *, by: User | None, at: datetime) -> Seal:
    """Append the decision to its council's chain. The caller holds the council's lock."""
    last = decision.council.seals.order_by("-number").first()
    previous, number = (last.digest, last.number + 1) if last else ("", 1)
    origin = origins.current().columns()
    content = seal_queries.content_of(decision, {name: origin[name] for name in THROUGH})
    return Seal.objects.create(
        council=decision.council,
        number=number,
        subject_type=DECISION,
        subject_id=decision.pk,
        content=content,
        previous=previous,
        digest=rules.link(previous, content),
        sealed_at=at,
    )
