"""Moving requests on the board: by a button, beside another one, to a number, and back again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Product, User
from backlog.operations import ranks, sorting
from backlog.pages.base import Request, refused, takes_several
from backlog.pages.board import CURSORS, SEVERAL, WHERE, came_from, my_moves, query
from backlog.rules import names

FIRST = gettext_lazy("%(key)s is the first already.")
LAST = gettext_lazy("%(key)s is the last already.")
# What each button does, and what is said where that changes nothing.
MOVES = {
    "up": (ranks.move_up, FIRST),
    "down": (ranks.move_down, LAST),
    "top": (ranks.move_to_top, FIRST),
}


@require_POST
@permission_required("backlog.move_request", raise_exception=True)
@takes_several(*SEVERAL)
def move(request: Request, prefix: str, key: str, direction: str) -> HttpResponse:
    """Move a request one place up or down, or to the top, and go back to where the person was."""
    rows = CustomerRequest.objects.visible_to(request.user)
    row = get_object_or_404(rows, key=key, product__prefix=prefix)
    if direction not in MOVES:
        raise Http404
    operation, already_there = MOVES[direction]

    def act(by: User, at: datetime, reason: str) -> list[ranks.Move]:
        return [operation(request_id=row.pk, reason=reason, by=by, at=at)]

    said = already_there % {"key": key}
    return _done(request, prefix, act, said=said, asks=f"{direction}::{row.number}")


@require_POST
@permission_required("backlog.move_request", raise_exception=True)
@takes_several(*SEVERAL)
def place(request: Request, prefix: str) -> HttpResponse:
    """Move the requests that were chosen beside another one, or to a number, all in one act."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    try:
        where, at_number = _where(request)
        chosen = chosen_of(product, request.POST.getlist("chosen"))
        beside = at_number if where == "place" else _beside(product, at_number)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return _back(request, prefix)

    def act(by: User, at: datetime, reason: str) -> list[ranks.Move]:
        to: dict[str, Any] = {where: beside}
        return ranks.move_several(request_ids=chosen, **to, reason=reason, by=by, at=at)

    numbers = "-".join(map(str, chosen.values()))
    said = _("It is there already.")
    return _done(request, prefix, act, said=said, asks=f"{where}:{at_number}:{numbers}")


@require_POST
@permission_required("backlog.move_request", raise_exception=True)
@takes_several(*SEVERAL)
def undo(request: Request, prefix: str, event_id: int) -> HttpResponse:
    """Put back what one of the person's own moves moved, and what was moved with it."""
    event = get_object_or_404(my_moves(request), pk=event_id, request__product__prefix=prefix)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            is_sorted = "rank_was" in event.data
            operation = sorting.take_back if is_sorted else ranks.take_back
            operation(event_id=event.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.info(request, _("It is back where it was."))
    return _back(request, prefix)


def _done(
    request: Request,
    prefix: str,
    act: Callable[[User, datetime, str], list[ranks.Move]],
    *,
    said: str,
    asks: str,
) -> HttpResponse:
    """Make the move once, and go back to the board; `said` where nothing moved.

    A move that is refused for want of a reason is asked again, with a field for it.
    """
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            made = act(request.user, at, request.POST.get("reason", ""))
    except errors.ReasonRequired as refusal:
        refused(request, refusal)
        return _back(request, prefix, asks=asks)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return _back(request, prefix)
    events = [each.event for each in made if each.event is not None]
    if not events:
        messages.info(request, said)
        return _back(request, prefix)
    return _back(request, prefix, moved=events[0].pk)


def _where(request: Request) -> tuple[str, int]:
    """Which of the ways is said, and the number that goes with it."""
    given = [(way, request.POST[way].strip()) for way in WHERE if request.POST.get(way)]
    number = names.number(given[0][1]) if given else None
    if number is None:
        raise errors.Invalid(_("Say to which number: 1 is the top."), field="place")
    # One that drags has said more exactly where than one that typed.
    return given[0][0], number


def chosen_of(product: Product, said: Sequence[str]) -> dict[int, int]:
    """The numbers of those chosen, by their ids."""
    numbers = {number for each in said if (number := names.number(each)) is not None}
    if len(numbers) > ranks.MOST:
        words = _("At most %(most)d requests are moved at once; these are %(count)d.")
        facts = {"most": ranks.MOST, "count": len(numbers)}
        raise errors.Invalid(words % facts, field="requests")
    rows = CustomerRequest.objects.filter(product=product, number__in=numbers)
    chosen = dict(rows.order_by("rank").values_list("pk", "number"))
    if len(chosen) < len(numbers):
        raise errors.Invalid(_("One of those chosen is not of this product."), field="requests")
    return chosen


def _beside(product: Product, number: int) -> int:
    rows = CustomerRequest.objects.filter(product=product, number=number)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        words = _("%(key)s is no request of this product.")
        raise errors.Invalid(words % {"key": f"{product.prefix}-{number}"}, field="after")
    return found


def _back(request: Request, prefix: str, **more: int | str) -> HttpResponse:
    address = reverse("backlog:board", args=[prefix])
    return redirect(address + query(came_from(request), *CURSORS, **more))
