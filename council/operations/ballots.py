"""Ballots: putting a proposal to the vote, in other words if need be, and counting it.

All that changes a ballot locks its request, its council and its meeting first, and the ballot last:
under its lock nobody answers while it is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.db.isolation import isolated
from backlog.errors import Invalid, ReasonRequired, RequestMerged
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting
from council.operations import attendances, decisions, predictions, seals, seats
from council.queries import ballots as ballot_queries
from council.queries import decisions as decision_queries
from council.rules.predictions import Expected

Status = Ballot.Status


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put to the vote: the words become the rationale of the decision, as they stand."""

    proposal: str
    verdict: str
    expected_effect: str = ""
    review_on: date | None = None
    predictions: Sequence[Expected] = ()
    options: Sequence[str] = ()
    conditions: str = ""
    reason_code: str = ""

    def is_of(self, ballot: Ballot) -> bool:
        own = (self.proposal, self.verdict, self.expected_effect, self.review_on)
        said = (ballot.proposal, ballot.verdict, ballot.expected_effect, ballot.review_on)
        weighed = (list(self.options), self.conditions, self.reason_code)
        return (
            own == said
            and tuple(self.predictions) == ballot.expected
            and weighed == (ballot.options, ballot.conditions, ballot.reason_code)
        )


@in_person
@transaction.atomic
def open_ballot(
    *,
    agenda_item_id: int,
    proposal: Proposal,
    by: User,
    at: datetime,
    closes_at: datetime | None = None,
) -> Ballot:
    """Put a proposal to the vote, by the council's rule of now, which the ballot keeps.

    In the meeting, while enough departments are there; with a deadline, also between meetings. The
    same proposal opened twice is one ballot.
    """
    request, council, item = _lock_item(agenda_item_id)
    seats.check_place(council, by)
    standing = ballot_queries.latest_on(item)
    if standing is not None and standing.status == Status.OPEN:
        if proposal.is_of(standing):
            return standing
        raise errors.BallotOpen(_("A ballot on this item is open."), ballot=standing.pk)
    _check_not_merged(request)
    _check_not_open_elsewhere(item)
    _check_may_open(item, closes_at, at)
    ballot = _new(item, proposal, council, closes_at=closes_at, by=by, at=at)
    _record("ballot.opened", ballot, request, by=by, at=at)
    return ballot


@in_person
@transaction.atomic
def amend_ballot(*, ballot_id: int, proposal: Proposal, by: User, at: datetime) -> Ballot:
    """Put it to the vote in other words, by the same rule; every seat is asked anew.

    Either while it is open, whose answers then count for nothing and stay as hidden as they were,
    or after it was not carried. The same words twice change nothing.
    """
    request, council, item = _lock_item(Ballot.objects.get(pk=ballot_id).agenda_item_id)
    seats.check_place(council, by)
    ballot = _lock(ballot_id)
    later = Ballot.objects.filter(amends=ballot).first()
    if later is not None and proposal.is_of(later):
        return later
    if later is not None or not _can_be_amended(ballot):
        raise _over(ballot)
    if proposal.is_of(ballot):
        raise Invalid(_("This is what it says already."), field="proposal", code="unchanged")
    _check_may_open(item, ballot.closes_at, at)
    if ballot.status == Status.OPEN:
        _end(ballot, Status.AMENDED, at=at)
    amended = _new(item, proposal, council, amends=ballot, closes_at=ballot.closes_at, by=by, at=at)
    _record("ballot.amended", amended, request, by=by, at=at)
    return amended


@in_person
@transaction.atomic
def close_ballot(*, ballot_id: int, by: User, at: datetime) -> Ballot:
    """Count every answer once, by the rule it opened with, and seal it. Closing twice is once.

    Refused without a quorum. One with a deadline closes by itself when that has passed.
    """
    request, council, item = _lock_item(Ballot.objects.get(pk=ballot_id).agenda_item_id)
    seats.check_place(council, by)
    ballot = _lock(ballot_id)
    if ballot.status == Status.CLOSED:
        return ballot
    if ballot.status != Status.OPEN:
        raise _over(ballot)
    if ballot.closes_at is not None and at < ballot.closes_at:
        raise errors.BallotOpen(_("It is open until its deadline."), ballot=ballot.pk)
    if ballot.closes_at is None:
        refusal = decision_queries.refusal_to_vote(item)
        if refusal is not None:
            raise refusal
    _count(ballot, council, request, by=by, at=at)
    return ballot


