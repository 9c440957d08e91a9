"""The board: the ranked backlog of one product, fifty requests at a time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.contrib.messages import get_messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from backlog.filters import narrowing
from backlog.filters.requests import RequestFilter
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Event, Product, RequestStatus, User
from backlog.models.requests import ON_BOARD, CustomerRequestQuerySet
from backlog.operations import ranks
from backlog.pages import board_columns, board_filters, board_views
from backlog.pages.base import Request, page, takes_several
from backlog.pages.board_views import FILTERS, KEPT, WHOLE
from backlog.queries import loud_voices
from backlog.queries import ranks as rank_queries
from backlog.queries import request_edits as edit_queries
from backlog.rules import names

ROWS = 50
PASSED_ON = (*KEPT, WHOLE)
"""Of an address, what every link on the page passes on."""
SEVERAL = ("status", board_columns.PARAMETER)
CURSORS = ("before", "after")
WHERE = ("after", "before", "place")
"""To where requests can be moved together: beside the request of that number, or to a place."""
SHOWN_AT_ONCE = (
    "request.edited",
    "request.status_changed",
    "evidence.linked",
    "evidence.unlinked",
)
"""Kinds of events that change a row, besides moves and scores, which the product knows of."""
_GONE = gettext_lazy("This is not there, or not any more; everything else holds.")
DRIFTS_FROM = 15
"""So far apart rank and priority must be, in points, before a row says so."""
# What each row says in the same words; they are looked up once.
WORDS = {"nobody": gettext_lazy("no owner"), "edit": gettext_lazy("Edit")}
BUTTONS = {
    "up": gettext_lazy("One place up"),
    "down": gettext_lazy("One place down"),
    "top": gettext_lazy("To the top"),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows in rank order, and the numbers of the requests that the pages around begin from."""

    rows: list[CustomerRequest]
    before: int | None
    after: int | None


@require_safe
def first_board(request: Request) -> HttpResponse:
    product = Product.objects.visible_to(request.user).order_by("prefix").first()
    if product is not None:
        return redirect("backlog:board", prefix=product.prefix)
    return page(request, "backlog/no_board.html", title=_("Board"))


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@vary_on_headers("HX-Request")
@takes_several(*SEVERAL)
def board(request: Request, prefix: str) -> HttpResponse:
    """The whole page, or for HTMX the list alone. Nothing of it costs more on a longer board."""
    products = Product.objects.visible_to(request.user)
    product = get_object_or_404(products, prefix=prefix)
    if not (request.GET or request.htmx) and (first := board_views.first(product)):
        return redirect(request.path + board_views.address(first.wanted or {WHOLE: ["all"]}))
    context = context_of(request, product)
    _say_at_rows(request, context["rows"])
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "backlog/_board.html", context)
    return page(
        request,
        "backlog/board.html",
        title=product.name,
        products=products.order_by("prefix"),
        can_open=request.user.has_perm("backlog.open_request"),
        **filters_of(request, product),
        **context,
    )


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@takes_several(*SEVERAL)
def board_now(request: Request, prefix: str) -> HttpResponse:
    """The list alone, for whoever has it open; nothing to whoever has it as it is.

    That costs one query: it is asked every few seconds by everybody who looks at the board.
    """
    tag = tag_of(request, prefix)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    response = render(request, "backlog/_board.html", context_of(request, product))
    response["ETag"] = tag
    return response


def _say_at_rows(request: Request, rows: list[Any]) -> None:
    """What was refused for one of several is said where it stands, too."""
    said = {each.extra_tags: each.message for each in get_messages(request) if each.extra_tags}
    for row in rows:
        row.refusal = said.get(row.key)


def _warn_at_rows(rows: list[Any]) -> None:
    """Where one voice drowns the others, or none is left in words; the rest its own page says."""
    voices = loud_voices.of([row.pk for row in rows])
    for row in rows:
        row.warnings = [each for each in voices[row.pk].warnings if each.is_serious]


def tag_of(request: Request, prefix: str) -> str:
    """Of what was done last to any row of a board, for this reader and in their language."""
    seen = Product.objects.visible_to(request.user).filter(prefix=prefix)
    latest = [_latest(kind) for kind in SHOWN_AT_ONCE]
    found = seen.values_list("board_version", "drift_at", "version", *latest).first()
    if found is None:
        raise Http404
    version, drift_at, *numbers = found
    parts = [version, drift_at.timestamp() if drift_at else 0, *(each or 0 for each in numbers)]
    return f'"{request.user.pk}-{get_language()}-{"-".join(map(str, parts))}"'


