"""Reviews: saying what came of what a decision was expected to bring about, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council.models import Council, Decision, Prediction, Review
from council.queries import decisions as decision_queries
from council.queries import reviews as review_queries
from council.rules.calibration import Answer, overall

ANEW = Review.Conclusion.DECIDE_ANEW


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one figure, and what was measured of it, if anything."""

    result: str
    actual: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What somebody says when they look at a decision again.

    `came` is by prediction; `result` is for a decision whose expected effect is in words alone.
    """

    words: str
    conclusion: str
    came: Mapping[int, Came]
    result: str = ""
    next_on: date | None = None


@in_person
@transaction.atomic
def review_decision(*, decision_id: int, findings: Findings, by: User, at: datetime) -> Review:
    """Say what came of a decision that stands; its request and its seal stay as they are.

    A figure whose day has come is answered once, and for good unless that it cannot be told. It
    stands, perhaps until another day, or the council is to decide anew, and finds it among what
    waits for its next agenda. The same said twice by one person is one review.
    """
    decision = _lock(decision_id)
    refusal = review_queries.refusal_to_review(decision, by)
    if refusal is not None:
        raise refusal
    again = _said_already(decision, findings, by)
    if again is not None:
        return again
    _check(decision, findings, at)
    review = Review(
        decision=decision,
        words=text_input.storable(findings.words, field="words"),
        conclusion=findings.conclusion,
        next_on=findings.next_on,
        result=_result_of(decision, findings, at),
        reviewed_by=by,
        reviewed_at=at,
    )
    review.full_clean(validate_constraints=False)
    review.save(force_insert=True)
    _conclude(decision, review)
    _put_on_record(decision, review)
    return review


def _lock(decision_id: int) -> Decision:
    request_id, council_id = Decision.objects.values_list("request", "council").get(pk=decision_id)
    request = CustomerRequest.objects.select_for_update().get(pk=request_id)
    council = Council.objects.select_for_update().get(pk=council_id)
    decision = Decision.objects.get(pk=decision_id)
    decision.request, decision.council = request, council
    return decision


def _said_already(decision: Decision, findings: Findings, by: User) -> Review | None:
    return decision.reviews.filter(
        reviewed_by=by,
        words=findings.words,
        conclusion=findings.conclusion,
        next_on=findings.next_on,
    ).first()


def _check(decision: Decision, findings: Findings, at: datetime) -> None:
    over = decision_queries.refusal_once_over(decision)
    if over is not None:
        raise over
    if not findings.words.strip():
        raise Invalid(_("Say what was learnt."), field="words", code="blank")
    if findings.next_on is None:
        return
    if findings.conclusion == ANEW:
        raise Invalid(
            _("The council decides anew: there is no other day to look at it."),
            field="next_on",
            code="invalid",
        )
    if findings.next_on <= calendars.day_of(at):
        raise Invalid(
            _("The day of the review is yet to come."), field="next_on", code="in_the_past"
        )


def _result_of(decision: Decision, findings: Findings, at: datetime) -> str:
    """Of all that was expected together; the figures keep what came of each."""
    figures = list(decision.predictions.order_by("pk"))
    strange = set(findings.came) - {each.pk for each in figures}
    if strange:
        raise Invalid(
            _("The decision does not expect this."), field="predictions", code="not_expected"
        )
    for each in figures:
        _answer(each, findings.came.get(each.pk), at)
    if figures:
        return str(overall([each.result for each in figures if each.result]) or "")
    if decision.expected_effect and not findings.result:
        raise Invalid(_("Say what came of it."), field="result", code="blank")
    if findings.result and not decision.expected_effect:
        raise Invalid(
            _("Nothing was expected of this decision."), field="result", code="not_expected"
        )
    return findings.result


def _answer(prediction: Prediction, came: Came | None, at: datetime) -> None:
    if prediction.result not in ("", Answer.UNKNOWN):
        if came is not None and came.result != prediction.result:
            raise Invalid(
                _("“%(figure)s” was answered already: %(result)s.")
                % {"figure": prediction, "result": prediction.get_result_display()},
                field="predictions",
                code="answered",
            )
        return
    if came is None or not came.result:
        if prediction.due_on <= calendars.day_of(at) and not prediction.result:
            raise Invalid(
                _("Say what came of “%(figure)s”.") % {"figure": prediction},
                field="predictions",
                code="blank",
            )
        return
    prediction.result, prediction.actual = came.result, came.actual
    prediction.full_clean(validate_unique=False, validate_constraints=False)
    prediction.save(update_fields=["result", "actual"])


def _conclude(decision: Decision, review: Review) -> None:
    """What the council decides anew stays due until it has."""
    if review.conclusion == ANEW:
        decision.status = Decision.Status.REVIEW_DUE
        decision.next_review_on = calendars.day_of(review.reviewed_at)
    else:
        decision.status = Decision.Status.REAFFIRMED
        decision.next_review_on = review.next_on or _last_day_to_come(decision)
    decision.save(update_fields=["status", "next_review_on"])


def _put_on_record(decision: Decision, review: Review) -> None:
    events.record(
        "decision.reviewed",
        subject=decision,
        request=decision.request,
        by=review.reviewed_by,
        at=review.reviewed_at,
        data={
            "council": decision.council_id,
            "review": review.pk,
            "result": review.result,
            "conclusion": review.conclusion,
        },
    )


def _last_day_to_come(decision: Decision) -> date | None:
    """By when all of what nobody could answer yet can be."""
    days: dict[str, date | None] = decision.predictions.filter(result="").aggregate(
        last=Max("due_on")
    )
    return days["last"]
