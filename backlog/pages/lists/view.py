"""The page of a list of our own, the part of it that changes, and the same rows as a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_stubs_ext import StrOrPromise

from backlog.filters import keysets, narrowing
from backlog.filters.fields import FilterSet
from backlog.models import User
from backlog.pages.base import Request, page, takes_several
from backlog.pages.lists import chosen, views
from backlog.pages.lists.listing import Act, Listing, Own
from backlog.rules import calendars, formats

ROWS: Final = 30
COUNTED: Final = 1000
"""Beyond this many, a list says "1,000+": nobody pages through more, and counting costs."""
EXPORTED: Final = 20_000
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of a list."""

    user: User
    query: QueryDict
    filterset: FilterSet
    ordering: str
    is_own: bool

    @property
    def order(self) -> keysets.Order:
        return keysets.order_of(self.rows.model, self.ordering)

    @property
    def rows(self) -> Any:
        return self.filterset.qs


def addresses(place: str, listing: Listing) -> list[URLPattern]:
    """Of the list, and of its rows as a file."""
    noun = listing.name.partition(":")[2]
    return [
        path(place, page_of(listing), name=noun),
        path(f"{place}{noun}.csv", file_of(listing), name=f"{noun}-file"),
    ]


def page_of(listing: Listing) -> Callable[..., HttpResponse]:
    """The view of a list."""

    @require_safe
    @permission_required(listing.permission, raise_exception=True)
    @vary_on_headers("HX-Request")
    @takes_several(*listing.several)
    def view(request: Request) -> HttpResponse:
        context = context_of(request, listing, request.GET)
        if request.htmx and not request.htmx.history_restore_request:
            return render(request, "lists/_listing.html", context)
        return page(request, "lists/page.html", **context)

    view.listing = listing  # type: ignore[attr-defined]
    return view


def file_of(listing: Listing) -> Callable[..., Any]:
    """The view of the same rows as CSV, in the same order."""

    @require_safe
    @permission_required(listing.permission, raise_exception=True)
    @takes_several(*listing.several)
    def view(request: Request) -> Any:
        wanted = _wanted(request, listing, request.GET)
        if wanted.filterset.errors or not narrowing.count(wanted.rows, EXPORTED).is_exact:
            why = ngettext(
                "A file takes at most %(n)d row. Narrow the list first.",
                "A file takes at most %(n)d rows. Narrow the list first.",
                EXPORTED,
            ) % {"n": EXPORTED}
            context = {**context_of(request, listing, request.GET), "too_many": why}
            return page(request, "lists/page.html", status=422, **context)
        response = StreamingHttpResponse(
            _lines(listing, wanted), content_type="text/csv; charset=utf-8"
        )
        name = f"{listing.name.partition(':')[2]}-{calendars.day_of(timezone.now())}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return view


def _wanted(request: Request, listing: Listing, query: QueryDict) -> Wanted:
    """One's own rows where nothing is asked for and there are any."""
    rows = listing.rows(request.user)
    is_own = False
    if listing.own and not query:
        mine = QueryDict(mutable=True)
        mine[listing.own.name] = str(request.user.pk)
        filterset = listing.filterset(mine, queryset=rows, request=request)
        if filterset.qs.exists():
            query, is_own = mine, True
    elif listing.own:
        is_own = query.get(listing.own.name) == str(request.user.pk)
    filterset = listing.filterset(query, queryset=rows, request=request)
    ordering = query.get("ordering", "")
    if ordering not in listing.orders:
        ordering = next(iter(listing.orders))
    return Wanted(request.user, query, filterset, ordering, is_own)


