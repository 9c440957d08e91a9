"""The council's kinds of events: what each may hold, and who may read it."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from backlog.rules.events import Rule, a_code, a_number, an_id, codes, ids

_ACTION: Final = {"council": an_id, "owner": an_id}

RULES: Final[Mapping[str, Rule]] = {
    "action_item.assigned": Rule(_("Somebody was asked to do something"), _ACTION),
    "action_item.cancelled": Rule(_("An action was cancelled"), _ACTION, has_reason=True),
    "action_item.claimed_done": Rule(_("The owner says that an action is done"), _ACTION),
    "action_item.reopened": Rule(_("An action was found not to be done"), _ACTION, has_reason=True),
    "action_item.verified": Rule(_("An action was accepted as done"), _ACTION),
    "agenda_item.accepted": Rule(_("A proposal for an agenda was accepted"), {"meeting": an_id}),
    "agenda_item.added": Rule(_("Something was put on an agenda"), {"meeting": an_id}),
    "agenda_item.carried_over": Rule(_("Something on an agenda was put off"), {"meeting": an_id}),
    "agenda_item.declined": Rule(
        _("A proposal for an agenda was declined"), {"meeting": an_id}, has_reason=True
    ),
    "agenda_item.edited": Rule(
        _("Something on an agenda was edited"), {"meeting": an_id, "changed": codes}
    ),
    "agenda_item.moved": Rule(_("Something on an agenda was moved"), {"meeting": an_id}),
    "agenda_item.proposed": Rule(_("Something was proposed for an agenda"), {"meeting": an_id}),
    "agenda_item.withdrawn": Rule(_("Something was taken off an agenda"), has_reason=True),
    "council.edited": Rule(_("A council was edited"), {"changed": codes}),
    "council.founded": Rule(_("A council was founded")),
    "decision.recorded": Rule(
        _("The council decided on a request"),
        {"council": an_id, "verdict": a_code, "supersedes": an_id, "seal": a_number},
    ),
    "meeting.cancelled": Rule(_("A meeting was called off"), has_reason=True),
    "meeting.ended": Rule(_("A meeting ended"), {"deferred": ids}),
    "meeting.opened": Rule(_("A meeting was opened")),
    "meeting.scheduled": Rule(_("A meeting was scheduled"), {"council": an_id}),
    "seat.added": Rule(_("A council got a seat"), {"council": an_id}),
    "seat.filled": Rule(_("Somebody was appointed to a seat"), {"term": an_id, "user": an_id}),
    "seat.vacated": Rule(_("A seat became vacant"), {"term": an_id}),
}