@transaction.atomic
def withdraw_ballot(*, ballot_id: int, reason: str, by: User, at: datetime) -> Ballot:
    """Take an open ballot back, saying why; its answers stay as hidden as they were."""
    if not reason.strip():
        raise ReasonRequired(_("Say why the ballot is withdrawn."))
    request, council, _item = _lock_item(Ballot.objects.get(pk=ballot_id).agenda_item_id)
    seats.check_place(council, by)
    ballot = _lock(ballot_id)
    if ballot.status == Status.WITHDRAWN:
        return ballot
    if ballot.status != Status.OPEN:
        raise _over(ballot)
    _end(ballot, Status.WITHDRAWN, at=at)
    events.record("ballot.withdrawn", subject=ballot, request=request, by=by, at=at, reason=reason)
    return ballot


@transaction.atomic
def withdraw_left_open(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """The meeting ends: what nobody closed decides nothing. The caller holds the meeting's lock."""
    left = Ballot.objects.open().filter(agenda_item__meeting=meeting, closes_at__isnull=True)
    for ballot in left.select_for_update(of=("self",)).select_related("agenda_item__request"):
        _end(ballot, Status.WITHDRAWN, at=at)
        events.record(
            "ballot.withdrawn",
            subject=ballot,
            request=ballot.agenda_item.request,
            by=by,
            at=at,
        )


def close_due(*, by: User | None, at: datetime) -> int:
    """Close what has passed its deadline; returns how many. One that fails holds up no other."""
    count = 0
    for ballot_id in list(Ballot.objects.due(at=at).order_by("pk").values_list("pk", flat=True)):
        with isolated("Ballot %s cannot be closed", ballot_id):
            count += _close_due(ballot_id, by=by, at=at)
    return count


@transaction.atomic
def _close_due(ballot_id: int, *, by: User | None, at: datetime) -> int:
    request, council, _item = _lock_item(Ballot.objects.get(pk=ballot_id).agenda_item_id)
    ballot = _lock(ballot_id)
    if ballot.status != Status.OPEN:
        return 0  # Somebody was quicker.
    _count(ballot, council, request, by=by, at=at)
    return 1


def lock_ballot(ballot_id: int) -> Ballot:
    """The ballot alone, for whoever answers it: answers and its counting go one after the other."""
    return _lock(ballot_id)


def _lock_item(agenda_item_id: int) -> tuple[CustomerRequest, Council, AgendaItem]:
    about = AgendaItem.objects.values_list("request", "meeting").get(pk=agenda_item_id)
    request_id, meeting_id = about
    if request_id is None:
        raise Invalid(
            _("Only requests are put to the vote."), field="agenda_item", code="about_a_topic"
        )
    request = CustomerRequest.objects.select_for_update().get(pk=request_id)
    council, meeting = attendances.lock_meeting(meeting_id)
    item = AgendaItem.objects.get(pk=agenda_item_id)
    item.meeting = meeting
    return request, council, item


def _lock(ballot_id: int) -> Ballot:
    joined = Ballot.objects.select_related("agenda_item__meeting__council")
    return joined.select_for_update(of=("self",)).get(pk=ballot_id)


def _check_may_open(item: AgendaItem, closes_at: datetime | None, at: datetime) -> None:
    if closes_at is None:
        refusal = decision_queries.refusal_to_vote(item)
    elif closes_at <= at:
        raise Invalid(_("The deadline is yet to come."), field="closes_at", code="in_the_past")
    else:
        refusal = decision_queries.refusal_between_meetings(item)
    if refusal is not None:
        raise refusal


def _check_not_merged(request: CustomerRequest) -> None:
    if request.merged_into is not None:
        raise RequestMerged(
            _("%(key)s was merged into %(survivor)s. Put that to the vote.")
            % {"key": request.key, "survivor": request.merged_into.key},
            survivor=request.merged_into_id,
        )


def _check_not_open_elsewhere(item: AgendaItem) -> None:
    """One request is put to the vote once at a time, by whatever council; its lock says so."""
    open_ones = Ballot.objects.open().filter(agenda_item__request=item.request_id)
    other = open_ones.exclude(agenda_item=item).select_related("agenda_item__meeting").first()
    if other is not None:
        raise errors.BallotOpen(
            _("A ballot on this request is open in “%(meeting)s”.")
            % {"meeting": other.agenda_item.meeting},
            ballot=other.pk,
        )


def _can_be_amended(ballot: Ballot) -> bool:
    return ballot.status == Status.OPEN or ballot.result == Ballot.Result.NOT_CARRIED


def _new(
    item: AgendaItem,
    proposal: Proposal,
    council: Council,
    *,
    by: User,
    at: datetime,
    closes_at: datetime | None,
    amends: Ballot | None = None,
) -> Ballot:
    expected = predictions.check_expected(proposal.predictions, at=at)
    ballot = Ballot(
        agenda_item=item,
        proposal=text_input.storable(proposal.proposal, field="proposal"),
        verdict=proposal.verdict,
        expected_effect=text_input.storable(proposal.expected_effect, field="expected_effect"),
        predictions=[each.as_json() for each in expected],
        options=decisions.check_options(proposal.options),
        conditions=text_input.storable(proposal.conditions, field="conditions"),
        reason_code=proposal.reason_code,
        review_on=proposal.review_on,
        rule=amends.rule if amends else council.rule.as_json(),
        is_blind=amends.is_blind if amends else council.is_blind,
        opened_by=by,
        opened_at=at,
        closes_at=closes_at,
        amends=amends,
    )
    _check(ballot)
    ballot.save(force_insert=True)
    return ballot


def _check(ballot: Ballot) -> None:
    if not ballot.proposal.strip():
        raise Invalid(_("Say what is proposed, and why."), field="proposal", code="blank")
    if ballot.review_on is None:
        if ballot.verdict == Decision.Verdict.DEFER:
            raise Invalid(_("Say until when."), field="review_on", code="blank")
    elif ballot.review_on <= calendars.day_of(ballot.opened_at):
        raise Invalid(
            _("The day of the review is yet to come."), field="review_on", code="in_the_past"
        )
    decisions.check_reason_code(ballot.verdict, ballot.reason_code)
    ballot.full_clean(validate_unique=False, validate_constraints=False)


def _end(ballot: Ballot, status: str, *, at: datetime) -> None:
    ballot.status, ballot.ended_at = status, at
    ballot.save(update_fields=["status", "ended_at"])


def _count(
    ballot: Ballot,
    council: Council,
    request: CustomerRequest,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Freeze who was entitled and there, so that it can be counted again; and seal it."""
    ballot.electorate = ballot_queries.electorate_of(ballot)
    ballot.result = ballot_queries.result_of(ballot).value
    ballot.status, ballot.ended_at = Status.CLOSED, at
    ballot.save(update_fields=["status", "ended_at", "electorate", "result"])
    seal = seals.seal_ballot(ballot, council, by=by, at=at)
    data = {"council": council.pk, "result": ballot.result, "seal": seal.number}
    events.record("ballot.closed", subject=ballot, request=request, by=by, at=at, data=data)


def _record(kind: str, ballot: Ballot, request: CustomerRequest, *, by: User, at: datetime) -> None:
    data: Mapping[str, object] = {
        "agenda_item": ballot.agenda_item_id,
        "verdict": ballot.verdict,
        "amends": ballot.amends_id,
    }
    events.record(kind, subject=ballot, request=request, by=by, at=at, data=dict(data))


def _over(ballot: Ballot) -> errors.BallotOver:
    return errors.BallotOver(
        _("This ballot is over: %(status)s.") % {"status": ballot.get_status_display()},
        status=ballot.status,
    )
