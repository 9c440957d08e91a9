"""The page of an action item, and its row in the list with a form opened in it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from backlog.models import User
from backlog.pages.base import Request, page
from backlog.queries import history
from backlog.rules import calendars
from council.delivery import partner_links
from council.models import ActionItem
from council.pages.action_item_forms import SEEN, Act, acts_of
from council.queries import action_items as queries

HISTORY = 30


def find(request: Request, action_id: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related(
        *("owner", "assigned_by", "council", "request", "agenda_item__meeting"),
        *("evidence_request", "evidence_outcome__commitment__request"),
    )
    return get_object_or_404(rows, pk=action_id)


@require_safe
@permission_required(SEEN, raise_exception=True)
@vary_on_headers("HX-Request")
def action_item_page(request: Request, action_id: int) -> HttpResponse:
    """Asked by the list, its row; with the form of what is named in `open`."""
    action = find(request, action_id)
    if request.htmx and not request.htmx.history_restore_request:
        return show_row(request, action, is_opened=request.GET.get("open", ""))
    return show(request, action)


def show(request: Request, action: ActionItem, sent: Act | None = None) -> HttpResponse:
    """Its page, perhaps with a form that was not accepted, as it was typed."""
    user, at = request.user, timezone.now()
    sits = action.council_id in queries.councils_of(user)
    context: dict[str, Any] = {
        "action": action,
        "helpers": list(action.helpers.order_by("name", "pk")),
        "acts": acts_of(action, user, sits=sits, sent=sent),
        "opened": sent.name if sent else request.GET.get("open", ""),
        "can_undo": queries.undoable(action, user, at=at) is not None,
        "entries": _history(action, user),
        "link": _partner_link(action, user, sits=sits),
        "today": calendars.day_of(at),
    }
    return page(
        request,
        "council/action_item.html",
        title=action.title,
        status=422 if sent else 200,
        **context,
    )


def _partner_link(action: ActionItem, user: User, *, sits: bool) -> str:
    """For those who can give it to the partner: it opens the item to whoever has it."""
    may = sits or action.owner_id == user.pk
    return partner_links.url_for(action) if action.partner and may else ""


def _history(action: ActionItem, user: User) -> list[history.HistoryEntry]:
    said = queries.events_of(action).of_kinds_seen_by(user)
    newest = said.select_related("actor").with_token_names()[:HISTORY]
    return history.event_entries(list(newest), user)


def show_row(
    request: Request,
    action: ActionItem,
    *,
    sent: Act | None = None,
    said: str = "",
    refusal: str = "",
    is_opened: str = "",
) -> HttpResponse:
    """Its row in the list as it is now, with what was just done, and a form where one is open."""
    user, at = request.user, timezone.now()
    theirs = queries.councils_of(user)
    acts = acts_of(action, user, sits=action.council_id in theirs)
    opened = sent or next((each for each in acts if each.name == is_opened), None)
    if opened is not None:
        opened.form.take_focus()
    return render(
        request,
        "lists/_action_item.html",
        {
            "row": action,
            "today": calendars.day_of(at),
            "theirs": theirs,
            "opened": opened,
            "said": said,
            "refusal": refusal,
            "can_undo": queries.undoable(action, user, at=at) is not None,
        },
    )
