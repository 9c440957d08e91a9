"""Views of a list: kept under a name, shown above it, forgotten again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import User, View
from backlog.operations import views
from backlog.pages.base import Request, refused
from backlog.pages.lists.chosen import CURSOR
from backlog.pages.lists.listing import Listing


class Keep(forms.Form):
    name = forms.CharField(max_length=60)


@dataclass(frozen=True, slots=True)
class Shown:
    pk: int
    name: str
    address: str
    is_current: bool


def shown(listing: Listing, user: User, query: QueryDict) -> list[Shown]:
    """One's own views of the list, by name."""
    kept = View.objects.visible_to(user).filter(listing=listing.name).order_by("name", "pk")
    now = asked(query)
    return [Shown(each.pk, each.name, _query(each.wanted), each.wanted == now) for each in kept]


def asked(query: QueryDict) -> dict[str, list[str]]:
    """What an address narrows its list to, from wherever in the list it reads."""
    return {
        name: values
        for name, all_values in sorted(query.lists())
        if name != CURSOR and (values := [value for value in all_values if value])
    }


def _query(wanted: Mapping[str, Sequence[str]]) -> str:
    query = QueryDict(mutable=True)
    for name, values in wanted.items():
        query.setlist(name, list(values))
    return f"?{query.urlencode()}"


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep what the list is narrowed to, and go on reading it."""
    listing, at = _listing(request.POST.get("list", "")), timezone.now()
    if not request.user.has_perm(listing.permission):
        raise Http404
    wanted = asked(QueryDict(request.POST.get("wanted", "")))
    form = Keep(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["name"])))
        return redirect(listing.address + _query(wanted))
    try:
        with sent_once.once(request, at=at):
            view = views.save_view(
                listing=listing.name,
                name=form.cleaned_data["name"],
                wanted=wanted,
                by=request.user,
                at=at,
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The view “%(name)s” stands above the list.") % {"name": view})
    return redirect(listing.address + _query(wanted))


@require_POST
def delete(request: Request, view_id: int) -> HttpResponse:
    """Forget one of one's own; the list stays as it is narrowed."""
    at = timezone.now()
    view = get_object_or_404(View.objects.of(request.user).select_related("product"), pk=view_id)
    with sent_once.once(request, at=at):
        views.delete_view(view_id=view.pk, by=request.user, at=at)
    messages.success(request, _("The view “%(name)s” is forgotten.") % {"name": view})
    if view.product is not None:
        address = reverse("backlog:board", args=[view.product.prefix])
        return redirect(address + _query(view.wanted or {"view": ["all"]}))
    return redirect(_listing(view.listing).address + _query(view.wanted))


def _listing(name: str) -> Listing:
    """The list of this name. Raises Http404 where there is none."""
    try:
        found: Any = resolve(reverse(name)).func
    except NoReverseMatch as error:
        raise Http404 from error
    if not isinstance(getattr(found, "listing", None), Listing):
        raise Http404
    listing: Listing = found.listing
    return listing
