"""Keyset paging: a page costs the same wherever it is, and rows that stay are seen exactly once.

Lists are ordered by one column and then by id; nulls come last in both directions. Rows without and
with a null are read as two segments, one after the other, so that each query is a plain range of an
index; the second is read only where the first did not fill the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, TypeVar

from django.core import signing
from django.db.models import F, Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from backlog.api.framework import rows
from backlog.api.framework.problems import BadQuery
from backlog.filters import words
from backlog.filters.fields import DateTimeFilter

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Position:
    """Between two rows: right after, or right before, the one with this value and id."""

    value: str | None
    id: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to read from and which way; without a position, from the first or the last row."""

    position: Position | None = None
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    field: "Field[Any, Any]"
    is_descending: bool

    def read(self, queryset: "QuerySet[M]", cursor: Cursor, limit: int) -> list[M]:
        """Up to `limit` rows from the cursor on, in the order of reading."""
        segments = [False, True] if self.field.null else [False]
        if cursor.is_backwards:
            segments.reverse()
        if cursor.position is not None:
            begins_at_null = cursor.position.value is None
            segments = segments[segments.index(begins_at_null) :]
        found: list[M] = []
        for is_null in segments:
            part = self._segment(queryset, cursor, is_null=is_null)
            found += words.first(part, limit - len(found))
            if len(found) == limit:
                break
        return found

    def position_of(self, row: Any, at: Callable[[Any], tuple[Any, Any]]) -> Position:
        """Of a row where `at` finds its value and its id."""
        value, number = at(row)
        if value is None:
            return Position(None, number)
        holder: Any = SimpleNamespace(**{self.field.attname: value})
        return Position(self.field.value_to_string(holder), number)

    def _segment(self, rows: "QuerySet[M]", cursor: Cursor, *, is_null: bool) -> "QuerySet[M]":
        if self.field.null:
            rows = rows.filter(**{f"{self.field.name}__isnull": is_null})
        is_falling = self.is_descending != cursor.is_backwards
        columns = ["pk"] if is_null else [self.field.name, "pk"]
        if cursor.position is not None and is_null == (cursor.position.value is None):
            rows = rows.filter(self._beyond(cursor.position, is_falling=is_falling))
        return rows.order_by(*(F(each).desc() if is_falling else F(each).asc() for each in columns))

    def _beyond(self, position: Position, *, is_falling: bool) -> Q:
        than = "lt" if is_falling else "gt"
        later_id = Q(**{f"pk__{than}": position.id})
        if position.value is None:
            return later_id
        name, value = self.field.name, self.field.to_python(position.value)
        # The first condition is implied by the second; it is what the index can begin at.
        return Q(**{f"{name}__{than}e": value}) & (Q(**{f"{name}__{than}": value}) | later_id)


