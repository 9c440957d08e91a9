"""The room of a meeting: what is discussed with its evidence, who is there, and the vote."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest, User
from backlog.pages.base import Request, page
from backlog.queries import history
from council.models import AgendaItem, Ballot, Meeting, Stance
from council.operations.attendances import BEFOREHAND
from council.pages import minutes_forms, proposal_forms, request_words, workshop_forms
from council.queries import attendances, ballots, recusals
from council.queries import decisions as decision_queries
from council.queries import meetings as meeting_queries
from council.queries import room as room_queries
from council.queries import seats as seat_queries
from council.rules import wordings
from council.rules.ballots import ANSWERS, Mode

VIEW = "council.view_meeting"


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
    items = room_queries.agenda_of(meeting, user)
    active = next((each for each in items if each.status == AgendaItem.Status.ACTIVE), None)
    shown = active or _last_taken_up(items)
    ballot = room_queries.ballot_on(shown, user)
    places = room_queries.places_of(meeting, ballot)
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
        "is_there": room_queries.is_there(meeting, user),
        "may_come": room_queries.may_come(meeting, user, places),
        "others_there": room_queries.others_there(meeting),
        "can_hold": user.has_perm("council.hold_meeting"),
        "may_attend": user.has_perm("council.attend_meeting"),
        "may_see_customers": history.may_see_customers(user),
        "note_form": _note_form(shown, meeting, user),
        "workshop": workshop_forms.shown(shown, user),
        **_evidence(shown, user),
        **_of_ballot(ballot, meeting, user),
        **_proposing(shown, ballot, user),
    }


def _proposing(item: AgendaItem | None, ballot: Ballot | None, user: User) -> dict[str, Any]:
    """What the form of a proposal begins with: the one that stands, to be put in other words.

    Once that came to something, or to nothing, another one begins empty.
    """
    further = ballots.further_items_of(ballot) if ballot else []
    is_over = ballot is not None and (
        ballot.result == Ballot.Result.INQUORATE or ballot.decisions.exists()
    )
    can_put = item is not None and user.has_perm("council.hold_meeting")
    about = ballot.agenda_item if ballot and not is_over else item
    others = ballots.to_take_along(about.request, [about.meeting_id]) if about and can_put else ()
    people = seat_queries.people_of(about.meeting.council) if about and can_put else ()
    decided_on = [ballot.agenda_item, *further] if ballot else []
    shown = {"further": [each for each in decided_on if each != item]}
    if ballot is not None and not is_over:
        return {
            **shown,
            **proposal_forms.shown(ballot, further=further, others=others, people=people),
        }
    is_on = item is not None and (is_over or item.status == AgendaItem.Status.ACTIVE)
    return {
        **shown,
        "new_item": item if is_on else None,
        **proposal_forms.shown(others=others, people=people),
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
        "voices": room_queries.voices_on(ballot, meeting, user) if ballot.status == "open" else [],
        "is_consent": rule.mode == Mode.CONSENT,
        "changes": wordings.changes(ballot.amends.proposal, ballot.proposal)
        if ballot.amends
        else [],
        "decision": room_queries.decision_by(ballot, user),
        "may_record": _may_record(ballot, user),
    }


def _may_record(ballot: Ballot, user: User) -> bool:
    if not user.has_perm("council.record_decision"):
        return False
    council = ballot.agenda_item.meeting.council
    is_theirs = decision_queries.refusal_to_record(ballot, user) is None
    return is_theirs and seat_queries.has_place(council, user)
