"""What is done with an action item: each POST is one operation, then to what holds now."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from council.models import ActionItem
from council.operations import action_item_partners, action_items, action_items_undone
from council.pages.action_item import find, show, show_row
from council.pages.action_item_forms import KINDS, SEEN, Act

ACTIONS: Final[Mapping[str, Callable[..., ActionItem]]] = {
    "claim": action_items.claim_done,
    "verify": action_items.verify_action,
    "block": action_items.block_action,
    "unblock": action_items.unblock_action,
    "reopen": action_items.reopen_action,
    "put-off": action_items.put_off,
    "help": action_items.set_helpers,
    "cancel": action_items.cancel_action,
    "partner": action_item_partners.invite_partner,
    "no-partner": action_item_partners.withdraw_partner,
}


@require_POST
def act(request: Request, action_id: int, name: str) -> HttpResponse:
    """What is not accepted is shown again, as it was typed; asked by the list, in its row."""
    kind = KINDS[name]
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    action = find(request, action_id)
    sent = Act(name, kind, kind.form(action, request.user, request.POST))
    if not sent.form.is_valid():
        return _shown_again(request, action, sent)
    try:
        _carry_out(request, ACTIONS[name], sent.form.arguments())
    except errors.Invalid as refusal:
        sent.form.add_error(
            refusal.field if refusal.field in sent.form.fields else None, str(refusal)
        )
        return _shown_again(request, action, sent)
    except errors.Refusal as refusal:
        return _answer(request, action_id, refusal=refusal)
    return _answer(request, action_id, said=str(kind.done))


@require_POST
def undo(request: Request, action_id: int) -> HttpResponse:
    """Take back what the person has just done to it."""
    if not request.user.has_perm(SEEN):
        raise PermissionDenied
    action = find(request, action_id)
    try:
        _carry_out(request, action_items_undone.undo, {"action_id": action.pk})
    except errors.Refusal as refusal:
        return _answer(request, action_id, refusal=refusal)
    return _answer(request, action_id, said=_("Taken back."))


def _carry_out(
    request: Request, operation: Callable[..., ActionItem], arguments: dict[str, Any]
) -> None:
    at = timezone.now()
    with sent_once.once(request, at=at):
        operation(**arguments, by=request.user, at=at)


def _answer(
    request: Request, action_id: int, *, said: str = "", refusal: errors.Refusal | None = None
) -> HttpResponse:
    if request.htmx:
        why = str(refusal) if refusal else ""
        return show_row(request, find(request, action_id), said=said, refusal=why)
    if refusal:
        refused(request, refusal)
    else:
        messages.success(request, said)
    return redirect("council:action-item", action_id)


def _shown_again(request: Request, action: ActionItem, sent: Act) -> HttpResponse:
    action.refresh_from_db()
    return show_row(request, action, sent=sent) if request.htmx else show(request, action, sent)