class KeysetPagination(BasePagination):
    """`?cursor=`, `?page_size=`, `?ordering=`; a total only where `?count=true` asks for one."""

    parameters = ("cursor", "page_size", "ordering", "count")

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The rows of the page that is asked for."""
        order = self._begin(queryset, request, view)
        at = attrgetter(order.field.attname, rows.key(queryset.model))
        return self._page(order, queryset, at)

    def read(
        self, queryset: "QuerySet[Any]", request: Request, view: APIView, shape: rows.Shape
    ) -> rows.Stored:
        """The same rows as plain values, of which the shape can be filled."""
        order = self._begin(queryset, request, view)
        place = order.field.attname, rows.key(queryset.model)
        paths = rows.unique(*shape.paths, *place)
        at: Any = itemgetter(*map(paths.index, place))
        return rows.Stored(queryset, paths, self._page(order, rows.values(queryset, paths), at))

    def _begin(self, queryset: Any, request: Request, view: APIView | None) -> Order:
        self.request = request
        self.ordering = self._ordering(view)
        self.count = words.count(queryset) if self._is_count_wanted() else None
        return self._order(queryset)

    def _page(self, order: Order, queryset: Any, at: Callable[[Any], tuple[Any, Any]]) -> list[Any]:
        cursor = self._cursor()
        size = self._page_size()
        page = order.read(queryset, cursor, size + 1)
        has_more = len(page) > size
        page = page[:size]
        ahead = None
        if has_more:
            ahead = Cursor(order.position_of(page[-1], at), cursor.is_backwards)
        behind = None
        if cursor.position is not None:
            start = order.position_of(page[0], at) if page else None
            behind = Cursor(start, not cursor.is_backwards)
        if cursor.is_backwards:
            page.reverse()
            ahead, behind = behind, ahead
        self.next, self.previous = ahead, behind
        return page

    def get_paginated_response(self, data: Any) -> Response:
        total = (
            {}
            if self.count is None
            else {
                "count": self.count.number,
                "count_is_exact": self.count.is_exact,
            }
        )
        links = {"next": self._link(self.next), "previous": self._link(self.previous)}
        return Response({**total, **links, "results": data})

    def _ordering(self, view: Any) -> str:
        moment = self._moment_narrowed_by(view)
        default = view.default_ordering
        if moment and default.removeprefix("-") == "id":
            default = default.replace("id", moment)
        wanted = str(self.request.query_params.get("ordering", default))
        if moment and wanted.removeprefix("-") == "id":
            # Rows of a time stand together in this order, and nobody knows where.
            raise BadQuery(
                {"ordering": _("Sort by %(name)s, as you narrow by it.") % {"name": moment}}
            )
        if wanted.removeprefix("-") not in view.orderings:
            names = ", ".join(view.orderings)
            raise BadQuery({"ordering": _("Sort by one of: %(names)s.") % {"names": names}})
        return wanted

    def _moment_narrowed_by(self, view: Any) -> str:
        """The column of the moments that the list is narrowed to; empty without."""
        filterset = getattr(view, "filterset_class", None)
        for name, each in (filterset.base_filters if filterset else {}).items():
            if isinstance(each, DateTimeFilter) and name in self.request.query_params:
                return str(each.field_name)
        return ""

    def _order(self, queryset: "QuerySet[Any]") -> Order:
        column = self.ordering.removeprefix("-")
        field = queryset.model._meta.get_field(column)  # noqa: SLF001 -- Django's documented API
        assert isinstance(field, Field)
        return Order(field, is_descending=self.ordering.startswith("-"))

    def _page_size(self) -> int:
        text = self.request.query_params.get("page_size", str(PAGE_SIZE))
        if not (text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE_SIZE):
            limits = {"most": MAX_PAGE_SIZE}
            raise BadQuery({"page_size": _("A number from 1 to %(most)d.") % limits})
        return int(text)

    def _is_count_wanted(self) -> bool:
        wanted = self.request.query_params.get("count", "false")
        if wanted not in {"true", "false"}:
            raise BadQuery({"count": _("true or false.")})
        return wanted == "true"

    # A cursor is signed for its list and order: it fits nowhere else, and holds what we put in it.
    # All of its characters stand in an address as they are.

    def _signer(self) -> signing.Signer:
        return signing.Signer(sep=".", salt=f"cursor:{self.request.path}:{self.ordering}")

    def _cursor(self) -> Cursor:
        text = self.request.query_params.get("cursor")
        if text is None:
            return Cursor()
        try:
            position, is_backwards = self._signer().unsign_object(text)
        except signing.BadSignature as error:
            raise BadQuery({"cursor": _("This cursor is not of this list and order.")}) from error
        return Cursor(position and Position(*position), is_backwards)

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        position = cursor.position and (cursor.position.value, cursor.position.id)
        text = self._signer().sign_object((position, cursor.is_backwards), compress=False)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", text)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "description": f"Only with `?count=true`; up to {words.COUNTED:,}, or to"
                    f" {words.COUNTED_WORDS:,} where words are looked for.",
                },
                "count_is_exact": {
                    "type": "boolean",
                    "description": "Otherwise there are more than `count` says.",
                },
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        orderings = [sign + name for name in view.orderings for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        schemas: dict[str, tuple[str, dict[str, Any]]] = {
            "cursor": (
                "From the `next` or `previous` of another page.",
                {"type": "string", "minLength": 1},
            ),
            "page_size": ("How many rows at most.", size),
            "ordering": (
                "The column to sort by; `-` for falling values. Rows without a value come last.",
                {"type": "string", "enum": orderings, "default": view.default_ordering},
            ),
            "count": (
                "`true` adds how many there are; long lists are counted so far only.",
                {"type": "string", "enum": ["true", "false"], "default": "false"},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (text, schema) in schemas.items()
        ]
