"""The board as a file: exactly the rows and the columns that an address shows, in its order."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from backlog import errors
from backlog.filters import keysets, narrowing
from backlog.filters.requests import RequestFilter
from backlog.models import CustomerRequest, Product
from backlog.pages import board_columns, board_views
from backlog.pages.base import Request, refused, takes_several
from backlog.pages.board import SEVERAL, query
from backlog.rules import calendars, formats, workbooks

EXPORTED: Final = 20_000
AT_ONCE: Final = 500
PIECE: Final = 64 * 1024


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@takes_several(*SEVERAL)
def export(request: Request, prefix: str, kind: str) -> Any:
    """As CSV or as a workbook; longer boards are to be narrowed first."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    ranked = CustomerRequest.objects.filter(product=product).on_board()
    rows = RequestFilter(request.GET, queryset=ranked, request=request).qs
    if not narrowing.count(rows, EXPORTED).is_exact:
        why = ngettext(
            "A file takes at most %(n)d row. Narrow the list first.",
            "A file takes at most %(n)d rows. Narrow the list first.",
            EXPORTED,
        )
        refused(request, errors.Refusal(why % {"n": EXPORTED}))
        return redirect(reverse("backlog:board", args=[prefix]) + query(request.GET))
    columns = board_columns.chosen(request.GET)
    cells = board_columns.cells(columns)
    heads = [_("Place"), *(str(each.label) for each in cells)]
    is_whole = not any(request.GET.get(name) for name in board_views.FILTERS)
    read = _read(rows, cells, is_whole=is_whole)
    name = f"{prefix}-{calendars.day_of(timezone.now())}.{kind}"
    return _workbook(name, product, heads, read) if kind == "xlsx" else _csv(name, heads, read)


def _read(rows: Any, cells: list[board_columns.Cell], *, is_whole: bool) -> Iterator[list[Any]]:
    """A place is told where the rows are all that stand above."""
    order = keysets.order_of(CustomerRequest, "rank")
    loaded = rows.with_askers().select_related("owner", "product")
    cursor: keysets.Cursor | None = keysets.Cursor()
    place = 0
    while cursor is not None:
        part = keysets.page(loaded, order, cursor, size=AT_ONCE)
        for row in part.rows:
            place += 1
            yield [place if is_whole else None, *(each.read(row) for each in cells)]
        cursor = part.ahead


def _csv(name: str, heads: list[str], rows: Iterator[list[Any]]) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield from formats.csv_lines([heads])
        yield from formats.csv_lines([_text(value) for value in row] for row in rows)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _workbook(
    name: str, product: Product, heads: list[str], rows: Iterator[list[Any]]
) -> StreamingHttpResponse:
    pieces = _pieces(product.name, heads, rows)
    response = StreamingHttpResponse(pieces, content_type=workbooks.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(title: str, heads: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    """A workbook is written whole before its first byte is known, on the disk and not in memory."""
    local = ([_local(value) for value in row] for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "board.xlsx"
        workbooks.write(path, title=title, heads=heads, rows=local)
        with path.open("rb") as file:
            yield from iter(partial(file.read, PIECE), b"")


def _local(value: Any) -> Any:
    """Workbooks know no zones: a moment is told as the clock on the wall of who reads it."""
    return timezone.localtime(value) if isinstance(value, datetime) else value
