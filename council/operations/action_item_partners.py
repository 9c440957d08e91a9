"""Partners and suppliers who do something for the council, by a link that opens that alone.

What they say is on record without a colleague's name: whoever holds the newest link said it.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from backlog.rules import calendars, text_input
from council import errors
from council.models import ActionItem
from council.operations import action_items

Status = ActionItem.Status


@transaction.atomic
def invite_partner(*, action_id: int, partner: str, by: User, at: datetime) -> ActionItem:
    """Its owner, or somebody of the council, gives a partner a link; any link before is dead."""
    action = action_items.lock_action(action_id)
    action_items.check_owner_or_council(action, by)
    action_items.check_open(action)
    if not partner.strip():
        raise Invalid(_("Say who the partner is."), field="partner", code="blank")
    action.partner = text_input.fitting(partner.strip(), ActionItem, "partner")
    action.partner_link += 1
    action.save(update_fields=["partner", "partner_link"])
    action_items.record("action_item.partner_invited", action, by=by, at=at)
    return action


@transaction.atomic
def withdraw_partner(*, action_id: int, by: User, at: datetime) -> ActionItem:
    """No partner does it any more, and their link opens nothing. Idempotent."""
    action = action_items.lock_action(action_id)
    action_items.check_owner_or_council(action, by)
    if not action.partner:
        return action
    action.partner, action.asked_until, action.asked_why = "", None, ""
    action.partner_link += 1
    action.save(update_fields=["partner", "partner_link", "asked_until", "asked_why"])
    action_items.record("action_item.partner_withdrawn", action, by=by, at=at)
    return action


@transaction.atomic
def claim_as_partner(
    *, action_id: int, link: int, evidence: str, by: None, at: datetime
) -> ActionItem:
    """The partner says that it is done, in words. Somebody of the council has to accept it."""
    action = _lock(action_id, link)
    if not evidence.strip():
        raise Invalid(_("Show that it is done."), field="evidence", code="blank")
    evidence = text_input.fitting(evidence, ActionItem, "evidence")
    if (action.status, action.evidence) == (Status.CLAIMED_DONE, evidence):
        return action
    action.evidence, action.asked_until, action.asked_why = evidence, None, ""
    action.save(update_fields=["asked_until", "asked_why"])
    kind = "action_item.partner_claimed"
    return action_items.move(action, Status.CLAIMED_DONE, by=by, at=at, kind=kind)


@transaction.atomic
def ask_for_time(
    *, action_id: int, link: int, until: date, reason: str, by: None, at: datetime
) -> ActionItem:
    """The partner asks for another day; it is due as before until somebody of the council agrees.

    Asking again replaces what was asked before; the same again changes nothing.
    """
    action = _lock(action_id, link)
    if until <= max(action.due_on, calendars.day_of(at)):
        raise Invalid(_("Choose a later day than it is due."), field="until", code="in_the_past")
    if not reason.strip():
        raise ReasonRequired(_("Say why it is due on another day."))
    reason = text_input.fitting(reason, ActionItem, "asked_why")
    if (action.asked_until, action.asked_why) == (until, reason):
        return action
    action.asked_until, action.asked_why = until, reason
    action.save(update_fields=["asked_until", "asked_why"])
    action_items.record("action_item.time_asked", action, by=by, at=at, reason=reason)
    return action


def _lock(action_id: int, link: int) -> ActionItem:
    action = action_items.lock_action(action_id)
    if not action.partner or action.partner_link != link:
        raise errors.PartnerLinkOver(_("This link was replaced or withdrawn."))
    action_items.check_open(action)
    return action
