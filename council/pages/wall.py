"""The wall of a meeting's room: what is discussed, in letters that are read from the far end.

It is for everybody in the room, guests among them: it names departments, and neither customers nor
colleagues, whoever is signed in at the screen.
"""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest
from backlog.pages.base import Request
from council.models import AgendaItem, Ballot, Decision, Meeting, Stance
from council.pages import request_words, room
from council.queries import attendances, ballots, recusals, workshops
from council.rules.ballots import ANSWERS

VIEW = "council.view_meeting"


@require_safe
@permission_required(VIEW, raise_exception=True)
def wall(request: Request, meeting_id: int) -> HttpResponse:
    context = _context(request, room.find(request, meeting_id))
    return render(request, "council/wall.html", context)


@require_safe
@permission_required(VIEW, raise_exception=True)
def wall_now(request: Request, meeting_id: int) -> HttpResponse:
    """What the screen shows, as the room is asked: nothing to whoever has it as it is."""
    tag = room.tag_of(request, meeting_id)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    context = _context(request, room.find(request, meeting_id))
    response = render(request, "council/_wall.html", context)
    response["ETag"] = tag
    return response


def _context(request: Request, meeting: Meeting) -> dict[str, Any]:
    user = request.user
    # Before anything is read: what is done meanwhile shows at the next look.
    tag = room.tag_of(request, meeting.pk)
    seen = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    items = list(
        seen.exclude(status__in=AgendaItem.OFF_AGENDA)
        .select_related("request", "meeting__council")
        .order_by("position", "pk")
    )
    taken_up = [each for each in items if each.activated_at]
    item = max(taken_up, key=lambda it: (it.status == "active", it.activated_at), default=None)
    after = [it for it in items if it.status == "scheduled" and it != item]
    return {
        "tag": tag,
        "meeting": meeting,
        "is_under_way": meeting.status in Meeting.UNDER_WAY,
        "is_to_come": meeting.status in Meeting.TO_COME,
        "quorum": attendances.quorum_of(meeting),
        "item": item,
        "next_item": next(iter(after), None),
        **(_about(item, request) if item else {}),
    }


def _about(item: AgendaItem, request: Request) -> dict[str, Any]:
    """The words without who said them: a guest of the meeting must not learn that from a wall."""
    if item.request_id is None:
        return {}
    user, asked = request.user, CustomerRequest.objects.visible_to(request.user).with_askers()
    row = asked.filter(pk=item.request_id).first()
    if row is None:
        return {}
    words = request_words.best(row, user, get_language() or "")
    ballot = ballots.latest_on(item)
    aside = recusals.standing_on(item.pk)
    return {
        "row": row,
        "words": [each for each in words if not each.evidence.feedback.erased_at],
        "aside": [each.seat for each in aside],
        "workshop": workshops.parts_of(item),
        **(_voted(ballot) if ballot else {}),
        "decision": Decision.objects.visible_to(user).filter(ballot=ballot).first()
        if ballot
        else None,
    }


def _voted(ballot: Ballot) -> dict[str, Any]:
    """How many have answered; what, once it is closed, or where the house votes in the open."""
    seats = ballot.electorate or ballots.electorate_of(ballot)
    shown = not ballot.is_blind or ballot.status == Ballot.Status.CLOSED
    labels, counts = dict(Stance.Answer.choices), ballots.tally_of(ballot).counts
    return {
        "ballot": ballot,
        "answered": ballot.stances.filter(seat__in=seats["entitled"]).count(),
        "entitled": len(seats["entitled"]),
        "counted": [(labels[each.value], counts[each]) for each in ANSWERS[ballot.house_rule.mode]]
        if shown
        else [],
    }