def _latest(kind: str) -> Subquery:
    return Subquery(Event.objects.filter(kind=kind).order_by("-pk").values("pk")[:1])


def context_of(request: Request, product: Product) -> dict[str, Any]:
    """All that the list shows; nothing of it costs more on a longer board."""
    # Before anything is read: what is done meanwhile shows at the next look.
    tag = tag_of(request, product.prefix)
    # Of a product that one may see, one may see every request; said so, the index is used.
    ranked = CustomerRequest.objects.filter(product=product)
    filtered = RequestFilter(request.GET, queryset=ranked.on_board(), request=request)
    shown = _rows(filtered.qs, ranked, request.GET)
    columns = board_columns.chosen(request.GET)
    is_filtered = any(request.GET.get(name) for name in FILTERS)
    _warn_at_rows(shown.rows)
    return {
        "product": product,
        "tag": tag,
        "now": query(request.GET, *CURSORS, "moved", "edited"),
        "rows": shown.rows,
        "first_place": None if is_filtered else _place(ranked, shown.rows[0]) if shown.rows else 1,
        "is_filtered": is_filtered,
        "unusable": {**filtered.errors, **_gone(request.GET)},
        **board_views.context(product, request.user, request.GET),
        "shown_after": sent_once.shown_after(request),
        "scale": max([100.0, *(row.priority_high or 0 for row in shown.rows)]),
        "drifts_from": DRIFTS_FROM,
        "drifts_to": -DRIFTS_FROM,
        "columns": columns,
        "has": {each.name: True for each in columns},
        "words": {name: str(words) for name, words in WORDS.items()},
        "moves": [(move, str(words)) for move, words in BUTTONS.items()],
        "can_move": request.user.has_perm("backlog.move_request"),
        "can_edit": request.user.has_perm("backlog.edit_request"),
        "moved": _moved(request, ranked),
        "edited": _edited(request),
        "asking": _asking(request.GET, ranked),
        "here": query(request.GET, *CURSORS),
        "before": shown.before and query(request.GET, before=shown.before),
        "after": shown.after and query(request.GET, after=shown.after),
    }


def _gone(query: QueryDict) -> dict[str, list[str]]:
    """What an address asks for that there is not, or not any more: the rest of it holds."""
    words = str(_GONE)
    known = {*PASSED_ON, *CURSORS, "moved", "edited", "asks"}
    gone = {name: [words] for name in query if name not in known}
    if columns := board_columns.unknown(query):
        gone[board_columns.PARAMETER] = [f"{', '.join(columns)}: {words}"]
    return gone


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@vary_on_headers("HX-Request")
@takes_several(*SEVERAL)
def filters(request: Request, prefix: str) -> HttpResponse:
    """What the bar has no room for: fields alone for HTMX, without scripts a page of its own."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    rows = CustomerRequest.objects.filter(product=product)
    filterset = RequestFilter(request.GET, queryset=rows, request=request)
    linked = board_filters.linked(request.user, filterset, request.GET)
    chosen = board_columns.chosen(request.GET)
    context: dict[str, Any] = {
        "product": product,
        "further": [*linked, *board_filters.further(product, request.user, filterset, request.GET)],
        "choices": [(each.name, each.label, each in chosen) for each in board_columns.COLUMNS],
        "others": [
            (name, value) for name in board_filters.IN_BAR for value in request.GET.getlist(name)
        ],
        "here": query(request.GET),
    }
    if request.htmx:
        return render(request, "backlog/_board_further.html", context)
    return page(request, "backlog/board_further.html", title=_("More filters, columns"), **context)


def filters_of(request: Request, product: Product) -> dict[str, Any]:
    """What the board can be narrowed to, and what it is narrowed to."""
    on_board = CustomerRequest.objects.filter(product=product).on_board()
    owners = User.objects.filter(Exists(on_board.filter(owner=OuterRef("pk"))))
    further = [name for name in KEPT if name not in board_filters.IN_BAR]
    carried = [(name, value) for name in further for value in request.GET.getlist(name) if value]
    return {
        "owners": owners.order_by("name", "pk"),
        "statuses": [(status, RequestStatus(status).label) for status in ON_BOARD],
        "wanted": request.GET,
        "carried": carried,
        "narrowed_by": len([name for name, _value in carried if name in FILTERS]),
    }


def _rows(
    found: CustomerRequestQuerySet, ranked: CustomerRequestQuerySet, wanted: QueryDict
) -> Rows:
    """The rows after, or before, the request whose number the address names; else the first."""
    listing = found.with_askers().for_listing()
    before, after = (_rank_of(ranked, wanted.get(name)) for name in ("before", "after"))
    if before is not None:
        earlier = listing.filter(rank__lt=before).order_by("-rank", "-pk")
        rows = narrowing.first(earlier, ROWS + 1)
        if len(rows) > ROWS:
            rows = rows[ROWS - 1 :: -1]
            return Rows(rows, before=rows[0].number, after=rows[-1].number)
    elif after is not None:
        listing = listing.filter(rank__gt=after)
    rows = narrowing.first(listing, ROWS + 1)
    has_more, rows = len(rows) > ROWS, rows[:ROWS]
    return Rows(
        rows,
        before=rows[0].number if rows and after is not None else None,
        after=rows[-1].number if has_more else None,
    )


def _rank_of(ranked: CustomerRequestQuerySet, number: str | None) -> str | None:
    found = names.number(number or "")
    if found is None:
        return None
    return ranked.filter(number=found).values_list("rank", flat=True).first()


def _place(ranked: CustomerRequestQuerySet, row: CustomerRequest) -> int:
    """The request's place on its board, counted from 1."""
    return ranked.on_board().filter(rank__lt=row.rank).count() + 1


