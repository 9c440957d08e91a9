"""Ballots: putting a proposal to the vote, in other words if need be, and counting it.

All that changes a ballot locks its request, its council and its meeting first, and the ballot last:
under its lock nobody answers while it is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.db.isolation import isolated
from backlog.errors import Invalid, ReasonRequired, RequestMerged
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting
from council.operations import attendances, particulars, predictions, seals, seats
from council.queries import ballots as ballot_queries
from council.queries import decisions as decision_queries
from council.rules.predictions import Expected

Status = Ballot.Status


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put to the vote: the words become the rationale of the decision, as they stand.

    `further_items` of the agenda are decided by the same answers, each about its own request.
    """

    proposal: str
    verdict: str
    expected_effect: str = ""
    review_on: date | None = None
    predictions: Sequence[Expected] = ()
    options: Sequence[str] = ()
    conditions: str = ""
    reason_code: str = ""
    further_items: Sequence[int] = ()
    evidence_from: User | None = None
    evidence_due_on: date | None = None

    def is_of(self, ballot: Ballot) -> bool:
        own = (self.proposal, self.verdict, self.expected_effect, self.review_on)
        said = (ballot.proposal, ballot.verdict, ballot.expected_effect, ballot.review_on)
        weighed = (list(self.options), self.conditions, self.reason_code)
        asked = (self.evidence_from, self.evidence_due_on)
        return (
            own == said
            and asked == (ballot.evidence_from, ballot.evidence_due_on)
            and tuple(self.predictions) == ballot.expected
            and weighed == (ballot.options, ballot.conditions, ballot.reason_code)
            and set(self.further_items) == set(ballot_queries.item_ids_of(ballot)[1:])
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
    council, item = _lock_item(agenda_item_id, *proposal.further_items)
    seats.check_place(council, by)
    standing = ballot_queries.latest_on(item)
    if standing is not None and standing.status == Status.OPEN:
        if proposal.is_of(standing):
            return standing
        raise errors.BallotOpen(_("A ballot on this item is open."), ballot=standing.pk)
    further = _further(item, proposal)
    for each in (item, *further):
        _check_not_merged(each)
        _check_not_open_elsewhere(each)
    _check_may_open(item, proposal, closes_at, at)
    ballot = _new(item, proposal, council, closes_at=closes_at, by=by, at=at)
    _record("ballot.opened", ballot, by=by, at=at)
    return ballot


@in_person
@transaction.atomic
def amend_ballot(*, ballot_id: int, proposal: Proposal, by: User, at: datetime) -> Ballot:
    """Put it to the vote in other words, by the same rule; every seat is asked anew.

    Either while it is open, whose answers then count for nothing and stay as hidden as they were,
    or after it was not carried. It may be about other further items: what some object to is left
    out. The same words twice change nothing.
    """
    council, item, ballot = _lock_all(ballot_id, *proposal.further_items)
    seats.check_place(council, by)
    later = Ballot.objects.filter(amends=ballot).first()
    if later is not None and proposal.is_of(later):
        return later
    if later is not None or not _can_be_amended(ballot):
        raise _over(ballot)
    if proposal.is_of(ballot):
        raise Invalid(_("This is what it says already."), field="proposal", code="unchanged")
    if ballot.status == Status.OPEN:
        _end(ballot, Status.AMENDED, at=at)
    for each in _further(item, proposal):
        _check_not_merged(each)
        _check_not_open_elsewhere(each)
    _check_may_open(item, proposal, ballot.closes_at, at)
    amended = _new(item, proposal, council, amends=ballot, closes_at=ballot.closes_at, by=by, at=at)
    _record("ballot.amended", amended, by=by, at=at)
    return amended


@in_person
@transaction.atomic
def close_ballot(*, ballot_id: int, by: User, at: datetime) -> Ballot:
    """Count every answer once, by the rule it opened with, and seal it. Closing twice is once.

    Refused without a quorum. One with a deadline closes by itself when that has passed.
    """
    council, item, ballot = _lock_all(ballot_id)
    seats.check_place(council, by)
    if ballot.status == Status.CLOSED:
        return ballot
    if ballot.status != Status.OPEN:
        raise _over(ballot)
    if ballot.closes_at is not None and at < ballot.closes_at:
        raise errors.BallotOpen(_("It is open until its deadline."), ballot=ballot.pk)
    if ballot.closes_at is None:
        further_ids = ballot_queries.item_ids_of(ballot)[1:]
        refusal = decision_queries.refusal_to_vote(item, *further_ids)
        if refusal is not None:
            raise refusal
    _count(ballot, council, by=by, at=at)
    return ballot


@transaction.atomic
def withdraw_ballot(*, ballot_id: int, reason: str, by: User, at: datetime) -> Ballot:
    """Take an open ballot back, saying why; its answers stay as hidden as they were."""
    if not reason.strip():
        raise ReasonRequired(_("Say why the ballot is withdrawn."))
    council, _item, ballot = _lock_all(ballot_id)
    seats.check_place(council, by)
    if ballot.status == Status.WITHDRAWN:
        return ballot
    if ballot.status != Status.OPEN:
        raise _over(ballot)
    _end(ballot, Status.WITHDRAWN, at=at)
    _tell("ballot.withdrawn", ballot, by=by, at=at, reason=reason)
    return ballot


@transaction.atomic
def withdraw_left_open(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """The meeting ends: what nobody closed decides nothing. The caller holds the meeting's lock."""
    left = Ballot.objects.open().filter(agenda_item__meeting=meeting, closes_at__isnull=True)
    for ballot in left.select_for_update(of=("self",)).select_related("agenda_item__request"):
        _end(ballot, Status.WITHDRAWN, at=at)
        _tell("ballot.withdrawn", ballot, by=by, at=at)


def close_due(*, by: User | None, at: datetime) -> int:
    """Close what has passed its deadline; returns how many. One that fails holds up no other."""
    count = 0
    for ballot_id in list(Ballot.objects.due(at=at).order_by("pk").values_list("pk", flat=True)):
        with isolated("Ballot %s cannot be closed", ballot_id):
            count += _close_due(ballot_id, by=by, at=at)
    return count


@transaction.atomic
def _close_due(ballot_id: int, *, by: User | None, at: datetime) -> int:
    council, _item, ballot = _lock_all(ballot_id)
    if ballot.status != Status.OPEN:
        return 0  # Somebody was quicker.
    _count(ballot, council, by=by, at=at)
    return 1


def lock_ballot(ballot_id: int) -> Ballot:
    """The ballot alone, for whoever answers it: answers and its counting go one after the other."""
    return _lock(ballot_id)


def _lock_all(ballot_id: int, *further_ids: int) -> tuple[Council, AgendaItem, Ballot]:
    """A ballot with all that it decides about, and what else it is to decide about."""
    # What it decides about was settled when it opened: it is read before the locks.
    item_ids = ballot_queries.item_ids_of(Ballot.objects.get(pk=ballot_id))
    council, item = _lock_item(*item_ids, *further_ids)
    return council, item, _lock(ballot_id)


def _lock_item(agenda_item_id: int, *further_ids: int) -> tuple[Council, AgendaItem]:
    """An item under its meeting's lock, and under their own the requests of it and of further."""
    item = AgendaItem.objects.get(pk=agenda_item_id)
    if item.request_id is None:
        raise Invalid(
            _("Only requests are put to the vote."), field="agenda_item", code="about_a_topic"
        )
    locked = lock_requests(item.request_id, further_ids)
    council, meeting = attendances.lock_meeting(item.meeting_id)
    item.refresh_from_db()
    item.meeting, item.request = meeting, locked[item.request_id]
    return council, item


def lock_requests(request_id: int, further_ids: Sequence[int]) -> dict[int, CustomerRequest]:
    """A request and those of further items, in the order of their ids."""
    further = AgendaItem.objects.filter(pk__in=further_ids).values("request")
    requests = CustomerRequest.objects.filter(Q(pk=request_id) | Q(pk__in=further))
    joined = requests.select_related("merged_into").select_for_update(of=("self",))
    return joined.order_by("pk").in_bulk()


def _further(item: AgendaItem, proposal: Proposal) -> list[AgendaItem]:
    """What is to be decided at once with the item, if it can be; all is locked."""
    rows = AgendaItem.objects.filter(pk__in=proposal.further_items)
    found = list(rows.select_related("request__merged_into", "meeting").order_by("pk"))
    for each in found:
        refusal = decision_queries.refusal_to_take_along(each, item)
        if refusal is not None:
            raise refusal
    return found


def _lock(ballot_id: int) -> Ballot:
    joined = Ballot.objects.select_related("agenda_item__meeting__council")
    return joined.select_for_update(of=("self",)).get(pk=ballot_id)


def _check_may_open(
    item: AgendaItem, proposal: Proposal, closes_at: datetime | None, at: datetime
) -> None:
    if closes_at is None:
        refusal = decision_queries.refusal_to_vote(item, *proposal.further_items)
    elif closes_at <= at:
        raise Invalid(_("The deadline is yet to come."), field="closes_at", code="in_the_past")
    else:
        refusal = decision_queries.refusal_between_meetings(item)
    if refusal is not None:
        raise refusal


def _check_not_merged(item: AgendaItem) -> None:
    request = item.request
    if request is not None and request.merged_into is not None:
        raise RequestMerged(
            _("%(key)s was merged into %(survivor)s. Put that to the vote.")
            % {"key": request.key, "survivor": request.merged_into.key},
            survivor=request.merged_into_id,
        )


def _check_not_open_elsewhere(item: AgendaItem) -> None:
    """One request is put to the vote once at a time, by whatever council; its lock says so."""
    assert item.request_id is not None
    open_ones = Ballot.objects.open().about(item.request_id).exclude(agenda_item=item)
    other = open_ones.select_related("agenda_item__meeting").first()
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
        options=particulars.check_options(proposal.options),
        conditions=text_input.storable(proposal.conditions, field="conditions"),
        reason_code=proposal.reason_code,
        review_on=proposal.review_on,
        evidence_from=proposal.evidence_from,
        evidence_due_on=proposal.evidence_due_on,
        rule=amends.rule if amends else council.rule.as_json(),
        is_blind=amends.is_blind if amends else council.is_blind,
        opened_by=by,
        opened_at=at,
        closes_at=closes_at,
        amends=amends,
    )
    _check(ballot)
    ballot.save(force_insert=True)
    ballot.further_items.set(proposal.further_items)
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
    particulars.check_reason_code(ballot.verdict, ballot.reason_code)
    particulars.check_evidence_asked(ballot, at=ballot.opened_at)
    ballot.full_clean(validate_unique=False, validate_constraints=False)


def _end(ballot: Ballot, status: str, *, at: datetime) -> None:
    ballot.status, ballot.ended_at = status, at
    ballot.save(update_fields=["status", "ended_at"])


def _count(ballot: Ballot, council: Council, *, by: User | None, at: datetime) -> None:
    """Freeze who was entitled and there, so that it can be counted again; and seal it."""
    ballot.electorate = ballot_queries.electorate_of(ballot)
    ballot.result = ballot_queries.result_of(ballot).value
    ballot.status, ballot.ended_at = Status.CLOSED, at
    ballot.save(update_fields=["status", "ended_at", "electorate", "result"])
    seal = seals.seal_ballot(ballot, council, by=by, at=at)
    data = {"council": council.pk, "result": ballot.result, "seal": seal.number}
    _tell("ballot.closed", ballot, by=by, at=at, data=data)


def _record(kind: str, ballot: Ballot, *, by: User, at: datetime) -> None:
    data = {
        "agenda_item": ballot.agenda_item_id,
        "verdict": ballot.verdict,
        "amends": ballot.amends_id,
    }
    _tell(kind, ballot, by=by, at=at, data=data)


def _tell(kind: str, ballot: Ballot, **facts: Any) -> None:
    """Into the history of each request that it decides about."""
    items = [ballot.agenda_item, *ballot_queries.further_items_of(ballot)]
    for item in items:
        events.record(kind, subject=ballot, request=item.request, **facts)


def _over(ballot: Ballot) -> errors.BallotOver:
    return errors.BallotOver(
        _("This ballot is over: %(status)s.") % {"status": ballot.get_status_display()},
        status=ballot.status,
    )
