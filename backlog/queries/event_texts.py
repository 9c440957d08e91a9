"""How each kind of event of the backlog reads in a history, with one query a kind at most.

The words are read from the rows, never from the event: what was erased is told without its words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from backlog.models import (
    Commitment,
    Consent,
    Customer,
    CustomerRequest,
    Department,
    Event,
    Evidence,
    Measurement,
    Obligation,
    Outcome,
    Reply,
    RequestStatus,
    StatusUpdate,
)
from backlog.queries import history, measurement_texts
from backlog.queries.history import EventText, Viewer
from backlog.rules import texts
from backlog.rules.statuses import Cause

_PLAIN = {
    "feedback.received": gettext_lazy("Their words arrived, and they are to hear so"),
    "request.opened": gettext_lazy("Opened as a request"),
    "request.moved": gettext_lazy("Moved in rank"),
    "evidence.unlinked": gettext_lazy("Words taken off again"),
    "commitment.withdrawn": gettext_lazy("Taken back out of the sprint"),
    "outcome.countersign_asked": gettext_lazy("A second colleague asked to agree to telling"),
    "outcome.countersigned": gettext_lazy("A second colleague agreed to telling"),
    "outcome.announcement_cancelled": gettext_lazy("Announcement cancelled"),
    "status_update.worded": gettext_lazy("What we say to customers was written"),
    "status_update.countersign_asked": gettext_lazy("A second colleague asked to agree to telling"),
    "status_update.countersigned": gettext_lazy("A second colleague agreed to telling"),
    "status_update.announcement_cancelled": gettext_lazy("Announcement cancelled"),
    "customer.added": gettext_lazy("Became known to us"),
    "customer.edited": gettext_lazy("Our record of them corrected"),
    "customer.erased": gettext_lazy("Erased at their wish"),
    "contact_point.added": gettext_lazy("Address added"),
    "contact_point.unsubscribed": gettext_lazy("Unsubscribed"),
    "contact_point.bounced": gettext_lazy("The address does not work any more"),
    "contact_point.complained": gettext_lazy("Complained about our mail"),
}
_CONSENTS = {
    "consent.given": gettext_lazy("Consent given"),
    "consent.withdrawn": gettext_lazy("Consent withdrawn"),
}
_CAUSES = {
    Cause.ASSESSMENT: gettext_lazy("by its first assessment"),
    Cause.DECISION: gettext_lazy("by a decision of the council"),
    Cause.COMMITMENT: gettext_lazy("taken into a sprint"),
    Cause.WITHDRAWAL: gettext_lazy("taken back out of a sprint"),
    Cause.SPRINT_START: gettext_lazy("its sprint has begun"),
    Cause.OUTCOME: gettext_lazy("by its outcome"),
    Cause.CONFIRMATION: gettext_lazy("the customers confirmed it"),
    Cause.DISPUTE: gettext_lazy("customers say it is not solved"),
    Cause.OVERRIDE: gettext_lazy("by hand, overriding the council"),
}
_TERMS = {
    "hypothesis": gettext_lazy("hypothesis"),
    "measure": gettext_lazy("success measure"),
    "baseline": gettext_lazy("baseline"),
    "target": gettext_lazy("target"),
    "is_pilot": gettext_lazy("is a pilot"),
}
_MERGES = {
    "request.merged": ("into", gettext_lazy("Merged into %(key)s")),
    "request.took_in": ("merged", gettext_lazy("%(key)s was merged into this")),
    "request.unmerged": ("survivor", gettext_lazy("Its own again, no longer merged into %(key)s")),
    "request.gave_back": ("merged", gettext_lazy("%(key)s is its own request again")),
}
_CUSTOMER_MERGES = {
    "customer.merged": ("into", gettext_lazy("Merged into %(customer)s")),
    "customer.took_in": ("merged", gettext_lazy("%(customer)s was merged into this one")),
    "customer.unmerged": (
        "survivor",
        gettext_lazy("A person of their own again, no longer merged into %(customer)s"),
    ),
    "customer.gave_back": ("merged", gettext_lazy("%(customer)s is a person of their own again")),
}
_NOTICED = {
    "customer.told": gettext_lazy("Told: %(customer)s"),
    "obligation.superseded": gettext_lazy("Told with a later update: %(customer)s"),
    "obligation.suppressed": gettext_lazy("Not told: %(customer)s"),
    "obligation.bounced": gettext_lazy("Not reached: %(customer)s"),
    "obligation.waived": gettext_lazy("Need not be told: %(customer)s"),
}


def register_readers() -> None:
    for kind in _PLAIN:
        history.register(kind, plain)
    for kind in _CONSENTS:
        history.register(kind, consented)
    for kind in _NOTICED:
        history.register(kind, noticed)
    history.register("request.edited", edited)
    history.register("request.status_changed", status_changed)
    history.register("request.assessed", department_spoke)
    history.register("request.step_set", department_spoke)
    history.register("commitment.effort_set", department_spoke)
    history.register("evidence.linked", linked)
    for kind in _MERGES:
        history.register(kind, merged_so)
    for kind in _CUSTOMER_MERGES:
        history.register(kind, customers_merged)
    history.register("request.committed", committed)
    history.register("commitment.edited", terms_edited)
    history.register("outcome.", outcome)
    history.register("outcome.measured", measured_so)
    history.register("status_update.", status_update)
    history.register("reply.received", replied)


def plain(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    return {event.pk: EventText(_PLAIN[event.kind]) for event in events}


def consented(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    return {
        event.pk: EventText(
            _CONSENTS[event.kind], detail=Consent.Purpose(event.data["purpose"]).label
        )
        for event in events
    }


def edited(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    """Who owns it and when it is looked at again are no words of it."""
    return {event.pk: EventText(_edited_so(set(event.data.get("changed", ())))) for event in events}


def _edited_so(changed: set[str]) -> str:
    if not changed or changed - {"owner", "review_on"}:
        return gettext("Worded anew")
    if changed == {"owner"}:
        return gettext("Another owner")
    if changed == {"review_on"}:
        return gettext("Another day of review")
    return gettext("Another owner and day of review")


def status_changed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    return {
        event.pk: EventText(
            gettext("Now %(status)s") % {"status": RequestStatus(event.data["to"]).label},
            detail=_CAUSES[Cause(event.data["cause"])],
        )
        for event in events
    }


def merged_so(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    told = {event.pk: event.data[_MERGES[event.kind][0]] for event in events}
    keys = dict(CustomerRequest.objects.filter(pk__in=told.values()).values_list("pk", "key"))
    return {
        event.pk: EventText(_MERGES[event.kind][1] % {"key": keys[told[event.pk]]})
        for event in events
    }


def customers_merged(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    named = {event.pk: event.data[_CUSTOMER_MERGES[event.kind][0]] for event in events}
    rows = Customer.objects.prefetch_related("contact_points").in_bulk(set(named.values()))
    may_see = history.may_see_customers(viewer)
    return {
        event.pk: EventText(
            _CUSTOMER_MERGES[event.kind][1]
            % {"customer": rows[named[event.pk]] if may_see else gettext("a customer")},
            words=event.reason,
        )
        for event in events
    }


def department_spoke(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    names = Department.objects.in_bulk({event.data["department"] for event in events})
    titles = {
        "request.assessed": gettext("Assessed for %(department)s"),
        "request.step_set": gettext("Step of %(department)s set"),
        "commitment.effort_set": gettext("Effort of %(department)s estimated"),
    }
    return {
        event.pk: EventText(
            titles[event.kind] % {"department": names[event.data["department"]]},
            detail=gettext("changed after reading what the others said")
            if event.data.get("revised")
            else "",
        )
        for event in events
    }


def linked(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    return {
        event.pk: EventText(
            gettext("Words linked as evidence"),
            detail=Evidence.Importance(event.data["importance"]).label,
        )
        for event in events
    }


def committed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    rows = Commitment.objects.select_related("sprint").in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            gettext("Taken into %(sprint)s") % {"sprint": row.sprint},
            words=row.hypothesis,
            detail=row.measure,
        )
        for event in events
        if (row := rows.get(event.subject_id))
    }


def terms_edited(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    """Told from the events, as the terms were then; they are a colleague's words, no customer's."""
    return {
        event.pk: EventText(
            gettext("Terms of the commitment edited"),
            words=event.data["after"].get("hypothesis", ""),
            detail="; ".join(_edited(name, event.data) for name in event.data["changed"]),
        )
        for event in events
    }


def _edited(name: str, data: Mapping[str, Any]) -> str:
    """`target: 20 → 15`; of the hypothesis, which is long, only that it was."""
    label = str(_TERMS[name])
    if name == "hypothesis":
        return label
    return f"{label}: {_term(data['before'][name])} → {_term(data['after'][name])}"


def _term(term: Any) -> str:
    match term:
        case True | False:
            return gettext("yes") if term else gettext("no")
        case None | "":
            return "–"
        case _:
            return str(term)


def outcome(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    rows = Outcome.objects.in_bulk(_subjects(events))
    return {
        event.pk: _announced(event) if event.kind == "outcome.announced" else _outcome(row)
        for event in events
        if (row := rows.get(event.subject_id))
    }


def _outcome(row: Outcome) -> EventText:
    return EventText(
        gettext("Outcome: %(result)s") % {"result": row.get_result_display()},
        words=texts.pick(row.summary, get_language()),
        detail=texts.pick(row.missing, get_language()),
    )


def measured_so(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    rows = Measurement.objects.select_related("outcome__commitment").in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            gettext("Measured: %(verdict)s") % {"verdict": row.get_verdict_display()},
            words=measurement_texts.sentence(row, measure=row.outcome.commitment.measure),
            detail=measurement_texts.samples(row),
        )
        for event in events
        if (row := rows.get(event.subject_id))
    }


def status_update(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    rows = StatusUpdate.objects.in_bulk(_subjects(events))
    return {
        event.pk: _announced(event)
        if event.kind == "status_update.announced"
        else _status_update(row)
        for event in events
        if (row := rows.get(event.subject_id))
    }


def _status_update(row: StatusUpdate) -> EventText:
    return EventText(
        gettext("Customers are to hear: %(kind)s") % {"kind": row.get_kind_display()},
        words=texts.pick(row.words, get_language()),
    )


def _announced(event: Event) -> EventText:
    told = event.data["customers"]
    announced = ngettext("Announced to %(told)d customer", "Announced to %(told)d customers", told)
    return EventText(announced % {"told": told})


def noticed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    named = Obligation.objects.select_related("customer")
    rows = named.prefetch_related("customer__contact_points").in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            _NOTICED[event.kind] % {"customer": _name(row, viewer)},
            detail=row.get_reason_display() if row.reason else "",
        )
        for event in events
        if (row := rows.get(event.subject_id))
    }


def replied(events: Sequence[Event], viewer: Viewer) -> Mapping[int, EventText]:
    related = Reply.objects.select_related("feedback", "obligation__customer")
    related = related.prefetch_related("obligation__customer__contact_points")
    rows = related.in_bulk(_subjects(events))
    return {
        event.pk: EventText(
            gettext("Did this solve it? %(customer)s: %(verdict)s")
            % {"customer": _name(row.obligation, viewer), "verdict": row.get_verdict_display()},
            words=row.feedback.verbatim if row.feedback else "",
            detail=row.get_satisfaction_display() or "",
        )
        for event in events
        if (row := rows.get(event.subject_id))
    }


def _subjects(events: Sequence[Event]) -> set[int]:
    return {event.subject_id for event in events}


def _name(obligation: Obligation, viewer: Viewer) -> str:
    if history.may_see_customers(viewer):
        return str(obligation.customer)
    return gettext("a customer")
