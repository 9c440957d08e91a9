"""Minutes as the record has them, and as a reader may see them."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from backlog.models import CustomerRequest, Event, User
from council.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    Council,
    Decision,
    Meeting,
    Minutes,
    Stance,
)
from council.queries import attendances
from council.rules import ballots as ballot_rules
from council.rules import minutes as rules
from council.rules import quorum as quorum_rules
from council.rules import seals

_TURNS = ("agenda_item.activated", "agenda_item.carried_over", "agenda_item.withdrawn")
"""What begins the time of an item, and what ends it before the next one begins."""


def latest(meeting: Meeting) -> Minutes | None:
    """The version at work, or the last one that was approved."""
    return meeting.minutes_versions.order_by("-version").first()


def assemble(minutes: Minutes) -> dict[str, Any]:
    """The content of minutes as the record has it now; nobody writes what is on record."""
    meeting = Meeting.objects.select_related("council").get(pk=minutes.meeting_id)
    used = minutes_used(meeting)
    return {
        "meeting": {
            "id": meeting.pk,
            "title": meeting.title,
            "council": meeting.council.name,
            "place": meeting.place,
            "starts_at": _moment(meeting.starts_at),
            "minutes": meeting.minutes,
            "opened_at": _moment(meeting.opened_at),
            "ended_at": _moment(meeting.ended_at),
        },
        "correction": minutes.correction,
        "remarks": minutes.remarks,
        "attendances": [_attendance(each) for each in _attendances(meeting)],
        "items": [_item(each, used.get(each.pk)) for each in _items(meeting)],
    }


def content_of(minutes: Minutes) -> dict[str, Any]:
    """The snapshot under review or approved; of a draft, the record as it stands."""
    content: dict[str, Any] = minutes.content if minutes.revision else assemble(minutes)
    return content


def for_reader(content: rules.Content, user: User) -> dict[str, Any]:
    """Without what is about requests that the person may not see."""
    there = rules.requests_in(content)
    seen = CustomerRequest.objects.visible_to(user).filter(pk__in=there)
    return rules.for_reader(content, set(seen.values_list("pk", flat=True)))


def minutes_used(meeting: Meeting) -> dict[int, int]:
    """By item so many minutes, from when the meeting turned to it until it turned away.

    Read from the ledger, which has every turn: an item that was taken up twice has both.
    """
    items = meeting.agenda_items.values_list("pk", flat=True)
    turns = Event.objects.filter(
        subject_type="agendaitem", subject_id__in=list(items), kind__in=_TURNS
    )
    seconds: dict[int, float] = {}
    current: tuple[int, datetime] | None = None
    for kind, item, at in turns.order_by("at", "pk").values_list("kind", "subject_id", "at"):
        begins = kind == "agenda_item.activated"
        if current is not None and (begins or current[0] == item):
            _add(seconds, current, at)
            current = None
        if begins:
            current = (item, at)
    if current is not None and meeting.ended_at is not None:
        _add(seconds, current, meeting.ended_at)
    return {item: round(each / 60) for item, each in seconds.items()}


def _add(seconds: dict[int, float], current: tuple[int, datetime], until: datetime) -> None:
    item, since = current
    seconds[item] = seconds.get(item, 0.0) + max(0.0, (until - since).total_seconds())


def _attendances(meeting: Meeting) -> "QuerySet[Attendance]":
    return meeting.attendances.select_related("seat__department").order_by("came_at", "pk")


def _attendance(there: Attendance) -> dict[str, Any]:
    return {
        "user": there.user_id,
        "seat": there.seat_id,
        "seat_title": str(there.seat) if there.seat else "",
        "capacity": str(there.capacity),
        "came_at": _moment(there.came_at),
        "left_at": _moment(there.left_at),
    }


def _items(meeting: Meeting) -> "QuerySet[AgendaItem]":
    """All that had a place on the agenda, also what was put off; not what was never taken on."""
    slim = Decision.objects.select_related("request").defer("frozen", "search_text").order_by("pk")
    closed = Ballot.objects.exclude(status=Ballot.Status.OPEN).order_by("pk")
    voted = closed.prefetch_related(Prefetch("stances", Stance.objects.order_by("pk")))
    items = meeting.agenda_items.exclude(
        status__in=[*AgendaItem.OFF_AGENDA, AgendaItem.Status.PROPOSED]
    ).select_related("request")
    return items.prefetch_related(
        Prefetch("decisions", slim),
        Prefetch("ballots", voted),
        Prefetch("further_ballots", voted),
        Prefetch("action_items", ActionItem.objects.order_by("pk")),
    ).order_by("position", "pk")


def _item(item: AgendaItem, used: int | None) -> dict[str, Any]:
    request = item.request
    return {
        "id": item.pk,
        "title": item.title or (request.title if request else ""),
        "request": item.request_id,
        "key": request.key if request else "",
        "kind": str(item.kind),
        "status": str(item.status),
        "presenter": item.presenter_id,
        "planned": item.minutes,
        "used": used,
        "note": item.note,
        "proposals": [
            _proposal(each, version) for version, each in enumerate(_ballots_on(item), start=1)
        ],
        "decisions": [_decision(each) for each in item.decisions.all()],
        "actions": [_action(each) for each in item.action_items.all()],
    }


def _ballots_on(item: AgendaItem) -> list[Ballot]:
    """By itself or with others, in the order in which they were opened."""
    found = [*item.ballots.all(), *item.further_ballots.all()]
    return sorted(found, key=lambda ballot: ballot.pk)


def _proposal(ballot: Ballot, version: int) -> dict[str, Any]:
    """A blind ballot that was never closed stays blind: neither counts nor reasons."""
    is_shown = ballot.status == Ballot.Status.CLOSED or not ballot.is_blind
    said = list(ballot.stances.all()) if is_shown else []
    counts = Counter(each.answer for each in said)
    against = [each for each in said if each.answer in ballot_rules.AGAINST]
    return {
        "id": ballot.pk,
        "version": version,
        "verdict": str(ballot.verdict),
        "proposal": ballot.proposal,
        "status": str(ballot.status),
        "result": str(ballot.result),
        "counts": [{"answer": str(name), "seats": seats} for name, seats in counts.items()],
        "dissent": [
            {"user": each.user_id if each.is_named else None, "reason": each.reason}
            for each in against
        ],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "request": decision.request_id,
        "key": decision.request.key,
        "verdict": str(decision.verdict),
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "rationale": decision.rationale,
        "expected_effect": decision.expected_effect,
        "dissent_words": decision.dissent,
    }


def _action(action: ActionItem) -> dict[str, Any]:
    return {
        "id": action.pk,
        "request": action.request_id,
        "title": action.title,
        "owner": action.owner_id,
        "due_on": action.due_on.isoformat(),
        "success_measure": action.success_measure,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def were_there(meeting: Meeting) -> "QuerySet[User]":
    """Everybody who was at the meeting, if only for a part of it."""
    there = meeting.attendances.exclude(capacity=Attendance.Capacity.PROXY)
    return User.objects.filter(pk__in=there.values("user")).order_by("name", "pk")


def approved_by(minutes: Minutes) -> "QuerySet[User]":
    """Who said yes to the minutes as they read now."""
    said = minutes.approvals.filter(revision=minutes.revision)
    return User.objects.filter(pk__in=said.values("user")).order_by("name", "pk")


def has_quorum(minutes: Minutes, council: Council) -> bool:
    """Whether as many departments have said yes as the council needs to decide."""
    entitled = attendances.entitled_seats(council.pk)
    spoke = Attendance.objects.in_person().filter(
        meeting=minutes.meeting_id, user__in=approved_by(minutes).values("pk"), seat__in=entitled
    )
    present = spoke.values("seat").distinct().count()
    return quorum_rules.quorum(council.quorum, present=present, departments=entitled.count()).is_met


def waiting_for_silence(*, at: datetime) -> "QuerySet[Minutes]":
    """Under review, nothing open against them, and the time for it is over."""
    waiting = Minutes.objects.in_review().filter(review_until__lte=at)
    return waiting.exclude(amendments__status="open").order_by("pk")


def overdue(*, at: datetime) -> "QuerySet[Minutes]":
    """Not approved so long after the meeting that somebody should be reminded."""
    late = Q(meeting__ended_at__lte=at - min(rules.REMINDED_AFTER))
    rows = Minutes.objects.filter(late, status__in=["draft", "review"], version=1)
    return rows.select_related("meeting", "council").order_by("pk")


def sealed_content(minutes: Minutes, through: dict[str, str] | None) -> dict[str, Any]:
    """What a seal says of approved minutes: ids, times and codes, and the words by their digest."""
    return {
        "minutes": minutes.pk,
        "meeting": minutes.meeting_id,
        "number": minutes.number,
        "version": minutes.version,
        "revision": minutes.revision,
        "approved_at": _moment(minutes.approved_at),
        "approved_how": str(minutes.approved_how),
        "approved_by": _ids(approved_by(minutes)),
        "through": through,
        "facts": seals.digest_of(rules.facts(minutes.content)),
        "words": seals.digest_of([minutes.salt, minutes.content]),
    }


def _ids(people: Iterable[User]) -> list[int]:
    return sorted(each.pk for each in people)
