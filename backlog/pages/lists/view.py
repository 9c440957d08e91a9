"""The page of a list of our own, the part of it that changes, and the same rows as a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_stubs_ext import StrOrPromise

from backlog.filters import keysets, narrowing
from backlog.filters.fields import FilterSet
from backlog.models import User
from backlog.pages.base import Request, page, takes_several
from backlog.pages.lists import chosen, views
from backlog.pages.lists.listing import Act, Listing, Part
from backlog.rules import calendars, formats

ROWS: Final = 30
COUNTED: Final = 1000
"""Beyond this many, a list says "1,000+": nobody pages through more, and counting costs."""
EXPORTED: Final = 20_000
AT_ONCE: Final = 500
NOT_NARROWING: Final = {"ordering", chosen.CURSOR}


@dataclass(frozen=True, slots=True)
class Tab:
    label: StrOrPromise
    address: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of a list."""

    user: User
    query: QueryDict
    filterset: FilterSet
    ordering: str
    part: Part | None

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
    """The first part of the list that has rows, where nothing is asked for."""
    user, rows = request.user, listing.rows(request.user)
    if not query:
        query = next(
            (part for part in _parts(listing, user) if _has_rows(request, listing, part)), query
        )
    part = next((each for each in listing.parts if _is_asked(each, user, query)), None)
    ordering = query.get("ordering", "")
    if ordering not in listing.orders:
        ordering = (part and part.ordering) or next(iter(listing.orders))
    filterset = listing.filterset(query, queryset=rows, request=request)
    return Wanted(user, query, filterset, ordering, part)


def _parts(listing: Listing, user: User) -> Iterator[QueryDict]:
    for part in listing.parts:
        query = QueryDict(mutable=True)
        query[part.name] = part.value_for(user)
        yield query


def _has_rows(request: Request, listing: Listing, query: QueryDict) -> bool:
    rows = listing.rows(request.user)
    return bool(listing.filterset(query, queryset=rows, request=request).qs.exists())


def _is_asked(part: Part, user: User, query: QueryDict) -> bool:
    return query.get(part.name) == part.value_for(user)


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
        "tabs": list(_tabs(listing, wanted, is_narrowed=len(chips) > 1)),
        "all_address": _all(listing),
        "file": reverse(f"{listing.name}-file") + chosen.address(wanted.query),
        "unusable": wanted.filterset.errors,
        "act": _open_to(user, listing.act),
        "empty_act": _open_to(user, listing.empty_act),
        "today": calendars.day_of(timezone.now()),
        "may_see_customers": user.has_perm("backlog.view_customer"),
        **listing.context(request),
    }


def _tabs(listing: Listing, wanted: Wanted, *, is_narrowed: bool) -> Iterator[Tab]:
    """The parts of a list and all of it, where there is such a choice; no more than one is open."""
    for part in listing.parts:
        address = chosen.address(QueryDict(), **{part.name: part.value_for(wanted.user)})
        yield Tab(part.label, address, is_open=part is wanted.part and not is_narrowed)
    if listing.parts:
        asked = any(value for name, value in wanted.query.items() if name not in NOT_NARROWING)
        yield Tab(gettext("All"), _all(listing), is_open=not asked)


def _all(listing: Listing) -> str:
    """An address with nothing in it would be the first part again."""
    return chosen.address(QueryDict(), **{part.name: "" for part in listing.parts[:1]})


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
