"""Views of a board: one's own and those that colleagues share; one of these is shown first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.filters.requests import RequestFilter
from backlog.forms import sent_once
from backlog.models import Product, User, View
from backlog.operations import views
from backlog.pages import board_columns
from backlog.pages.base import Request, refused

_OF_LISTS: Final = ("product", "on_board")
FILTERS: Final = tuple(
    name
    for name in RequestFilter.base_filters  # type: ignore[attr-defined]
    if name not in _OF_LISTS
)
KEPT: Final = (*FILTERS, board_columns.PARAMETER)
"""Of an address, what a view keeps."""
WHOLE: Final = "view"
"""The parameter by which an address asks for the whole board, and not for what is shown first."""
SHARES: Final = "backlog.edit_request"


class KeepOfBoard(forms.Form):
    name = forms.CharField(max_length=60)
    is_shared = forms.BooleanField(required=False)
    is_default = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Shown:
    pk: int
    name: str
    address: str
    is_current: bool
    is_default: bool
    by: str
    """Who shares it; empty for one's own."""


def asked(query: QueryDict) -> dict[str, list[str]]:
    """What an address narrows a board to, and the columns that it names."""
    told = {name: [value for value in query.getlist(name) if value] for name in sorted(KEPT)}
    return {name: values for name, values in told.items() if values}


def context(product: Product, user: User, query: QueryDict) -> dict[str, Any]:
    """What stands above the rows."""
    now = asked(query)
    views = shown(product, user, now)
    return {
        "views": views,
        "is_whole": not now,
        "can_keep": bool(now) and not any(each.is_current for each in views),
        "can_share": user.has_perm(SHARES),
    }


def shown(product: Product, user: User, now: Mapping[str, list[str]]) -> list[Shown]:
    """What is shown first, then by name: one's own and those that are shared."""
    kept = View.objects.visible_to(user).filter(product=product).select_related("user")
    return [
        Shown(
            each.pk,
            each.name,
            address(each.wanted),
            each.wanted == now,
            each.is_default,
            "" if each.user_id == user.pk else str(each.user),
        )
        for each in kept.order_by("-is_default", "name", "pk")
    ]


def first(product: Product) -> View | None:
    """What the board shows whom asks for nothing."""
    return View.objects.filter(product=product, is_default=True).first()


def address(wanted: Mapping[str, Sequence[str]]) -> str:
    query = QueryDict(mutable=True)
    for name, values in sorted(wanted.items()):
        query.setlist(name, list(values))
    return f"?{query.urlencode()}"


@require_POST
@permission_required("backlog.view_customerrequest", raise_exception=True)
def save(request: Request, prefix: str) -> HttpResponse:
    """Keep what the board is narrowed to, with its columns, and go on reading it."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    query, at = QueryDict(request.POST.get("here", "").removeprefix("?")), timezone.now()
    wanted = asked(query)
    form = KeepOfBoard(request.POST)
    back = reverse("backlog:board", args=[prefix]) + address(wanted or {WHOLE: ["all"]})
    if not wanted:
        messages.warning(request, _("Narrow the board first, or choose its columns."))
        return redirect(back)
    if not form.is_valid():
        messages.warning(request, " ".join(str(each) for it in form.errors.values() for each in it))
        return redirect(back)
    facts: Any = form.cleaned_data
    if (facts["is_shared"] or facts["is_default"]) and not request.user.has_perm(SHARES):
        raise PermissionDenied
    try:
        with sent_once.once(request, at=at):
            view = views.save_view(
                listing=views.BOARD,
                product=product,
                wanted=wanted,
                **facts,
                by=request.user,
                at=at,
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The view “%(name)s” stands above the list.") % {"name": view})
    return redirect(back)
