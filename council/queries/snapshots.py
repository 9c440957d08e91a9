"""What was known of a request at one moment, as a decision freezes it: figures, ids and digests."""

from typing import Any

from backlog.models import CustomerRequest, Evidence
from backlog.queries import score_explanations
from backlog.statistics.interval import Interval
from council.rules import seals

AXES = ("impact", "feasibility", "priority")


def take(request: CustomerRequest) -> dict[str, Any]:
    """The scores and what spoke for the request, without words and names; under its lock."""
    return {
        "scores": _scores(request),
        "explanation": _explanation(request),
        "evidence": _evidence(request),
    }


def _scores(request: CustomerRequest) -> dict[str, Any]:
    figures: dict[str, Any] = {
        axis: {
            "low": getattr(request, f"{axis}_low"),
            "middle": getattr(request, axis),
            "high": getattr(request, f"{axis}_high"),
        }
        for axis in AXES
    }
    return figures | {
        "contested": request.contested,
        "model": request.scored_with_id,
        "scored_at": request.scored_at.isoformat() if request.scored_at else None,
    }


def _explanation(request: CustomerRequest) -> list[dict[str, Any]]:
    """Criterion by criterion, who said what: bounds by the department's id."""
    explained = score_explanations.explain(request)
    return [
        {
            "criterion": part.criterion.key,
            "axis": str(part.criterion.axis),
            "share": part.share,
            "points": part.points,
            "contested": part.contested,
            "voices": {str(pk): _bounds(voice) for pk, voice in part.voices.items()},
            "missing": list(part.missing),
        }
        for part in (explained.parts if explained else ())
    ]


def _bounds(value: Interval) -> dict[str, float | None]:
    return {"low": value.low, "middle": value.middle, "high": value.high}


def _evidence(request: CustomerRequest) -> list[dict[str, Any]]:
    live = Evidence.objects.live().filter(counts_for=request).without_repeats()
    live = live.select_related("feedback__customer")
    return [
        {
            "id": evidence.pk,
            "feedback": evidence.feedback_id,
            "start": evidence.start,
            "end": evidence.end,
            "importance": evidence.importance,
            "customer": evidence.feedback.customer.token if evidence.feedback.customer else None,
            "account": evidence.feedback.account_id,
            "digest": _digest(evidence),
        }
        for evidence in live.defer("feedback__raw", "feedback__payload").order_by("pk")
    ]


def _digest(evidence: Evidence) -> str | None:
    """None where the words were erased before."""
    if evidence.feedback.erased_at is not None:
        return None
    return seals.digest_of_words(evidence.feedback.salt, evidence.excerpt)
