"""Sorting the board by priority: first what would move, then, sent from there, the moves."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backlog import errors
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Event, Product
from backlog.operations import sorting
from backlog.pages.base import Request, page, refused, takes_several
from backlog.pages.board import CURSORS, SEVERAL, came_from, my_moves, query
from backlog.pages.board_moves import chosen_of
from backlog.queries import sorting as queries
from backlog.rules import names

SHOWN: Final = 100
"""So many of those that would move are listed, those that would move furthest first."""


@dataclass(frozen=True, slots=True)
class Shown:
    request: CustomerRequest
    move: queries.SortedMove

    @property
    def places(self) -> int:
        return abs(self.move.up)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("backlog.move_request", raise_exception=True)
@takes_several("chosen", *SEVERAL)
def sort(request: Request, prefix: str) -> HttpResponse:
    """What would move of those chosen, or of all; with the version of the board shown, it moves."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        chosen = chosen_of(product, sent.getlist("chosen")) if "chosen" in sent else None
        moves_pinned = sent.get("pinned") == "too"
        if "board_version" in sent:
            return _sort(request, product, chosen, moves_pinned=moves_pinned)
        plan = queries.plan(product, request_ids=chosen, moves_pinned=moves_pinned)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return redirect(_board(request, product))
    return _show(request, product, plan, chosen, moves_pinned=moves_pinned)


def _sort(
    request: Request, product: Product, chosen: dict[int, int] | None, *, moves_pinned: bool
) -> HttpResponse:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            sorting.sort_by_priority(
                product_id=product.pk,
                request_ids=chosen,
                moves_pinned=moves_pinned,
                board_version=names.number(request.POST.get("board_version", "")) or 0,
                reason=request.POST.get("reason", ""),
                by=request.user,
                at=at,
            )
    except (errors.ReasonRequired, errors.VersionConflict) as refusal:
        plan = queries.plan(product, request_ids=chosen, moves_pinned=moves_pinned)
        fault = str(refusal)
        return _show(request, product, plan, chosen, moves_pinned=moves_pinned, fault=fault)
    first = my_moves(request).filter(at=at, request__product=product)
    moved = first.order_by("request__rank").values_list("pk", flat=True).first()
    if moved is None:
        messages.info(request, _("The board is in this order already."))
        return redirect(_board(request, product))
    return redirect(_board(request, product, moved=moved))


def _show(
    request: Request,
    product: Product,
    plan: queries.Plan,
    chosen: dict[int, int] | None,
    *,
    moves_pinned: bool,
    fault: str = "",
) -> HttpResponse:
    product.refresh_from_db(fields=["board_version"])
    asking = {each.request_id for each in plan.asks_why}
    first = sorted(plan.moves, key=lambda it: (it.request_id not in asking, -abs(it.up), it.after))
    rows = CustomerRequest.objects.in_bulk([each.request_id for each in first[:SHOWN]])
    numbers = list(chosen.values()) if chosen else []
    context: dict[str, Any] = {
        "product": product,
        "plan": plan,
        "shown": [Shown(rows[each.request_id], each) for each in first[:SHOWN]],
        "more": max(len(first) - SHOWN, 0),
        "pinned": _pinned(plan),
        "chosen": numbers,
        "moves_pinned": moves_pinned,
        "reason": request.POST.get("reason", ""),
        "fault": fault,
        "here": query(came_from(request), *CURSORS),
    }
    title = _("Sort by priority")
    status = 422 if fault else 200
    return page(request, "backlog/board_sorting.html", title=title, status=status, **context)


def _pinned(plan: queries.Plan) -> list[Event]:
    """Those that stay, with who said why."""
    found = queries.pinned(plan.product).filter(request__in=plan.pinned[:SHOWN])
    return list(found.select_related("request", "actor").order_by("request__rank"))


def _board(request: Request, product: Product, **more: int) -> str:
    address = reverse("backlog:board", args=[product.prefix])
    return address + query(came_from(request), *CURSORS, **more)
