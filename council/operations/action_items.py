"""Action items: who owes what by when; closed only with evidence that somebody else accepts."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from backlog.operations import events
from backlog.rules import calendars, text_input
from council import errors
from council.models import ActionItem, AgendaItem, Council
from council.operations import agenda_items, councils, meetings, seats

Status = ActionItem.Status


class About(TypedDict, total=False):
    """What an action item comes from, and how one will know that it worked."""

    request_id: int | None
    agenda_item_id: int | None
    success_measure: str


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
    item_id = about.get("agenda_item_id")
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
        success_measure=text_input.storable(
            about.get("success_measure", ""), field="success_measure"
        ),
        assigned_by=by,
        assigned_at=at,
    )
    _check(action)
    action.save(force_insert=True)
    if item is not None and item.status in meetings.NOT_REACHED:
        item.status = AgendaItem.Status.ACTIONED
        item.save(update_fields=["status"])
    _record("action_item.assigned", action, by=by, at=at)
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
def claim_done(*, action_id: int, evidence: str, by: User, at: datetime) -> ActionItem:
    """The owner says that it is done, and how one can see that. Somebody else has to accept it.

    Claiming again with better evidence replaces the evidence; with the same, changes nothing.
    """
    action = _lock(action_id)
    _check_open(action)
    if by != action.owner:
        raise errors.NotTheOwner(_("Only %(owner)s can say so.") % {"owner": action.owner})
    if not evidence.strip():
        raise Invalid(_("Show that it is done."), field="evidence", code="blank")
    if (action.status, action.evidence) == (Status.CLAIMED_DONE, evidence):
        return action
    action.evidence = text_input.fitting(evidence, ActionItem, "evidence")
    return _move(action, Status.CLAIMED_DONE, by=by, at=at)


@transaction.atomic
def block_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Its owner, or somebody of the council, says what keeps it from being done. Idempotent.

    Claiming that it is done ends that, and so does `unblock_action`.
    """
    action = _lock(action_id)
    _check_owner_or_council(action, by)
    _check_open(action)
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
    return _move(action, Status.BLOCKED, by=by, at=at, reason=reason)


@transaction.atomic
def unblock_action(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """Nothing keeps it from being done any more. Idempotent."""
    action = _lock(action_id)
    if action.status != Status.BLOCKED:
        return action
    _check_owner_or_council(action, by)
    return _move(action, Status.OPEN, by=by, at=at, kind="action_item.unblocked")


def _check_owner_or_council(action: ActionItem, by: User) -> None:
    if by != action.owner:
        seats.check_place(action.council, by)


@in_person
@transaction.atomic
def verify_action(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """Somebody of the council, not the owner, accepts the evidence. Idempotent."""
    action = _lock(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.VERIFIED:
        return action
    _check_claimed(action)
    if by == action.owner:
        raise errors.OwnActionItem(_("Somebody else has to accept the evidence."))
    return _move(action, Status.VERIFIED, by=by, at=at)


@transaction.atomic
def reopen_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Somebody of the council finds that it is not done after all. Idempotent."""
    action = _lock(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.REOPENED:
        return action
    if action.status != Status.VERIFIED:
        _check_claimed(action)
    if not reason.strip():
        raise ReasonRequired(_("Say what is missing."))
    return _move(action, Status.REOPENED, by=by, at=at, reason=reason)


@transaction.atomic
def cancel_action(*, action_id: int, reason: str, by: User, at: datetime) -> ActionItem:
    """Nobody has to do it any more, and it is on record why. Idempotent."""
    action = _lock(action_id)
    seats.check_place(action.council, by)
    if action.status == Status.CANCELLED:
        return action
    _check_open(action)
    if not reason.strip():
        raise ReasonRequired(_("Say why it is not needed any more."))
    return _move(action, Status.CANCELLED, by=by, at=at, reason=reason)


def _lock(action_id: int) -> ActionItem:
    # The request first, as everywhere: the event refers to it.
    agenda_items.lock_request(ActionItem.objects.get(pk=action_id).request_id)
    actions = ActionItem.objects.select_for_update(of=("self",))
    return actions.select_related("council", "request", "owner").get(pk=action_id)


def _check_open(action: ActionItem) -> None:
    if action.status in (Status.VERIFIED, Status.CANCELLED):
        raise errors.ActionItemClosed(
            _("“%(action)s” is closed: %(status)s.")
            % {"action": action, "status": action.get_status_display()}
        )


def _check_claimed(action: ActionItem) -> None:
    _check_open(action)
    if action.status != Status.CLAIMED_DONE:
        raise errors.ActionItemNotClaimed(
            _("%(owner)s has not said that it is done.") % {"owner": action.owner}
        )


def _move(
    action: ActionItem,
    status: ActionItem.Status,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    kind: str = "",
) -> ActionItem:
    action.status = status
    if status != Status.BLOCKED:
        action.blocked_by = ""
    action.closed_at = at if status in (Status.VERIFIED, Status.CANCELLED) else None
    action.save(update_fields=["status", "closed_at", "evidence", "blocked_by"])
    _record(kind or f"action_item.{status}", action, by=by, at=at, reason=reason)
    return action


def _record(kind: str, action: ActionItem, *, by: User, at: datetime, reason: str = "") -> None:
    events.record(
        kind,
        subject=action,
        request=action.request,
        by=by,
        at=at,
        reason=reason,
        data={"council": action.council_id, "owner": action.owner_id},
    )
