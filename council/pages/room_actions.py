"""What is done in the room: each POST is one operation, then back to the room as it is then."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import User
from backlog.pages.base import Request, refused
from council.models import Meeting
from council.operations import (
    agenda_items,
    attendances,
    ballots,
    decisions,
    meetings,
    recusals,
    stances,
)
from council.pages import proposal_forms, recusal_forms, room_forms
from council.pages.room import find, show

HOLD: Final = "council.hold_meeting"
ATTEND: Final = "council.attend_meeting"


class Action(NamedTuple):
    """Who may do it, what they fill in, and what it does."""

    permission: str
    form: Callable[[Meeting, User, Any], room_forms.RoomForm]
    operation: Callable[..., object]


ACTIONS: Final[Mapping[str, Action]] = {
    "attend": Action(ATTEND, room_forms.Come, attendances.attend),
    "leave": Action(ATTEND, room_forms.Come, attendances.leave),
    "give-proxy": Action(ATTEND, room_forms.GiveProxy, attendances.give_proxy),
    "start": Action(HOLD, room_forms.RoomForm, meetings.open_meeting),
    "end": Action(HOLD, room_forms.RoomForm, meetings.end_meeting),
    "activate": Action(HOLD, room_forms.OnItem, agenda_items.activate_agenda_item),
    "carry-over": Action(
        "council.edit_agenda", room_forms.OnItem, agenda_items.carry_over_agenda_item
    ),
    "put": Action(HOLD, room_forms.Put, ballots.open_ballot),
    "amend": Action(HOLD, room_forms.Amend, ballots.amend_ballot),
    "close": Action(HOLD, room_forms.OnBallot, ballots.close_ballot),
    "withdraw": Action(HOLD, room_forms.Withdraw, ballots.withdraw_ballot),
    "answer": Action("council.take_stance", room_forms.Answer, stances.take_stance),
    "step-aside": Action(ATTEND, recusal_forms.StepAside, recusals.step_aside),
    "come-back": Action(ATTEND, recusal_forms.ComeBack, recusals.come_back),
    "record": Action("council.record_decision", room_forms.OnBallot, decisions.record_by_ballot),
}


@require_POST
def act(request: Request, meeting_id: int, name: str) -> HttpResponse:
    """Do what `ACTIONS` has by this name. What is not accepted is shown again, as it was typed."""
    action = ACTIONS[name]
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    meeting, at = find(request, meeting_id), timezone.now()
    form = action.form(meeting, request.user, request.POST)
    if not form.is_valid():
        typed = proposal_forms.typed(request.POST)
        return show(request, meeting, status=422, faulty=form, **typed)
    try:
        with sent_once.once(request, at=at):
            action.operation(**form.arguments(), by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("council:room", meeting.pk)
