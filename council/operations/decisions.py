"""Decisions: the council's verdict on a request, and what follows from it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid
from backlog.models import CustomerRequest, StatusUpdate, User
from backlog.operations import events, requests, status_updates
from backlog.rules import bounds, calendars, text_input
from backlog.rules.statuses import Cause
from council.models import AgendaItem, Ballot, Council, Decision, Seat
from council.operations import (
    agenda_items,
    councils,
    evidence_asked,
    predictions,
    seals,
    seats,
)
from council.operations import particulars as particulars_of
from council.queries import ballots as ballot_queries
from council.queries import decisions as decision_queries
from council.queries import snapshots
from council.rules import verdicts
from council.rules.predictions import Expected


class Particulars(TypedDict, total=False):
    """What may be said of a decision beside its verdict and reasons."""

    options: Sequence[str]
    conditions: str
    reason_code: str
    dissent: str
    expected_effect: str
    review_on: date | None
    predictions: Sequence[Expected]
    evidence_from: User | None
    evidence_due_on: date | None


@in_person
@transaction.atomic
def record_decision(
    *,
    council_id: int,
    request_id: int,
    verdict: str,
    rationale: str,
    by: User,
    at: datetime,
    agenda_item_id: int | None = None,
    customer_words: Mapping[str, str] | None = None,
    **particulars: Unpack[Particulars],
) -> Decision:
    """Record a verdict of the council, freeze what it rests on, seal it, and move the request.

    By whom, and whether it takes a ballot, its house rules say. It supersedes the decision on the
    request that stood. The same words and verdict on one item, twice, change nothing.
    `customer_words`, by language, are what customers read of it; the rationale never is.
    """
    [request], council, seat = _convene([request_id], council_id, by)
    item = _lock_item(council, request, agenda_item_id)
    recorded = _decided_so(item, verdict, rationale)
    if recorded is not None:
        return recorded
    _check_recorder(council, by)
    expected = predictions.check_expected(particulars.pop("predictions", ()), at=at)
    decision = Decision(
        council=council,
        request=request,
        agenda_item=item,
        verdict=verdict,
        rationale=rationale,
        seat=seat,
        decided_by=by,
        decided_at=at,
        frozen=snapshots.take(request),
        **particulars,
    )
    _check(decision)
    _carry_out(decision, expected, customer_words)
    return decision


def _convene(
    request_ids: Sequence[int], council_id: int, by: User
) -> tuple[list[CustomerRequest], Council, Seat | None]:
    """The council over the requests, all locked, and the seat of whoever decides there."""
    rows = CustomerRequest.objects.filter(pk__in=request_ids).order_by("pk")
    locked = rows.select_for_update().in_bulk()
    # One chain a council: under its lock, decisions are sealed one after the other.
    council = Council.objects.select_for_update().get(pk=council_id)
    seat = seats.check_place(council, by)
    requests = [locked[pk] for pk in request_ids]
    for request in requests:
        councils.check_product(council, request)
    return requests, council, seat


def _check_recorder(council: Council, by: User) -> None:
    refusal = decision_queries.refusal_beside_ballots(council, by)
    if refusal is not None:
        raise refusal


def _lock_item(
    council: Council, request: CustomerRequest, agenda_item_id: int | None
) -> AgendaItem | None:
    if agenda_item_id is None:
        return None
    item = agenda_items.lock_agenda_item(agenda_item_id)
    if item.meeting.council_id != council.pk or item.request_id != request.pk:
        raise Invalid(
            _("This item is not about %(key)s, or not of “%(council)s”.")
            % {"key": request.key, "council": council},
            field="agenda_item",
            code="about_something_else",
        )
    return item


def _decided_so(item: AgendaItem | None, verdict: str, rationale: str) -> Decision | None:
    """What the item led to, if these very words; refuses where it cannot lead to a decision now."""
    if item is None:
        return None
    recorded = item.decisions.filter(verdict=verdict, rationale=rationale).order_by("pk").first()
    if recorded is not None:
        return recorded
    refusal = decision_queries.refusal_to_decide(item) or decision_queries.refusal_without_ballot(
        item
    )
    if refusal is not None:
        raise refusal
    return None


@in_person
@transaction.atomic
def record_by_ballot(
    *,
    ballot_id: int,
    by: User,
    at: datetime,
    customer_words: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Decision:
    """Record what a ballot decided, in the words that were voted on; nobody types them again.

    `options` are those that were weighed beside the ones that stand in the proposal.

    The dissent is what was said against it, with the names of those who want theirs there. What is
    expected was settled when the ballot opened. Recording it twice changes nothing.

    One that decides on several requests leads to a decision on each; those on its further items
    point to the one on its own, which is returned, and which alone has the figures.
    """
    joined = Ballot.objects.select_related("agenda_item__meeting__council", "agenda_item__request")
    unlocked = joined.get(pk=ballot_id)
    items = [unlocked.agenda_item, *ballot_queries.further_items_of(unlocked)]
    about = [item.request_id for item in items if item.request_id is not None]
    requests, council, seat = _convene(about, unlocked.agenda_item.meeting.council_id, by)
    ballot = joined.select_for_update(of=("self",)).get(pk=ballot_id)
    recorded = Decision.objects.filter(ballot=ballot).order_by("pk").first()
    if recorded is not None:
        return recorded
    refusal = decision_queries.refusal_to_record(ballot, by)
    if refusal is not None:
        raise refusal
    given = {"council": council, "seat": seat, "decided_by": by, "decided_at": at}
    voted = [
        _as_voted(ballot, item, request, [*ballot.options, *options], given)
        for item, request in zip(items, requests, strict=True)
    ]
    _carry_out_together(voted, ballot.expected, customer_words)
    return voted[0]


def _as_voted(
    ballot: Ballot,
    item: AgendaItem,
    request: CustomerRequest,
    options: list[str],
    given: Mapping[str, Any],
) -> Decision:
    return Decision(
        **given,
        ballot=ballot,
        agenda_item=_lock_item(given["council"], request, item.pk),
        request=request,
        frozen=snapshots.take(request),
        options=options,
        verdict=ballot.verdict,
        rationale=ballot.proposal,
        dissent=_dissent_in(ballot),
        conditions=ballot.conditions,
        reason_code=ballot.reason_code,
        expected_effect=ballot.expected_effect,
        review_on=ballot.review_on,
        evidence_from=ballot.evidence_from,
        evidence_due_on=ballot.evidence_due_on,
    )


def _dissent_in(ballot: Ballot) -> str:
    """One line for each that was against it and said why, or wants to be named."""
    said = ballot_queries.dissent_in(ballot.stances.all())
    lines = [": ".join(filter(None, [name, reason.strip()])) for name, reason in said]
    return "\n".join(filter(None, lines))[: bounds.TEXT]


def _check(decision: Decision, *, day_kept: date | None = None) -> None:
    """Raises Invalid for what cannot be kept, or says too little.

    A day of review that it keeps from the one before it may have come.
    """
    for name in ("rationale", "conditions", "dissent", "expected_effect", "what_changed"):
        text_input.storable(getattr(decision, name), field=name)
    decision.options = particulars_of.check_options(decision.options)
    particulars_of.check_reason_code(decision.verdict, decision.reason_code)
    if day_kept is None:
        particulars_of.check_evidence_asked(decision, at=decision.decided_at)
    if not decision.rationale.strip():
        raise Invalid(_("Say why the council decided so."), field="rationale", code="blank")
    if decision.review_on is None:
        if decision.verdict == Decision.Verdict.DEFER:
            raise Invalid(_("Say until when."), field="review_on", code="blank")
    elif decision.review_on != day_kept and decision.review_on <= calendars.day_of(
        decision.decided_at
    ):
        raise Invalid(
            _("The day of the review is yet to come."), field="review_on", code="in_the_past"
        )
    decision.full_clean(exclude={"frozen"}, validate_unique=False, validate_constraints=False)


def _carry_out(
    decision: Decision,
    expected: Sequence[Expected],
    customer_words: Mapping[str, str] | None,
    told: StatusUpdate | None = None,
) -> StatusUpdate | None:
    """All that follows from it: for earlier decisions, for the request and for its customers.

    What they are to hear of it is recorded as one with what they are `told` of others.
    """
    status_before = decision.request.status
    # Where no day was set, it is looked at again once all that is expected can be told.
    due = max((each.due_on for each in expected), default=None)
    decision.next_review_on = decision.review_on or due
    _put_in_effect(decision)
    # Before it is sealed, and with it: from then on nobody can say that they expected otherwise.
    said = decision.ballot
    by, at = (
        (said.opened_by, said.opened_at) if said else (decision.decided_by, decision.decided_at)
    )
    predictions.predict(decision, expected, by=by, at=at)
    _put_on_record(decision)
    evidence_asked.ask(decision, by=decision.decided_by, at=decision.decided_at)
    requests.change_status(
        request_id=decision.request_id,
        status=verdicts.STATUS_AFTER[decision.verdict],
        cause=Cause.DECISION,
        review_on=decision.review_on,
        by=decision.decided_by,
        at=decision.decided_at,
    )
    return _let_customers_know(decision, status_before, customer_words, told)


def _carry_out_together(
    voted: Sequence[Decision],
    expected: Sequence[Expected],
    customer_words: Mapping[str, str] | None,
) -> None:
    """What was taken as one: the first has the figures, and customers hear of all as of one."""
    first, *others = voted
    for decision in voted:
        _check(decision)
    told = _carry_out(first, expected, customer_words)
    for decision in others:
        decision.taken_with = first
        told = _carry_out(decision, (), customer_words, told) or told


def _put_in_effect(decision: Decision) -> None:
    """Save it in the place of the one that stood; the request's lock keeps others away."""
    standing = decision.request.decisions.filter(status__in=verdicts.STANDING).first()
    if standing is not None:
        standing.status = Decision.Status.SUPERSEDED
        standing.save(update_fields=["status"])
        decision.supersedes = standing
    decision.save(force_insert=True)
    item = decision.agenda_item
    if item is not None:
        item.status = AgendaItem.Status.DECIDED
        item.save(update_fields=["status"])
        agenda_items.take_off_what_goes_on(item, by=decision.decided_by, at=decision.decided_at)


