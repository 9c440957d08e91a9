"""The room of a meeting: what is discussed with its evidence, who is there, and the vote."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest, User
from backlog.pages.base import Request, page
from backlog.queries import history
from council.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Decision,
    Meeting,
    Seat,
    SeatTerm,
    Stance,
)
from council.operations.attendances import BEFOREHAND
from council.pages import minutes_forms, prediction_forms, request_words
from council.queries import attendances, ballots, recusals
from council.queries import decisions as decision_queries
from council.queries import meetings as meeting_queries
from council.queries import seats as seat_queries
from council.rules import wordings
from council.rules.ballots import ANSWERS, Mode

VIEW = "council.view_meeting"


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at the table: who speaks for it now, whose it is, and whether it has answered."""

    seat: Seat
    speaker: Attendance | None
    terms: list[SeatTerm]
    has_answered: bool
    stance: Stance | None


@dataclass(frozen=True, slots=True)
class Voice:
    """A seat that the person speaks for, and what they have said for it."""

    attendance: Attendance
    stance: Stance | None
    earlier: Stance | None


@require_safe
@permission_required(VIEW, raise_exception=True)
def room(request: Request, meeting_id: int) -> HttpResponse:
    return show(request, find(request, meeting_id))


@require_safe
@permission_required(VIEW, raise_exception=True)
def room_now(request: Request, meeting_id: int) -> HttpResponse:
    """The room alone, for whoever has it open; nothing to whoever has it as it is.

    That costs one query: it is asked every few seconds by everybody who is there.
    """
    tag = tag_of(request, meeting_id)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    context = context_of(request, find(request, meeting_id))
    response = render(request, "council/_room.html", context)
    response["ETag"] = tag
    return response


def tag_of(request: Request, meeting_id: int) -> str:
    """Of what was done last, for this reader and in their language."""
    latest = meeting_queries.latest_events(meeting_id, request.user)
    if latest is None:
        raise Http404
    numbers = "-".join(str(number or 0) for number in latest)
    return f'"{request.user.pk}-{get_language()}-{numbers}"'


def find(request: Request, meeting_id: int) -> Meeting:
    seen = Meeting.objects.visible_to(request.user).select_related(
        "council__chair", "council__secretary"
    )
    return get_object_or_404(seen, pk=meeting_id)


