"""Taking back what one has just done to an action item, as if the key had not been pressed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.models import User
from council import errors
from council.models import ActionItem
from council.operations import action_items
from council.queries import action_items as queries

Status = ActionItem.Status


@transaction.atomic
def undo(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """Take back the last thing that was done to it, soon, and by whoever did it; on record itself.

    What was typed as evidence stays, to be claimed with again. Undone twice, the second is refused.
    """
    action = action_items.lock_action(action_id)
    last = queries.undoable(action, by, at=at)
    if last is None:
        raise errors.NothingToUndo(_("There is nothing of yours to undo here, or it is too late."))
    was, now = Status(last.data["was"]), action.status
    reason = _what_blocked(action) if was == Status.BLOCKED else ""
    action.status = Status.OPEN if was == Status.BLOCKED and not reason else was
    action.blocked_by = reason
    action.closed_at = None
    action.claimed_at = _claimed_at(action, at) if was == Status.CLAIMED_DONE else None
    action.save(update_fields=["status", "blocked_by", "claimed_at", "closed_at"])
    action_items.record("action_item.undone", action, by=by, at=at, was=now)
    return action


def _what_blocked(action: ActionItem) -> str:
    """As it was said then; empty where it was erased since."""
    said = queries.events_of(action).filter(kind="action_item.blocked")
    return said.values_list("reason", flat=True).first() or ""


def _claimed_at(action: ActionItem, at: datetime) -> datetime:
    if action.claimed_at is not None:
        return action.claimed_at
    said = queries.events_of(action).filter(kind="action_item.claimed_done")
    return said.values_list("at", flat=True).first() or at
