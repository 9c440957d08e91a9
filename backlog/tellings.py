"""How the line tells each kind of event of the backlog, with one query a kind at most."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from backlog import line
from backlog.line import Telling, Viewer
from backlog.models import (
    Commitment,
    Department,
    Event,
    Evidence,
    Obligation,
    Outcome,
    Reply,
    RequestStatus,
)
from backlog.rules import texts
from backlog.rules.statuses import Cause

_PLAIN = {
    "request.opened": gettext_lazy("Opened as a request"),
    "request.edited": gettext_lazy("Worded anew"),
    "request.moved": gettext_lazy("Moved in rank"),
    "evidence.unlinked": gettext_lazy("Words taken off again"),
    "commitment.withdrawn": gettext_lazy("Taken back out of the sprint"),
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
_NOTICED = {
    "customer.told": gettext_lazy("Told: %(customer)s"),
    "obligation.superseded": gettext_lazy("Told with later news: %(customer)s"),
    "obligation.suppressed": gettext_lazy("Not told: %(customer)s"),
    "obligation.bounced": gettext_lazy("Not reached: %(customer)s"),
    "obligation.waived": gettext_lazy("Need not be told: %(customer)s"),
}


def register_readers() -> None:
    for kind in _PLAIN:
        line.register(kind, plain)
    for kind in _NOTICED:
        line.register(kind, noticed)
    line.register("request.status_changed", status_changed)
    line.register("request.assessed", department_spoke)
    line.register("request.step_set", department_spoke)
    line.register("evidence.linked", linked)
    line.register("request.committed", committed)
    line.register("outcome.", outcome)
    line.register("reply.received", replied)


def plain(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    return {event.pk: Telling(_PLAIN[event.kind]) for event in events}


def status_changed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    return {
        event.pk: Telling(
            gettext("Now %(status)s") % {"status": RequestStatus(event.data["to"]).label},
            detail=_CAUSES[Cause(event.data["cause"])],
        )
        for event in events
    }


def department_spoke(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    names = Department.objects.in_bulk({event.data["department"] for event in events})
    titles = {
        "request.assessed": gettext("Assessed for %(department)s"),
        "request.step_set": gettext("Step of %(department)s set"),
    }
    return {
        event.pk: Telling(titles[event.kind] % {"department": names[event.data["department"]]})
        for event in events
    }


def linked(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    return {
        event.pk: Telling(
            gettext("Words linked as evidence"),
            detail=Evidence.Importance(event.data["importance"]).label,
        )
        for event in events
    }


def committed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    rows = Commitment.objects.select_related("sprint").in_bulk(_subjects(events))
    return {
        event.pk: Telling(
            gettext("Taken into %(sprint)s") % {"sprint": rows[event.subject_id].sprint},
            words=rows[event.subject_id].hypothesis,
            detail=rows[event.subject_id].measure,
        )
        for event in events
    }


def outcome(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    rows = Outcome.objects.in_bulk(_subjects(events))
    return {event.pk: _outcome(event, rows[event.subject_id]) for event in events}


def _outcome(event: Event, row: Outcome) -> Telling:
    if event.kind == "outcome.announced":
        told = event.data["customers"]
        announced = ngettext(
            "Announced to %(told)d customer", "Announced to %(told)d customers", told
        )
        return Telling(announced % {"told": told})
    result = Outcome.Result(event.data["result"]).label
    return Telling(
        gettext("Outcome: %(result)s") % {"result": result},
        words=texts.pick(row.summary, get_language()),
        detail=texts.pick(row.missing, get_language()),
    )


def noticed(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    rows = Obligation.objects.select_related("customer").in_bulk(_subjects(events))
    return {
        event.pk: Telling(
            _NOTICED[event.kind] % {"customer": _name(rows[event.subject_id], viewer)},
            detail=rows[event.subject_id].get_reason_display(),
        )
        for event in events
    }


def replied(events: Sequence[Event], viewer: Viewer) -> Mapping[int, Telling]:
    rows = Reply.objects.select_related("feedback", "obligation__customer").in_bulk(
        _subjects(events)
    )
    tellings = {}
    for event in events:
        row = rows[event.subject_id]
        said = {
            "customer": _name(row.obligation, viewer),
            "verdict": Reply.Verdict(event.data["verdict"]).label,
        }
        words = row.feedback.verbatim if row.feedback else ""
        tellings[event.pk] = Telling(
            gettext("Did this solve it? %(customer)s: %(verdict)s") % said, words=words
        )
    return tellings


def _subjects(events: Sequence[Event]) -> set[int]:
    return {event.subject_id for event in events}


def _name(obligation: Obligation, viewer: Viewer) -> str:
    if line.may_see_customers(viewer):
        return str(obligation.customer)
    return gettext("a customer")