def show(request: Request, meeting: Meeting, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` is what was typed and not accepted."""
    context = {**context_of(request, meeting), **bound}
    return page(request, "council/room.html", title=meeting.title, status=status, **context)


def context_of(request: Request, meeting: Meeting) -> dict[str, Any]:
    user = request.user
    # Before anything is read: what is done meanwhile shows at the next look.
    tag = tag_of(request, meeting.pk)
    items = list(
        AgendaItem.objects.visible_to(user)
        .filter(meeting=meeting)
        .exclude(status__in=["withdrawn", "declined"])
        .select_related("request__product", "meeting__council")
        .order_by("position", "pk")
    )
    active = next((each for each in items if each.status == AgendaItem.Status.ACTIVE), None)
    shown = active or _last_taken_up(items)
    ballot = _ballot_on(shown, user)
    places = _places(meeting, ballot)
    return {
        "tag": tag,
        "meeting": meeting,
        "quorum": attendances.quorum_of(meeting),
        "items": items,
        "item": shown,
        **_time_of(meeting),
        "aside": recusals.aside_on(shown, user),
        "next_item": _next(items, shown),
        "places": places,
        "speakers": [place.speaker for place in places if place.speaker],
        "is_there": _is_there(meeting, user),
        "may_come": _may_come(meeting, user, places),
        "others_there": _others_there(meeting),
        "verdicts": Decision.Verdict.choices,
        "reason_codes": Decision.ReasonCode.choices,
        "can_hold": user.has_perm("council.hold_meeting"),
        "may_attend": user.has_perm("council.attend_meeting"),
        "may_see_customers": history.may_see_customers(user),
        "note_form": _note_form(shown, meeting, user),
        **_evidence(shown, user),
        "figure_rows": prediction_forms.rows_of(ballot.expected if ballot else ()),
        **_of_ballot(ballot, meeting, user),
    }


def _time_of(meeting: Meeting) -> dict[str, bool]:
    """Whether it is to come or under way, and whether people can come in."""
    is_to_come = meeting.status in Meeting.TO_COME
    is_under_way = meeting.status in Meeting.UNDER_WAY
    is_near = meeting.starts_at - timezone.now() <= BEFOREHAND
    return {
        "is_to_come": is_to_come,
        "is_under_way": is_under_way,
        "is_live": is_under_way or (is_to_come and is_near),
    }


def _last_taken_up(items: list[AgendaItem]) -> AgendaItem | None:
    """What was decided last stays in sight until the meeting turns to something else."""
    taken_up = [each for each in items if each.activated_at is not None]
    return max(taken_up, key=lambda it: (it.activated_at, it.pk), default=None)


def _next(items: list[AgendaItem], shown: AgendaItem | None) -> AgendaItem | None:
    """The next one that waits, after what is shown; else the first."""
    waiting = [each for each in items if each.status in ("proposed", "scheduled")]
    after = [each for each in waiting if shown and each.position > shown.position]
    return next(iter([*after, *waiting]), None)


def _evidence(item: AgendaItem | None, user: User) -> dict[str, Any]:
    if item is None or item.request_id is None:
        return {"row": None, "words": []}
    asked = CustomerRequest.objects.visible_to(user).with_askers().select_related("product")
    row = get_object_or_404(asked, pk=item.request_id)
    return {"row": row, "words": request_words.best(row, user, get_language() or "")}


def _note_form(item: AgendaItem | None, meeting: Meeting, user: User) -> minutes_forms.Note | None:
    """For whoever writes the minutes while the meeting runs."""
    if item is None or meeting.status not in Meeting.UNDER_WAY:
        return None
    return minutes_forms.Note(item) if user.has_perm("council.hold_meeting") else None


def _ballot_on(item: AgendaItem | None, user: User) -> Ballot | None:
    if item is None:
        return None
    seen = Ballot.objects.visible_to(user).filter(agenda_item=item)
    joined = seen.exclude(status="withdrawn").select_related(
        "amends", "agenda_item__meeting__council"
    )
    return joined.order_by("-pk").first()


def _places(meeting: Meeting, ballot: Ballot | None) -> list[Place]:
    there = Attendance.objects.there().filter(meeting=meeting).select_related("user")
    terms = SeatTerm.objects.current().select_related("user").order_by("is_alternate")
    seats = Seat.objects.filter(council=meeting.council_id).select_related("department")
    found = seats.prefetch_related(
        Prefetch("attendances", there, to_attr="speakers"),
        Prefetch("terms", terms, to_attr="holders"),
    )
    said = {each.seat_id: each for each in ballot.stances.all()} if ballot else {}
    is_open_to_all = ballot is not None and (not ballot.is_blind or ballot.status == "closed")
    return [
        Place(
            seat,
            next(iter(getattr(seat, "speakers")), None),  # noqa: B009 -- made by the query
            getattr(seat, "holders"),  # noqa: B009 -- the same
            seat.pk in said,
            said.get(seat.pk) if is_open_to_all else None,
        )
        for seat in found.order_by("-is_voting", "department__name", "pk")
    ]


def _is_there(meeting: Meeting, user: User) -> bool:
    return meeting.attendances.there().filter(user=user).exists()


def _may_come(meeting: Meeting, user: User, places: list[Place]) -> bool:
    officers = (meeting.council.chair_id, meeting.council.secretary_id)
    seated = {term.user_id for place in places for term in place.terms}
    return user.pk in seated or user.pk in officers


def _others_there(meeting: Meeting) -> list[Attendance]:
    """Who chairs or writes without a seat."""
    officers = meeting.attendances.there().filter(seat__isnull=True)
    return list(officers.select_related("user").order_by("pk"))


def _of_ballot(ballot: Ballot | None, meeting: Meeting, user: User) -> dict[str, Any]:
    if ballot is None:
        return {"ballot": None, "voices": [], "decision": None}
    rule = ballot.house_rule
    labels = dict(Stance.Answer.choices)
    is_closed = ballot.status == Ballot.Status.CLOSED
    tally = ballots.tally_of(ballot) if is_closed or not ballot.is_blind else None
    return {
        "ballot": ballot,
        "rule": rule,
        "answers": [
            (each.value, labels[each.value], rule.asks_for_a_reason(each)) for each in rule.answers
        ],
        "counted": [
            (each.value, labels[each.value], tally.counts[each]) for each in ANSWERS[rule.mode]
        ]
        if tally
        else [],
        "voices": _voices(ballot, meeting, user) if ballot.status == "open" else [],
        "is_consent": rule.mode == Mode.CONSENT,
        "changes": wordings.changes(ballot.amends.proposal, ballot.proposal)
        if ballot.amends
        else [],
        "decision": Decision.objects.visible_to(user).filter(ballot=ballot).first(),
        "draft": {
            "verdict": ballot.verdict,
            "proposal": ballot.proposal,
            "expected_effect": ballot.expected_effect,
            "options": "\n".join(ballot.options),
            "conditions": ballot.conditions,
            "reason_code": ballot.reason_code,
            "review_on": ballot.review_on.isoformat() if ballot.review_on else "",
        },
        "may_record": _may_record(ballot, user),
    }


def _may_record(ballot: Ballot, user: User) -> bool:
    if not user.has_perm("council.record_decision"):
        return False
    council = ballot.agenda_item.meeting.council
    is_theirs = decision_queries.refusal_to_record(ballot, user) is None
    return is_theirs and seat_queries.has_place(council, user)


def _voices(ballot: Ballot, meeting: Meeting, user: User) -> list[Voice]:
    """What the person says for each seat, and said to the version before, to be confirmed."""
    said = {each.seat_id: each for each in ballot.stances.filter(user=user)}
    before = Stance.objects.filter(ballot=ballot.amends_id, user=user)
    earlier = {each.seat_id: each for each in before}
    return [
        Voice(each, said.get(each.seat.pk), earlier.get(each.seat.pk))
        for each in attendances.voices_of(meeting, user.pk)
        if each.seat is not None and each.seat.is_voting
    ]