def my_moves(request: Request) -> QuerySet[Event]:
    return Event.objects.visible_to(request.user).filter(kind="request.moved", actor=request.user)


def _moved(request: Request, ranked: CustomerRequestQuerySet) -> dict[str, Any] | None:
    """The move that the person has just made, for the line that offers to undo it."""
    number = names.number(request.GET.get("moved", ""))
    if number is None:
        return None
    event = my_moves(request).filter(pk=number).select_related("request").first()
    if event is None or event.request is None:
        return None
    others = rank_queries.moved_together(event).exclude(pk=event.pk).count()
    first = event.request
    return {
        "event": event,
        "request": first,
        "place": _place(ranked, first),
        "others": others,
    }


def my_edits(request: Request) -> QuerySet[Event]:
    seen = Event.objects.visible_to(request.user)
    return seen.filter(kind__in=edit_queries.KINDS, actor=request.user)


def _edited(request: Request) -> dict[str, Any] | None:
    """What the person has just edited, for the line that offers to undo it."""
    number = names.number(request.GET.get("edited", ""))
    event = my_edits(request).filter(pk=number or 0).select_related("request").first()
    if event is None or not edit_queries.can_be_taken_back(event):
        return None
    together = edit_queries.edited_together(event)
    return {
        "event": event,
        "request": event.request,
        "count": together.values("request").distinct().count(),
    }


def _asking(wanted: QueryDict, ranked: CustomerRequestQuerySet) -> dict[str, Any] | None:
    """The move that was refused for want of a reason, so that it is made with one."""
    way, _, rest = wanted.get("asks", "").partition(":")
    place, _, numbers = rest.partition(":")
    chosen = [names.number(each) for each in numbers.split("-")[: ranks.MOST]]
    rows = list(ranked.filter(number__in=[each for each in chosen if each]).order_by("rank"))
    if not rows or way not in ("up", "down", "top", *WHERE):
        return None
    if way in WHERE and names.number(place) is None:
        return None
    keys = ", ".join(row.key for row in rows)
    return {"way": way, "is_placed": way in WHERE, "place": place, "rows": rows, "keys": keys}


def query(wanted: QueryDict, *kept: str, **more: int | str) -> str:
    """What every link passes on of an address, and either the cursors it has or what is given."""
    told = {name: wanted.getlist(name) for name in (*PASSED_ON, *kept) if name in wanted}
    return "?" + urlencode({**told, **more}, doseq=True)


def came_from(request: Request) -> QueryDict:
    """What the board was narrowed to whose form was sent."""
    here = request.POST.get("here")
    return request.GET if here is None else QueryDict(here.removeprefix("?"))
