"""What is done on the page of minutes: each POST is one operation, then back to the page."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_stubs_ext import StrPromise

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from council.models import AgendaItem, Meeting
from council.operations import amendments, minutes, notes
from council.pages import minutes_forms, room
from council.pages.meeting import find
from council.pages.minutes import show
from council.queries import minutes as minutes_queries

HOLD: Final = "council.hold_meeting"
ATTEND: Final = "council.attend_meeting"


class Action(NamedTuple):
    """Who may do it, what they fill in, which operation it is, and what is said when it is done."""

    permission: str
    form: Callable[..., minutes_forms.Form]
    operation: Callable[..., object]
    done: StrPromise


ACTIONS: Final[Mapping[str, Action]] = {
    "propose": Action(
        HOLD,
        minutes_forms.Press,
        minutes.propose_minutes,
        _("Those who were there are asked to look through them."),
    ),
    "amend": Action(
        ATTEND,
        minutes_forms.ProposeAmendment,
        amendments.propose_amendment,
        _("Your amendment waits for an answer."),
    ),
    "answer": Action(
        HOLD,
        minutes_forms.AnswerAmendment,
        amendments.answer_amendment,
        _("The amendment is answered."),
    ),
    "approve": Action(
        ATTEND, minutes_forms.Press, minutes.approve_minutes, _("You have approved them.")
    ),
    "publish": Action(
        HOLD, minutes_forms.Publish, minutes.publish_minutes, _("The minutes are published.")
    ),
    "correct": Action(
        HOLD, minutes_forms.Correct, minutes.correct_minutes, _("Another version is begun.")
    ),
}


@require_POST
def act(request: Request, meeting_id: int, name: str) -> HttpResponse:
    """Do what `ACTIONS` has by this name. What is not accepted is shown with what is wrong."""
    action = ACTIONS[name]
    _check_may(request, action.permission)
    meeting = _find_over(request, meeting_id)
    form = action.form(meeting, request.user, request.POST)
    if not form.is_valid():
        return show(request, meeting, status=422, faulty=form, draft=request.POST)
    _carry_out(request, action.operation, form.arguments(), action.done)
    return redirect("council:minutes", meeting.pk)


@require_POST
def write_note(request: Request, item_id: int) -> HttpResponse:
    """The note of an item; from the room it leads back there."""
    _check_may(request, HOLD)
    rows = AgendaItem.objects.visible_to(request.user).select_related("meeting")
    item = get_object_or_404(rows, pk=item_id)
    meeting = find(request, item.meeting_id)
    form = minutes_forms.Note(item, request.POST)
    if not form.is_valid():
        return _show_again(request, meeting, form)
    _carry_out(request, notes.set_note, form.arguments(), _("The note is saved."))
    is_over = meeting.ended_at is not None
    return redirect("council:minutes" if is_over else "council:room", meeting.pk)


@require_POST
def write_remarks(request: Request, meeting_id: int) -> HttpResponse:
    """The remarks on the meeting as a whole."""
    _check_may(request, HOLD)
    meeting = _find_over(request, meeting_id)
    form = minutes_forms.Remarks(meeting, minutes_queries.latest(meeting), request.POST)
    if not form.is_valid():
        return _show_again(request, meeting, form)
    _carry_out(request, minutes.set_remarks, form.arguments(), _("The remarks are saved."))
    return redirect("council:minutes", meeting.pk)


def _find_over(request: Request, meeting_id: int) -> Meeting:
    """A meeting that has ended: of others there are no minutes yet."""
    meeting = find(request, meeting_id)
    if meeting.ended_at is None:
        raise Http404
    return meeting


def _show_again(request: Request, meeting: Meeting, form: Any) -> HttpResponse:
    if meeting.ended_at is None:
        return room.show(request, meeting, status=422, faulty=form, note_form=form)
    return show(request, meeting, status=422, faulty=form, faulty_note=form)


def _check_may(request: Request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _carry_out(
    request: Request, operation: Callable[..., object], arguments: dict[str, Any], done: StrPromise
) -> None:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            operation(**arguments, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, str(done))
