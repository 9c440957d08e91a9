"""Keyset paging as the API offers it (`filters.keysets`)."""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from backlog.api.framework import rows
from backlog.api.framework.problems import BadQuery
from backlog.filters import keysets, narrowing, words
from backlog.filters.fields import DateTimeFilter
from backlog.rules import names

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


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

    def _begin(self, queryset: Any, request: Request, view: APIView | None) -> keysets.Order:
        self.request = request
        self.ordering = self._ordering(view)
        self.count = narrowing.count(queryset) if self._is_count_wanted() else None
        return keysets.order_of(queryset.model, self.ordering)

    def _page(
        self,
        order: keysets.Order,
        queryset: Any,
        at: Callable[[Any], tuple[Any, Any]],
    ) -> list[Any]:
        page = keysets.page(queryset, order, self._cursor(), size=self._page_size(), at=at)
        self.next, self.previous = page.ahead, page.behind
        return page.rows

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

    def _page_size(self) -> int:
        size = names.number(self.request.query_params.get("page_size", str(PAGE_SIZE)))
        if size is None or not 1 <= size <= MAX_PAGE_SIZE:
            limits = {"most": MAX_PAGE_SIZE}
            raise BadQuery({"page_size": _("A number from 1 to %(most)d.") % limits})
        return size

    def _is_count_wanted(self) -> bool:
        wanted = self.request.query_params.get("count", "false")
        if wanted not in {"true", "false"}:
            raise BadQuery({"count": _("true or false.")})
        return wanted == "true"

    @property
    def _place(self) -> str:
        return f"{self.request.path}:{self.ordering}"

    def _cursor(self) -> keysets.Cursor:
        text = self.request.query_params.get("cursor")
        if text is None:
            return keysets.Cursor()
        try:
            return keysets.opened(text, place=self._place)
        except signing.BadSignature as error:
            raise BadQuery({"cursor": _("This cursor is not of this list and order.")}) from error

    def _link(self, cursor: keysets.Cursor | None) -> str | None:
        if cursor is None:
            return None
        text = keysets.sealed(cursor, place=self._place)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", text)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "description": f"Only with `?count=true`; up to {narrowing.COUNTED:,}, or to"
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