def _put_on_record(decision: Decision) -> None:
    """Seal it, and say so on the ledger."""
    seal = seals.seal_decision(decision, by=decision.decided_by, at=decision.decided_at)
    events.record(
        "decision.recorded",
        subject=decision,
        request=decision.request,
        by=decision.decided_by,
        at=decision.decided_at,
        data={
            "council": decision.council_id,
            "verdict": decision.verdict,
            "supersedes": decision.supersedes_id,
            "seal": seal.number,
            "ballot": decision.ballot_id,
        },
    )


@transaction.atomic
def replace_decision(*, standing: Decision, decision: Decision, by: User, at: datetime) -> None:
    """Let it hold in the place of the one that stands. The caller holds the locks of both.

    What nobody has answered of what was expected goes along. The request moves only where another
    verdict was taken; the same one may set another day for what was put off.
    """
    _check(decision, day_kept=standing.review_on)
    decision.decided_by, decision.decided_at = by, at
    _put_in_effect(decision)
    # Nobody has said anew what they expect: it is still theirs who said it, of the day they did.
    for each in standing.predictions.filter(result="").select_related("predicted_by"):
        predictions.predict(decision, [each.expected], by=each.predicted_by, at=each.predicted_at)
    _put_on_record(decision)
    status_before, status = decision.request.status, verdicts.STATUS_AFTER[decision.verdict]
    is_another = decision.verdict != standing.verdict
    sets_day = decision.review_on not in (None, standing.review_on) and status_before == status
    if is_another or sets_day:
        requests.change_status(
            request_id=decision.request_id,
            status=status,
            cause=Cause.DECISION,
            review_on=decision.review_on,
            by=by,
            at=at,
        )
    if is_another:
        _let_customers_know(decision, status_before, None)


def _let_customers_know(
    decision: Decision,
    status_before: str,
    words: Mapping[str, str] | None,
    told: StatusUpdate | None = None,
) -> StatusUpdate | None:
    """A verdict that changes nothing for them is told only if somebody has words for it."""
    status = verdicts.STATUS_AFTER[decision.verdict]
    kind = verdicts.UPDATE_OF.get(decision.verdict)
    if kind is None or (status == status_before and not words):
        return None
    request = CustomerRequest.objects.select_related("product").get(pk=decision.request_id)
    return status_updates.create_update(
        request=request,
        kind=StatusUpdate.Kind(kind),
        words=words,
        recorded_with=told and (told.recorded_with or told),
        by=decision.decided_by,
        at=decision.decided_at,
    )
