"""Whether an item can lead to a decision now."""

from django.utils.translation import gettext as _

from backlog.errors import Refusal
from council import errors
from council.models import AgendaItem, Decision, Meeting
from council.queries import attendances


def refusal_to_decide(item: AgendaItem) -> Refusal | None:
    """Why an item cannot lead to a decision now; None where it can. Pages and API ask the same."""
    recorded = _last_of(item)
    if recorded is not None:
        return errors.AgendaItemDecided(
            _("This item led to a decision already: %(verdict)s.")
            % {"verdict": recorded.get_verdict_display()},
            decision=recorded.pk,
        )
    if item.status in (AgendaItem.Status.WITHDRAWN, AgendaItem.Status.DECLINED):
        return errors.AgendaItemWithdrawn(_("This item was taken off the agenda."))
    if item.meeting.status == Meeting.Status.INQUORATE:
        return refusal_without_quorum(item.meeting)
    if item.meeting.status != Meeting.Status.IN_SESSION:
        return errors.MeetingNotInSession(
            _("“%(meeting)s” is not in session.") % {"meeting": item.meeting}
        )
    return None


def refusal_without_quorum(meeting: Meeting) -> Refusal:
    found = attendances.quorum_of(meeting)
    counted = {
        "present": found.present,
        "needed": found.needed,
        "departments": found.departments,
    }
    return errors.Inquorate(
        _("%(present)d of %(departments)d departments are there; %(needed)d must be, to decide.")
        % counted,
        **counted,
    )


def _last_of(item: AgendaItem) -> Decision | None:
    """The table lets an item have several; until there is a page for that, the first is all."""
    return max(item.decisions.all(), key=lambda it: it.pk, default=None)


def can_be_decided(item: AgendaItem) -> bool:
    return item.request_id is not None and refusal_to_decide(item) is None
