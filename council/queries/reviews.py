"""Which decisions are to be looked at again, by whom, and what was measured of them since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backlog.errors import Refusal
from backlog.models import Measurement, User
from backlog.queries import measurement_texts
from backlog.rules import calendars
from council import errors
from council.models import Council, Decision, Prediction
from council.queries import seats
from council.rules.calibration import Calibration, calibrate
from council.rules.verdicts import STANDING

SHOWN: Final = 2
"""So many wait on Home at a time: answered, the next follow, and other work has its room."""


def refusal_to_review(decision: Decision, user: User) -> Refusal | None:
    """Why somebody cannot say what came of it: the council can, and who owns the request."""
    council = decision.council
    if user.pk == decision.request.owner_id or seats.has_place(council, user):
        return None
    return errors.NotSeated(
        _("%(user)s has no seat in “%(council)s”, and does not own %(key)s.")
        % {"user": user, "council": council, "key": decision.request.key}
    )


def may_review(decision: Decision, user: User) -> bool:
    return (
        decision.status in STANDING
        and user.has_perm("council.review_decision")
        and refusal_to_review(decision, user) is None
    )


def waiting_for(user: User, *, at: datetime) -> QuerySet[Decision]:
    """Whose day has come, for the chair, the secretary and the owner of the request.

    What is to be decided anew waits for an agenda, and for nobody's answer.
    """
    if not user.has_perm("council.review_decision"):
        return Decision.objects.none()
    theirs = Q(council__chair=user) | Q(council__secretary=user) | Q(request__owner=user)
    rows = Decision.objects.visible_to(user).filter(
        theirs,
        status__in=[status for status in STANDING if status != "review_due"],
        next_review_on__lte=calendars.day_of(at),
    )
    rows = rows.select_related("request").defer("frozen", "options", "search_text")
    return rows.order_by("next_review_on", "pk")[:SHOWN]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of an outcome of the request since the decision, as a sentence."""

    sentence: str
    samples: str
    day: date
    after: float


def measured_since(decision: Decision, user: User) -> list[Measured]:
    """The latest of each outcome, the newest first."""
    seen = Measurement.objects.visible_to(user).filter(
        outcome__commitment__request=decision.request_id, measured_at__gte=decision.decided_at
    )
    latest: dict[int, Measurement] = {}
    for each in seen.select_related("outcome__commitment").order_by("-measured_at", "-pk"):
        latest.setdefault(each.outcome_id, each)
    return [
        Measured(
            measurement_texts.sentence(each, measure=each.outcome.commitment.measure),
            measurement_texts.samples(each),
            calendars.day_of(each.measured_at),
            each.after,
        )
        for each in latest.values()
    ]


def calibration_of(council: Council, user: User) -> Calibration:
    """Of the decisions that the person may see."""
    rows = _answered(council, user).values_list("probability", "result")
    return calibrate(rows)


def latest_answered(council: Council, user: User) -> Sequence[Prediction]:
    """What was expected and answered, the latest first; some."""
    rows = _answered(council, user).select_related("decision__request")
    rows = rows.defer("decision__frozen", "decision__options", "decision__search_text")
    return list(rows.order_by("-due_on", "-pk")[:50])


def _answered(council: Council, user: User) -> "QuerySet[Prediction]":
    seen = Prediction.objects.visible_to(user)
    return seen.filter(decision__council=council).exclude(result="")