def context_of(request: Request, listing: Listing, query: QueryDict) -> dict[str, Any]:
    """All that the template of a list shows of what the query asks for."""
    user, wanted = request.user, _wanted(request, listing, query)
    shown = _page(wanted, listing)
    menu = chosen.menus(listing, wanted.filterset, user, wanted.query)
    chips = chosen.chips(listing, wanted.filterset, user, wanted.query, menu)
    kept, asked = views.shown(listing, user, wanted.query), views.asked(wanted.query)
    count = narrowing.count(wanted.rows, COUNTED)
    return {
        "title": listing.title,
        "listing": listing,
        "here": listing.address,
        "rows": shown.rows,
        "before": _onward(wanted, listing, shown.behind),
        "after": _onward(wanted, listing, shown.ahead),
        "views": kept,
        "can_keep": bool(asked) and not any(view.is_current for view in kept),
        "wanted_now": chosen.address(wanted.query).removeprefix("?"),
        "count": count.number,
        "has_more": not count.is_exact,
        "menus": menu,
        "chips": chips,
        "q": wanted.query.get("q", ""),
        "orders": [
            (name, label, name == wanted.ordering) for name, label in listing.orders.items()
        ],
        "is_narrowed": bool(chips or wanted.query.get("q")),
        "is_own": wanted.is_own and len(chips) == 1,
        "is_all": not (chips or wanted.query.get("q")),
        **_tabs(listing, user),
        "tabs": [_tab(each, wanted) for each in listing.tabs],
        "file": reverse(f"{listing.name}-file") + chosen.address(wanted.query),
        "unusable": wanted.filterset.errors,
        "act": _open_to(user, listing.act),
        "empty_act": _open_to(user, listing.empty_act),
        "today": calendars.day_of(timezone.now()),
        "may_see_customers": user.has_perm("backlog.view_customer"),
        **listing.context(request),
    }


def _tabs(listing: Listing, user: User) -> dict[str, str]:
    """The addresses of one's own rows and of all, where there is such a choice."""
    if listing.own is None:
        return {"own_address": "", "all_address": ""}
    name = listing.own.name
    return {
        "own_address": chosen.address(QueryDict(), **{name: str(user.pk)}),
        "all_address": chosen.address(QueryDict(), **{name: ""}),
    }


def _tab(own: Own, wanted: Wanted) -> tuple[str, StrOrPromise, bool]:
    """Its address, its label, and whether one is there."""
    mine = str(wanted.user.pk)
    is_there = wanted.query.get(own.name) == mine
    return chosen.address(QueryDict(), **{own.name: mine}), own.label, is_there


def _open_to(user: User, act: Act | None) -> Act | None:
    return act if act and user.has_perm(act.permission) else None


def _place(listing: Listing, wanted: Wanted) -> str:
    return f"{listing.name}:{wanted.ordering}"


def _page(wanted: Wanted, listing: Listing) -> keysets.Page[Any]:
    text = wanted.query.get(chosen.CURSOR, "")
    cursor = keysets.begun(text, place=_place(listing, wanted))
    rows = listing.loaded(wanted.rows, wanted.user)
    return keysets.page(rows, wanted.order, cursor, size=ROWS)


def _onward(wanted: Wanted, listing: Listing, cursor: keysets.Cursor | None) -> str:
    if cursor is None:
        return ""
    sealed = keysets.sealed(cursor, place=_place(listing, wanted))
    return chosen.address(wanted.query, cursor=sealed)


def _lines(listing: Listing, wanted: Wanted) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8, without which Korean is unreadable there."""
    yield "\ufeff"
    yield from formats.csv_lines(_cells(listing, wanted))


def _cells(listing: Listing, wanted: Wanted) -> Iterator[list[str]]:
    yield [str(each.label) for each in listing.columns]
    rows = listing.loaded(wanted.rows, wanted.user)
    cursor: keysets.Cursor | None = keysets.Cursor()
    while cursor is not None:
        part = keysets.page(rows, wanted.order, cursor, size=AT_ONCE)
        for row in part.rows:
            values = (each.read(row) for each in listing.columns)
            yield ["" if value is None else str(value) for value in values]
        cursor = part.ahead
