"""How the council's events read in a request's history; one query for each kind of subject."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backlog.models import Event
from backlog.queries import history
from backlog.queries.history import EventText, Viewer
from council.models import ActionItem, AgendaItem, Ballot, Decision, Review

ACTION_TITLES = {
    "action_item.assigned": gettext_noop("%(owner)s is asked: %(action)s"),
    "action_item.claimed_done": gettext_noop("%(owner)s says it is done: %(action)s"),
    "action_item.verified": gettext_noop("Verified: %(action)s"),
    "action_item.reopened": gettext_noop("Not done after all: %(action)s"),
    "action_item.helpers_set": gettext_noop("Who helps %(owner)s: %(action)s"),
    "action_item.partner_claimed": gettext_noop("A partner says it is done: %(action)s"),
    "action_item.partner_invited": gettext_noop("A partner was given a link: %(action)s"),
    "action_item.partner_withdrawn": gettext_noop("No partner any more: %(action)s"),
    "action_item.time_asked": gettext_noop("A partner asks for more time: %(action)s"),
    "action_item.put_off": gettext_noop("Due on another day: %(action)s"),
    "action_item.undone": gettext_noop("Taken back: %(action)s"),
    "action_item.blocked": gettext_noop("Blocked: %(action)s"),
    "action_item.unblocked": gettext_noop("Blocked no more: %(action)s"),
    "action_item.cancelled": gettext_noop("Not needed any more: %(action)s"),
}
CLAIMED = ("action_item.claimed_done", "action_item.partner_claimed")
AGENDA_TITLES = {
    "agenda_item.proposed": gettext_noop("Proposed for the agenda of “%(meeting)s”"),
    "agenda_item.accepted": gettext_noop("Taken on the agenda of “%(meeting)s”"),
    "agenda_item.declined": gettext_noop("Not taken on the agenda of “%(meeting)s”"),
    "agenda_item.carried_over": gettext_noop("Put off to a later meeting than “%(meeting)s”"),
    "agenda_item.added": gettext_noop("Put on the agenda of “%(meeting)s”"),
    "agenda_item.activated": gettext_noop("Discussed at “%(meeting)s”"),
    "agenda_item.stepped_aside": gettext_noop("A seat stepped aside at “%(meeting)s”"),
    "agenda_item.came_back": gettext_noop("A seat came back to it at “%(meeting)s”"),
    "agenda_item.worked_out": gettext_noop("Worked out together at “%(meeting)s”"),
    "agenda_item.withdrawn": gettext_noop("Taken off the agenda of “%(meeting)s”"),
}

RECORDED, RETIRED = "decision.recorded", "decision.retired"
DECISION_TITLES = {
    "verdict": gettext_noop("%(council)s decided: %(verdict)s"),
    "amendment": gettext_noop("%(council)s amended its decision: %(verdict)s"),
    "correction": gettext_noop("A decision of %(council)s was corrected: %(verdict)s"),
    RETIRED: gettext_noop("A decision of %(council)s was retired: %(verdict)s"),
}
BALLOT_TITLES = {
    "ballot.opened": gettext_noop("Put to the vote: %(verdict)s"),
    "ballot.amended": gettext_noop("Put to the vote in other words: %(verdict)s"),
    "ballot.closed": gettext_noop("The vote was closed: %(result)s"),
    "ballot.withdrawn": gettext_noop("The vote was withdrawn"),
}


def register_readers() -> None:
    history.register("ballot.", tell_ballots)
    history.register("decision.", tell_decisions)
    history.register("agenda_item.", tell_agenda_items)
    history.register("action_item.", tell_action_items)


def tell_decisions(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    decisions = Decision.objects.select_related("council").in_bulk(_subjects(events))
    recorded = {
        event.pk: EventText(
            title=_(DECISION_TITLES[decision.act if event.kind == RECORDED else event.kind])
            % {"council": decision.council, "verdict": decision.get_verdict_display()},
            words=(decision.what_changed or decision.rationale) if event.kind == RECORDED else "",
            detail=" · ".join(_particulars(decision)) if event.kind == RECORDED else event.reason,
        )
        for event in events
        if event.kind in (RECORDED, RETIRED) and (decision := decisions.get(event.subject_id))
    }
    return recorded | _tell_reviews([it for it in events if it.kind == "decision.reviewed"])


def _tell_reviews(events: Sequence[Event]) -> dict[int, EventText]:
    reviews = Review.objects.in_bulk({event.data["review"] for event in events}) if events else {}
    return {
        event.pk: EventText(
            title=_("What was expected of the decision: %(result)s")
            % {"result": review.get_result_display()}
            if review.result
            else _("The decision was looked at again"),
            words=review.words,
            detail=review.get_conclusion_display(),
        )
        for event in events
        if (review := reviews.get(event.data["review"]))
    }


def _particulars(decision: Decision) -> Iterator[str]:
    if decision.status != Decision.Status.IN_EFFECT:
        yield decision.get_status_display()
    if decision.review_on:
        yield _("review on %(day)s") % {"day": date_format(decision.review_on)}
    if decision.expected_effect:
        yield _("expected effect: %(effect)s") % {"effect": decision.expected_effect}
    if decision.dissent:
        yield _("dissent: %(dissent)s") % {"dissent": decision.dissent}


def tell_ballots(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    """What was proposed and what came of it; who said what is for the ballot to show."""
    ballots = Ballot.objects.in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            title=_(BALLOT_TITLES[event.kind])
            % {"verdict": ballot.get_verdict_display(), "result": ballot.get_result_display()},
            words=ballot.proposal if event.kind in ("ballot.opened", "ballot.amended") else "",
            detail=event.reason,
        )
        for event in events
        if (ballot := ballots.get(event.subject_id)) and event.kind in BALLOT_TITLES
    }


def tell_agenda_items(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    items = AgendaItem.objects.select_related("meeting").in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            title=_(AGENDA_TITLES[event.kind]) % {"meeting": item.meeting},
            detail=date_format(localtime(item.meeting.starts_at), "DATETIME_FORMAT"),
        )
        for event in events
        if (item := items.get(event.subject_id)) and event.kind in AGENDA_TITLES
    }


def tell_action_items(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    actions = ActionItem.objects.select_related("owner").in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            title=_(ACTION_TITLES[event.kind]) % {"owner": action.owner, "action": action.title},
            words=(action.evidence or action.evidence_link) if event.kind in CLAIMED else "",
            detail=_("due on %(day)s") % {"day": date_format(action.due_on)},
        )
        for event in events
        if (action := actions.get(event.subject_id)) and event.kind in ACTION_TITLES
    }


def _subjects(events: Sequence[Event]) -> set[int]:
    return {event.subject_id for event in events}
