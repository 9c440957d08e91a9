"""Action items: who owes what by when; closed only with evidence that somebody else accepts."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, Outcome, User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council import errors
from council.models import ActionItem, AgendaItem, Council
from council.operations import agenda_items, councils, meetings, seats

Status = ActionItem.Status
PROOF: Final = ("evidence", "evidence_link", "evidence_request", "evidence_outcome")


class About(TypedDict, total=False):
    """What an action item comes from, and how one will know that it worked."""

    request_id: int | None
    agenda_item_id: int | None
    success_measure: str
    helpers: Collection[User]


class Proof(TypedDict, total=False):
    """How one can see that it is done: in words, at an address, by a request or by an outcome."""

    evidence: str
    link: str
    request_id: int | None
    outcome_id: int | None


@transaction.atomic
def assign_action(
    *,
    council_id: int,
    title: str,
    owner: User,
    due_on: date,
    by: User,
    at: datetime,
    **about: Unpack[About],
) -> ActionItem:
    """The council asks somebody to do something by a day.

    What comes from an agenda item about a request is about that request. An agenda item that led
    to nothing else has then become an action.
    """
    item_id, measure = about.get("agenda_item_id"), about.get("success_measure", "")
    request = agenda_items.lock_request(about.get("request_id") or _request_of(item_id))
    council = Council.objects.select_for_update().get(pk=council_id)
    seats.check_place(council, by)
    item = agenda_items.lock_agenda_item(item_id) if item_id else None
    action = ActionItem(
        council=council,
        agenda_item=item,
        request=request,
        title=text_input.storable(title, field="title"),
        owner=owner,
        due_on=due_on,
        success_measure=text_input.storable(measure, field="success_measure"),
        assigned_by=by,
        assigned_at=at,
    )
    _check(action)
    action.save(force_insert=True)
    action.helpers.set(_others(action, about.get("helpers", ())))
    if item is not None and item.status in meetings.NOT_REACHED:
        item.status = AgendaItem.Status.ACTIONED
        item.save(update_fields=["status"])
    record("action_item.assigned", action, by=by, at=at)
    return action


def _request_of(agenda_item_id: int | None) -> int | None:
    if agenda_item_id is None:
        return None
    return AgendaItem.objects.get(pk=agenda_item_id).request_id


def _check(action: ActionItem) -> None:
    if action.request is not None:
        councils.check_product(action.council, action.request)
    item = action.agenda_item
    if item is not None and (
        item.meeting.council_id != action.council_id
        or item.request_id not in (None, action.request_id)
    ):
        raise Invalid(
            _("This item is about another request, or of another council."),
            field="agenda_item",
            code="about_something_else",
        )
    if action.due_on < calendars.day_of(action.assigned_at):
        raise Invalid(_("The day it is due has passed."), field="due_on", code="in_the_past")
    action.full_clean(validate_constraints=False)


@in_person
@transaction.atomic
def claim_done(*, action_id: int, by: User, at: datetime, **proof: Unpack[Proof]) -> ActionItem:
    """The owner says that it is done, and how one can see that. Somebody else has to accept it.

    Claiming again with better evidence replaces the evidence; with the same, changes nothing.
    """
    _lock_proof(proof)
    action = lock_action(action_id)
    check_open(action)
    if by != action.owner:
        raise errors.NotTheOwner(_("Only %(owner)s can say so.") % {"owner": action.owner})
    before = (action.status, _proof_of(action))
    _take_proof(action, proof, by)
    if before == (Status.CLAIMED_DONE, _proof_of(action)):
        return action
    return move(action, Status.CLAIMED_DONE, by=by, at=at)


def _lock_proof(proof: Proof) -> None:
    # A row that refers to a request waits for it: requests and outcomes come before the action.
    if request_id := proof.get("request_id"):
        agenda_items.lock_request(request_id)
    if outcome_id := proof.get("outcome_id"):
        Outcome.objects.select_for_update(no_key=True, of=("self",)).get(pk=outcome_id)


def _proof_of(action: ActionItem) -> tuple[str, str, int | None, int | None]:
    return (
        *(action.evidence, action.evidence_link),
        *(action.evidence_request_id, action.evidence_outcome_id),
    )


def _take_proof(action: ActionItem, proof: Proof, by: User) -> None:
    evidence, link = proof.get("evidence", ""), proof.get("link", "").strip()
    request_id, outcome_id = proof.get("request_id"), proof.get("outcome_id")
    if not (evidence.strip() or link or request_id or outcome_id):
        raise Invalid(_("Show that it is done."), field="evidence", code="blank")
    action.evidence = text_input.fitting(evidence, ActionItem, "evidence") if evidence else ""
    action.evidence_link = text_input.storable(link, field="link")
    action.evidence_request_id, action.evidence_outcome_id = request_id, outcome_id
    try:
        ActionItem._meta.get_field("evidence_link").clean(link, action)  # noqa: SLF001
    except ValidationError as error:
        raise Invalid(str(error.messages[0]), field="link", code="invalid") from error
    for shown in _shown(request_id, outcome_id):
        councils.check_product(action.council, shown)


def _shown(request_id: int | None, outcome_id: int | None) -> Iterator[CustomerRequest]:
    """The requests that are behind what is shown."""
    if request_id is not None:
        yield CustomerRequest.objects.get(pk=request_id)
    if outcome_id is not None:
        yield Outcome.objects.select_related("commitment__request").get(pk=outcome_id).request


@transaction.atomic
def block_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Its owner, or somebody of the council, says what keeps it from being done. Idempotent.

    Claiming that it is done ends that, and so does `unblock_action`.
    """
    action = lock_action(action_id)
    check_owner_or_council(action, by)
    check_open(action)
    if not reason.strip():
        raise ReasonRequired(_("Say what blocks it."))
    reason = text_input.fitting(reason, ActionItem, "blocked_by")
    if (action.status, action.blocked_by) == (Status.BLOCKED, reason):
        return action
    if action.status == Status.CLAIMED_DONE:
        raise errors.ActionItemClaimed(
            _("%(owner)s says that it is done: accept that, or reopen it.")
            % {"owner": action.owner}
        )
    action.blocked_by = reason
    return move(action, Status.BLOCKED, by=by, at=at, reason=reason)


