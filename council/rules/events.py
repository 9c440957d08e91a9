"""The council's kinds of events: what each may hold, and who may read it."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from backlog.rules.events import Rule, a_code, a_number, an_id, codes, ids

_ACTION: Final = {"council": an_id, "owner": an_id, "was": a_code}
_BALLOT: Final = {"agenda_item": an_id, "amends": an_id, "verdict": a_code}
_QUORUM: Final = {"present": a_number, "needed": a_number, "departments": a_number}

RULES: Final[Mapping[str, Rule]] = {
    "action_item.assigned": Rule(_("Somebody was asked to do something"), _ACTION),
    "action_item.blocked": Rule(_("An action is blocked"), _ACTION, has_reason=True),
    "action_item.cancelled": Rule(_("An action was cancelled"), _ACTION, has_reason=True),
    "action_item.claimed_done": Rule(_("The owner says that an action is done"), _ACTION),
    "action_item.helpers_set": Rule(_("Who helps with an action was said"), _ACTION),
    "action_item.partner_claimed": Rule(_("A partner says that an action is done"), _ACTION),
    "action_item.partner_invited": Rule(_("A partner was given a link to an action"), _ACTION),
    "action_item.partner_withdrawn": Rule(_("The link of a partner was withdrawn"), _ACTION),
    "action_item.time_asked": Rule(_("A partner asked for more time"), _ACTION, has_reason=True),
    "action_item.put_off": Rule(_("An action was given another day"), _ACTION, has_reason=True),
    "action_item.reopened": Rule(_("An action was found not to be done"), _ACTION, has_reason=True),
    "action_item.unblocked": Rule(_("An action is blocked no more"), _ACTION),
    "action_item.undone": Rule(_("What was done to an action was taken back"), _ACTION),
    "action_item.verified": Rule(_("An action was accepted as done"), _ACTION),
    "agenda_item.accepted": Rule(_("A proposal for an agenda was accepted"), {"meeting": an_id}),
    "agenda_item.activated": Rule(_("A meeting turned to an item"), {"meeting": an_id}),
    "agenda_item.added": Rule(_("Something was put on an agenda"), {"meeting": an_id}),
    "agenda_item.carried_over": Rule(_("Something on an agenda was put off"), {"meeting": an_id}),
    "agenda_item.came_back": Rule(
        _("A seat has its voice on an item again"), {"meeting": an_id, "seat": an_id}
    ),
    "agenda_item.declined": Rule(
        _("A proposal for an agenda was declined"), {"meeting": an_id}, has_reason=True
    ),
    "agenda_item.edited": Rule(
        _("Something on an agenda was edited"), {"meeting": an_id, "changed": codes}
    ),
    "agenda_item.moved": Rule(_("Something on an agenda was moved"), {"meeting": an_id}),
    "agenda_item.proposed": Rule(_("Something was proposed for an agenda"), {"meeting": an_id}),
    "agenda_item.stepped_aside": Rule(
        _("A seat stepped aside from an item"), {"meeting": an_id, "seat": an_id}
    ),
    "agenda_item.worked_out": Rule(
        _("Something was worked out in a workshop"),
        {"meeting": an_id, "part": a_code, "department": an_id},
    ),
    "agenda_item.withdrawn": Rule(_("Something was taken off an agenda"), has_reason=True),
    "ballot.amended": Rule(_("A proposal was put in other words"), _BALLOT),
    "ballot.closed": Rule(
        _("A ballot was closed"), {"council": an_id, "result": a_code, "seal": a_number}
    ),
    "ballot.opened": Rule(_("A proposal was put to the vote"), _BALLOT),
    # Without the answer: whoever reads the ledger must not see what the ballot hides.
    "ballot.stance_taken": Rule(_("A seat answered a proposal"), {"seat": an_id}),
    "ballot.reminded": Rule(_("Those who had not answered were reminded"), {"users": ids}),
    "ballot.withdrawn": Rule(_("A ballot was withdrawn"), has_reason=True),
    "calendar_feed.made": Rule(_("Somebody made an address for their calendar")),
    "calendar_feed.revoked": Rule(_("Somebody’s address for their calendar was revoked")),
    "council.edited": Rule(_("A council was edited"), {"changed": codes}),
    "council.founded": Rule(_("A council was founded")),
    "decision.recorded": Rule(
        _("The council decided on a request"),
        {
            "council": an_id,
            "verdict": a_code,
            "supersedes": an_id,
            "seal": a_number,
            "ballot": an_id,
        },
    ),
    "decision.retired": Rule(
        _("A decision was retired: it does not stand any more"),
        {"council": an_id},
        has_reason=True,
    ),
    "decision.reviewed": Rule(
        _("Somebody said what came of a decision"),
        {"council": an_id, "review": an_id, "result": a_code, "conclusion": a_code},
    ),
    "meeting.answered": Rule(
        _("Somebody said whether they come to a meeting"),
        {"user": an_id, "seat": an_id, "answer": a_code},
    ),
    "meeting.attended": Rule(
        _("Somebody came to a meeting"), {"user": an_id, "seat": an_id, "capacity": a_code}
    ),
    "meeting.cancelled": Rule(_("A meeting was called off"), has_reason=True),
    "meeting.changed": Rule(_("A meeting was changed"), {"changed": codes}),
    "meeting.ended": Rule(_("A meeting ended"), {"deferred": ids}),
    "meeting.invited": Rule(_("A guest was invited to a meeting"), {"user": an_id}),
    "meeting.left": Rule(_("Somebody left a meeting"), {"user": an_id, "seat": an_id}),
    "meeting.moved": Rule(_("A meeting was moved"), {"changed": codes}),
    "meeting.opened": Rule(_("A meeting was opened")),
    "meeting.quorum_lost": Rule(_("A meeting lost its quorum"), _QUORUM),
    "meeting.quorum_regained": Rule(_("A meeting had its quorum again"), _QUORUM),
    "meeting.reply_ignored": Rule(
        _("A calendar’s reply counted for nothing"), {"user": an_id, "cause": a_code}
    ),
    "meeting.restored": Rule(_("A meeting that was called off is held after all")),
    "meeting.reminded": Rule(_("Those who had not read an agenda were reminded"), {"users": ids}),
    "meeting.scheduled": Rule(_("A meeting was scheduled"), {"council": an_id}),
    "minutes.amended": Rule(
        _("An amendment of minutes was accepted"),
        {"meeting": an_id, "amendment": an_id, "revision": a_number},
        has_reason=True,
    ),
    "minutes.amendment_declined": Rule(
        _("An amendment of minutes was declined"),
        {"meeting": an_id, "amendment": an_id},
        has_reason=True,
    ),
    "minutes.amendment_proposed": Rule(
        _("An amendment of minutes was proposed"), {"meeting": an_id, "amendment": an_id}
    ),
    "minutes.approved": Rule(
        _("Minutes were approved"),
        {
            "council": an_id,
            "meeting": an_id,
            "number": a_number,
            "version": a_number,
            "how": a_code,
            "seal": a_number,
        },
    ),
    "minutes.begun": Rule(_("Minutes were begun"), {"meeting": an_id, "version": a_number}),
    "minutes.correction_begun": Rule(
        _("A correction of minutes was begun"),
        {"meeting": an_id, "version": a_number},
        has_reason=True,
    ),
    "minutes.noted": Rule(
        _("A note for the minutes was written"), {"meeting": an_id, "agenda_item": an_id}
    ),
    "minutes.proposed": Rule(
        _("Minutes were given to those who were there"), {"meeting": an_id, "revision": a_number}
    ),
    "minutes.published": Rule(_("Minutes were published"), {"meeting": an_id, "shared": codes}),
    "minutes.voted": Rule(
        _("Somebody who was there approved minutes"), {"meeting": an_id, "revision": a_number}
    ),
    "series.edited": Rule(_("A series of meetings was edited"), {"changed": codes}),
    "series.ended": Rule(_("A series of meetings was ended"), has_reason=True),
    "series.started": Rule(_("A series of meetings was started"), {"council": an_id}),
    "seat.added": Rule(_("A council got a seat"), {"council": an_id}),
    "seat.filled": Rule(_("Somebody was appointed to a seat"), {"term": an_id, "user": an_id}),
    "seat.vacated": Rule(_("A seat became vacant"), {"term": an_id}),
}
