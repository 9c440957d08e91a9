"""Decisions that stand: amending, correcting, superseding and retiring them.

None of them is edited. What holds from then on is another decision that points to it, sealed as
every decision is; retiring one only says that it does not stand any more.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, Refusal
from backlog.models import CustomerRequest, Event, User
from backlog.operations import events
from backlog.rules import text_input
from council.models import Council, Decision
from council.operations import decisions, particulars
from council.operations.decisions import Particulars
from council.queries import decisions as decision_queries
from council.queries import seats as seat_queries

KEPT: Final = ("dissent", "expected_effect", "frozen", "next_review_on", "taken_with_id")
STATUS_OF: Final = {
    Decision.Act.AMENDMENT: Decision.Status.AMENDED,
    Decision.Act.CORRECTION: Decision.Status.IN_EFFECT,
}
AMENDED: Final = ("verdict", "rationale", "options", "conditions", "reason_code", "review_on")


class Amendments(TypedDict, total=False):
    """What is to hold instead; what is not said stays. What was expected cannot be amended."""

    rationale: str
    options: Sequence[str]
    conditions: str
    reason_code: str
    review_on: date | None


class Corrections(Amendments, total=False):
    """A correction may also say that another verdict was taken than was written down."""

    verdict: str


@in_person
@transaction.atomic
def amend_decision(
    *,
    decision_id: int,
    what_changed: str,
    by: User,
    at: datetime,
    **amendments: Unpack[Amendments],
) -> Decision:
    """Let other words hold for the same verdict, from now on, as another decision.

    Who may, the house rules say, as of every decision; what was voted on takes another vote. Its
    figures that nobody answered go along. The same amendment twice by one person is one.
    """
    decision = _lock(decision_id)
    again = _said_already(decision, Decision.Act.AMENDMENT, what_changed, by)
    if again is not None:
        return again
    _raise(decision_queries.refusal_to_amend(decision, by))
    return _replace(decision, Decision.Act.AMENDMENT, what_changed, {**amendments}, by=by, at=at)


@in_person
@transaction.atomic
def correct_decision(
    *,
    decision_id: int,
    what_changed: str,
    by: User,
    at: datetime,
    **corrections: Unpack[Corrections],
) -> Decision:
    """Put right what was written down wrongly, without a seat; it says that it is a correction.

    Where another verdict was taken than was written down, the request moves. What the council
    voted on is not corrected.
    """
    decision = _lock(decision_id)
    again = _said_already(decision, Decision.Act.CORRECTION, what_changed, by)
    if again is not None:
        return again
    _raise(decision_queries.refusal_to_correct(decision))
    return _replace(decision, Decision.Act.CORRECTION, what_changed, {**corrections}, by=by, at=at)


@in_person
@transaction.atomic
def supersede_decision(
    *,
    decision_id: int,
    verdict: str,
    rationale: str,
    by: User,
    at: datetime,
    **particulars: Unpack[Particulars],
) -> Decision:
    """Record another verdict of the same council in its place, as long as it stands."""
    decision = _lock(decision_id)
    said = Decision.objects.filter(supersedes=decision, verdict=verdict, rationale=rationale)
    again = said.filter(decided_by=by).first()
    if again is not None:
        return again
    _raise(decision_queries.refusal_to_supersede(decision, by))
    return decisions.record_decision(
        council_id=decision.council_id,
        request_id=decision.request_id,
        verdict=verdict,
        rationale=rationale,
        by=by,
        at=at,
        **particulars,
    )


@in_person
@transaction.atomic
def retire_decision(*, decision_id: int, reason: str, by: User, at: datetime) -> Decision:
    """Say that it does not stand any more, and that nothing takes its place.

    Its request stays where it is, and its customers hear nothing. Retiring it twice changes
    nothing.
    """
    decision = _lock(decision_id)
    if decision.status == Decision.Status.RETIRED:
        return decision
    _raise(decision_queries.refusal_to_retire(decision, by))
    decision.status, decision.next_review_on = Decision.Status.RETIRED, None
    decision.save(update_fields=["status", "next_review_on"])
    events.record(
        "decision.retired",
        subject=decision,
        request=decision.request,
        by=by,
        at=at,
        reason=_reason(reason),
        data={"council": decision.council_id},
    )
    return decision


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Say why it does not stand any more."), field="reason", code="blank")
    return text_input.fitting(reason, Event, "reason")


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal


def _lock(decision_id: int) -> Decision:
    request_id, council_id = Decision.objects.values_list("request", "council").get(pk=decision_id)
    request = CustomerRequest.objects.select_for_update().get(pk=request_id)
    council = Council.objects.select_for_update().get(pk=council_id)
    decision = Decision.objects.get(pk=decision_id)
    decision.request, decision.council = request, council
    return decision


def _said_already(decision: Decision, act: str, what_changed: str, by: User) -> Decision | None:
    said = Decision.objects.filter(supersedes=decision, act=act, what_changed=what_changed)
    return said.filter(decided_by=by).first()


def _replace(
    old: Decision,
    act: Decision.Act,
    what_changed: str,
    given: dict[str, object],
    *,
    by: User,
    at: datetime,
) -> Decision:
    new = Decision(
        council=old.council,
        request=old.request,
        act=act,
        status=STATUS_OF[act],
        what_changed=what_changed,
        seat=seat_queries.seat_of(old.council, by),
        decided_by=by,
        decided_at=at,
        **{name: getattr(old, name) for name in (*KEPT, *AMENDED)} | given,
    )
    if new.verdict == old.verdict:
        new.evidence_from, new.evidence_due_on = old.evidence_from, old.evidence_due_on
    if not new.what_changed.strip():
        raise Invalid(_("Say what changed, and why."), field="what_changed", code="blank")
    if new.review_on != old.review_on:
        new.next_review_on = new.review_on
    new.options = particulars.check_options(new.options)
    if all(getattr(new, name) == getattr(old, name) for name in AMENDED):
        raise Invalid(_("Nothing was changed."), field="what_changed", code="unchanged")
    decisions.replace_decision(standing=old, decision=new, by=by, at=at)
    return new
