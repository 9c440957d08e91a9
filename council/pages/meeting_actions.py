"""What colleagues do on a meeting's page: each POST is one operation, then back to the page."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

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
from backlog.models import User
from backlog.pages.base import Request, refused
from backlog.rules import names
from council.models import AgendaItem, Meeting
from council.operations import agenda_items, agenda_proposals
from council.pages import meeting_forms
from council.pages.meeting import find, show
from council.queries import meetings as meeting_queries
from council.queries import seats as seat_queries


class Form(Protocol):
    """A form that knows the arguments of the operation it is for."""

    def is_valid(self) -> bool: ...
    def arguments(self) -> dict[str, Any]: ...


class Action(NamedTuple):
    """Who may do it, what they fill in, which operation it is, and what is said when it is done."""

    permission: str
    form: Callable[[Any, Request], Form]
    operation: Callable[..., object]
    done: StrPromise | None = None


def _new(meeting: Meeting, request: Request) -> meeting_forms.New:
    return meeting_forms.New(meeting, request.user, request.POST)


def _item(item: AgendaItem, request: Request) -> meeting_forms.Item:
    people = seat_queries.people_of(item.meeting.council)
    return meeting_forms.Item(item, people, request.POST, auto_id=False)


def _nothing(_row: object, request: Request) -> meeting_forms.Nothing:
    return meeting_forms.Nothing(request.POST)


ON_MEETING: Final[Mapping[str, Action]] = {
    "add": Action(
        "council.edit_agenda", _new, agenda_items.add_agenda_item, _("It is on the agenda.")
    ),
    "propose": Action(
        "council.propose_item",
        _new,
        partial(agenda_items.add_agenda_item, is_proposal=True),
        _("It is proposed; the secretary will answer."),
    ),
}
ON_ITEM: Final[Mapping[str, Action]] = {
    "edit": Action("council.edit_agenda", _item, agenda_items.edit_agenda_item),
    "accept": Action(
        "council.edit_agenda", _nothing, agenda_items.accept_agenda_item, _("It is on the agenda.")
    ),
    "decline": Action(
        "council.edit_agenda",
        lambda _item, request: meeting_forms.Decline(request.POST),
        agenda_items.decline_agenda_item,
        _("It is declined, and your reason stands with it."),
    ),
    "carry-over": Action(
        "council.edit_agenda",
        _nothing,
        agenda_items.carry_over_agenda_item,
        _("It is carried over to the next meeting."),
    ),
    "withdraw": Action(
        "council.edit_agenda",
        _nothing,
        agenda_items.withdraw_agenda_item,
        _("It is off the agenda."),
    ),
}


@require_POST
def act_on_meeting(request: Request, meeting_id: int, name: str) -> HttpResponse:
    """Do what `ON_MEETING` has by this name."""
    action = _allowed(request, ON_MEETING[name])
    meeting = find(request, meeting_id)
    form = action.form(meeting, request)
    if not form.is_valid():
        return show(request, meeting, status=422, new=form)
    _carry_out(request, action, {"meeting_id": meeting.pk, **form.arguments()})
    return redirect("council:meeting", meeting.pk)


@require_POST
def act_on_item(request: Request, item_id: int, name: str) -> HttpResponse:
    """Do what `ON_ITEM` has by this name."""
    action = _allowed(request, ON_ITEM[name])
    item = _find_item(request, item_id)
    form = action.form(item, request)
    if not form.is_valid():
        meeting = find(request, item.meeting_id)
        if isinstance(form, meeting_forms.Item):
            return show(request, meeting, status=422, bound=(item.pk, form))
        return show(request, meeting, status=422, decline=form)
    _carry_out(request, action, {"agenda_item_id": item.pk, **form.arguments()})
    return redirect("council:meeting", item.meeting_id)


@require_POST
def move(request: Request, item_id: int, direction: str) -> HttpResponse:
    """One place up or down, to the top, or `to` behind the item that is named in `after`."""
    action = Action("council.edit_agenda", _nothing, agenda_items.move_agenda_item)
    _allowed(request, action)
    item = _find_item(request, item_id)
    after = _behind(request, item, direction)
    _carry_out(request, action, {"agenda_item_id": item.pk, "after": after})
    return redirect("council:meeting", item.meeting_id)


def _behind(request: Request, item: AgendaItem, direction: str) -> int | None:
    """After which item that is; it is put there whatever else has been moved meanwhile."""
    order = [
        each.pk
        for each in meeting_queries.arranged(item.meeting)
        if each.status != AgendaItem.Status.PROPOSED
    ]
    place = order.index(item.pk) if item.pk in order else len(order)
    others = [pk for pk in order if pk != item.pk]
    match direction:
        case "up":
            return others[place - 2] if place > 1 else None
        case "down":
            return others[min(place, len(others) - 1)] if others else None
        case "top":
            return None
        case "to":
            return names.number(request.POST.get("after", ""))
    raise Http404


@require_POST
def propose_agenda(request: Request, meeting_id: int) -> HttpResponse:
    """Put the chosen of what is proposed on the agenda."""
    chosen = request.POST.getlist("keys")
    action = Action(
        "council.edit_agenda",
        _nothing,
        partial(agenda_proposals.propose_agenda, keys=chosen),
        _("What you chose is on the agenda."),
    )
    _allowed(request, action)
    meeting = find(request, meeting_id)
    if chosen:
        _carry_out(request, action, {"meeting_id": meeting.pk})
    else:
        messages.info(request, str(_("Nothing was chosen, and nothing is changed.")))
    return redirect("council:meeting", meeting.pk)


def _allowed(request: Request, action: Action) -> Action:
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    return action


def _find_item(request: Request, item_id: int) -> AgendaItem:
    rows = AgendaItem.objects.visible_to(request.user).select_related("meeting__council")
    return get_object_or_404(rows, pk=item_id)


def _carry_out(request: Request, action: Action, arguments: dict[str, Any]) -> None:
    at = timezone.now()
    user: User = request.user
    try:
        with sent_once.once(request, at=at):
            action.operation(**arguments, by=user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        if action.done is not None:
            messages.success(request, str(action.done))