@transaction.atomic
def unblock_action(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """Nothing keeps it from being done any more. Idempotent."""
    action = lock_action(action_id)
    if action.status != Status.BLOCKED:
        return action
    check_owner_or_council(action, by)
    return move(action, Status.OPEN, by=by, at=at, kind="action_item.unblocked")


@transaction.atomic
def put_off(*, action_id: int, due_on: date, reason: str, by: User, at: datetime) -> ActionItem:
    """Somebody of the council gives it another day, and says why. Idempotent."""
    action = lock_action(action_id)
    seats.check_place(action.council, by)
    check_open(action)
    if action.due_on == due_on:
        return action
    if due_on < calendars.day_of(at):
        raise Invalid(_("The day it is due has passed."), field="due_on", code="in_the_past")
    if not reason.strip():
        raise ReasonRequired(_("Say why it is due on another day."))
    action.due_on, action.asked_until, action.asked_why = due_on, None, ""
    action.save(update_fields=["due_on", "asked_until", "asked_why"])
    record("action_item.put_off", action, by=by, at=at, reason=reason)
    return action


@transaction.atomic
def set_helpers(*, action_id: int, helpers: Collection[User], by: User, at: datetime) -> ActionItem:
    """Its owner, or somebody of the council, says who helps. One owner answers for it."""
    action = lock_action(action_id)
    check_owner_or_council(action, by)
    check_open(action)
    wanted = _others(action, helpers)
    if wanted == set(action.helpers.all()):
        return action
    action.helpers.set(wanted)
    record("action_item.helpers_set", action, by=by, at=at)
    return action


def _others(action: ActionItem, helpers: Collection[User]) -> set[User]:
    return {each for each in helpers if each.pk != action.owner_id}


def check_owner_or_council(action: ActionItem, by: User) -> None:
    if by != action.owner:
        seats.check_place(action.council, by)


@in_person
@transaction.atomic
def verify_action(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """Somebody of the council, not the owner, accepts the evidence. Idempotent."""
    action = lock_action(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.VERIFIED:
        return action
    _check_claimed(action)
    if by == action.owner:
        raise errors.OwnActionItem(_("Somebody else has to accept the evidence."))
    return move(action, Status.VERIFIED, by=by, at=at)


@transaction.atomic
def reopen_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Somebody of the council finds that it is not done after all. Idempotent."""
    action = lock_action(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.REOPENED:
        return action
    if action.status != Status.VERIFIED:
        _check_claimed(action)
    if not reason.strip():
        raise ReasonRequired(_("Say what is missing."))
    return move(action, Status.REOPENED, by=by, at=at, reason=reason)


@transaction.atomic
def cancel_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Nobody has to do it any more, and it is on record why. Idempotent."""
    action = lock_action(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.CANCELLED:
        return action
    check_open(action)
    if not reason.strip():
        raise ReasonRequired(_("Say why it is not needed any more."))
    return move(action, Status.CANCELLED, by=by, at=at, reason=reason)


def lock_action(action_id: int) -> ActionItem:
    # The request first, as everywhere: the event refers to it.
    agenda_items.lock_request(ActionItem.objects.get(pk=action_id).request_id)
    actions = ActionItem.objects.select_for_update(of=("self",))
    return actions.select_related("council", "request", "owner").get(pk=action_id)


def check_open(action: ActionItem) -> None:
    if action.status in (Status.VERIFIED, Status.CANCELLED):
        raise errors.ActionItemClosed(
            _("“%(action)s” is closed: %(status)s.")
            % {"action": action, "status": action.get_status_display()}
        )


def _check_claimed(action: ActionItem) -> None:
    check_open(action)
    if action.status != Status.CLAIMED_DONE:
        raise errors.ActionItemNotClaimed(
            _("%(owner)s has not said that it is done.") % {"owner": action.owner}
        )


def move(
    action: ActionItem,
    status: ActionItem.Status,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    kind: str = "",
) -> ActionItem:
    was = action.status
    action.status = status
    if status != Status.BLOCKED:
        action.blocked_by = ""
    action.closed_at = at if status in (Status.VERIFIED, Status.CANCELLED) else None
    if status == Status.CLAIMED_DONE:
        # Better evidence for what was done already makes it no later.
        action.claimed_at = action.claimed_at or at
    elif status != Status.VERIFIED:
        action.claimed_at = None
    action.save(update_fields=["status", "claimed_at", "closed_at", "blocked_by", *PROOF])
    record(kind or f"action_item.{status}", action, by=by, at=at, reason=reason, was=was)
    return action


def record(
    kind: str, action: ActionItem, *, by: User | None, at: datetime, reason: str = "", was: str = ""
) -> None:
    data = {"council": action.council_id, "owner": action.owner_id}
    events.record(
        kind,
        subject=action,
        request=action.request,
        by=by,
        at=at,
        reason=reason,
        data={**data, "was": was} if was else data,
    )
