"""Asking for evidence: who is asked owes it by a day, as they owe any other action."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.models import User
from backlog.operations import events
from council.models import ActionItem, Decision


@transaction.atomic
def ask(decision: Decision, *, by: User, at: datetime) -> ActionItem | None:
    """What the decision asks of somebody, as an action item of theirs; None where it asks nobody.

    They are reminded of it, it comes back when it is overdue, and once it is said to be done its
    request comes up for the agenda. The caller holds the locks of the decision.
    """
    if decision.evidence_from is None or decision.evidence_due_on is None:
        return None
    title = _("Find evidence: %(request)s") % {"request": decision.request}
    action = ActionItem(
        council=decision.council,
        agenda_item=decision.agenda_item,
        request=decision.request,
        decision=decision,
        title=title[: ActionItem._meta.get_field("title").max_length],  # noqa: SLF001 -- documented
        owner=decision.evidence_from,
        due_on=decision.evidence_due_on,
        assigned_by=by,
        assigned_at=at,
    )
    action.full_clean(validate_constraints=False)
    action.save(force_insert=True)
    events.record(
        "action_item.assigned",
        subject=action,
        request=decision.request,
        by=by,
        at=at,
        data={"council": action.council_id, "owner": action.owner_id},
    )
    return action
