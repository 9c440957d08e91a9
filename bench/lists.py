"""Every address of a list: each order, filter, search and count that the API and pages offer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse
from unfold.contrib.filters import admin as filters

from backlog.api import urls as backlog_api
from backlog.filters import fields
from backlog.filters.requests import RequestFilter
from backlog.models import CustomerRequest, User
from bench import many
from council.api import urls as council_api

WORDS = {
    "common": "payment",
    "common, Korean": "결제",
    "middling": "refund",
    "middling, Korean": "환불",
    "rare": "zebrafish",
    "rare, Korean": "꽥꽥",
    "absent": many.ABSENT[1],
    "absent, Korean": many.ABSENT[0],
    "two letters": "pa",
    "one syllable": "꽥",
    "two words": "payment refund",
}
KINDS = ("outcome.recorded", "request.moved", "no.such")
TEXTS: dict[str, tuple[Any, ...]] = {
    "segment": ("s7", "none"),
    "source": ("bench3", "none"),
    "given_to": ("nobody", "bench3@example.com"),
    "email": ("c100@example.com", "none@example.com"),
    "identity": ("bench3:4711",),
    "template": ("planned", "delivered", "none"),
    "kind": KINDS,
    "event": KINDS,
    "subject": ("customerrequest:100",),
}
NUMBERS: dict[str, tuple[Any, ...]] = {
    "priority_min": (0, 50, 99.95),
    "priority_max": (0.05, 50),
    "impact_min": (0, 99.95),
    "impact_max": (0.05, 50),
    "feasibility_min": (0, 99.95),
    "feasibility_max": (0.05, 50),
    "silence": (30, 3_600),
    "contested_min": (0.5, 0.99),
    "drift_min": (0, 99),
}
SHARES = ("early", "middle", "late")
NATURAL = {"prefix": "B3", "email": "bench3@example.com"}


def client() -> Client:
    """Of a colleague who may see everything, by their roles."""
    known = User.objects.filter(email="reader@example.com").first()
    reader = known or User.objects.create_user("reader@example.com", name="Reader", is_staff=True)
    reader.groups.set(Group.objects.all())
    browser = Client()
    browser.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    return browser


class Lists:
    """The addresses, by a name that is the same however many rows there are."""

    def __init__(self) -> None:
        self.rows = CustomerRequest.objects.count()
        moments = CustomerRequest.objects.order_by("opened_at").values_list("opened_at", flat=True)
        first, last = moments[0], moments.reverse()[0]
        self.moments = [first + (last - first) * share for share in (0.001, 0.5, 0.999)]

    def all(self) -> dict[str, str]:
        return dict([*self._api(), *self._admin(), *self._pages()])

    def _number(self) -> int:
        return self.rows // 100 * 10

    def _api(self) -> Iterator[tuple[str, str]]:
        view: Any
        for prefix, view, name in (*backlog_api.router.registry, *council_api.router.registry):
            try:
                address = reverse(f"api:{name}-list")
            except NoReverseMatch:
                continue  # Of one request.
            filterset = getattr(view, "filterset_class", None)
            wanted: list[tuple[str, dict[str, Any]]] = [("", {})]
            for each, kind in (filterset.base_filters if filterset else {}).items():
                wanted += [(label, {each: value}) for label, value in self._values(each, kind)]
            orders = [sign + order for order in view.orderings for sign in ("", "-")]
            for label, query in wanted:
                for order in orders:
                    called = {**query, "ordering": order}
                    yield f"api {prefix} {label} by {order}", f"{address}?{urlencode(called)}"
                called = {**query, "count": "true"}
                yield f"api {prefix} {label} counted", f"{address}?{urlencode(called)}"

    def _values(self, name: str, kind: Any) -> Iterator[tuple[str, Any]]:  # noqa: C901 -- a table
        match kind:
            case fields.Search():
                yield from ((f"{name} {label}", word) for label, word in WORDS.items())
            case django_filters.ChoiceFilter() | fields.AnyOf():
                choices = kind.extra["choices"]
                for value, _label in getattr(choices, "choices", choices):
                    yield f"{name}={value}", value
            case fields.DateTimeFilter() | django_filters.DateFilter():
                for share, moment in zip(["early", "middle", "late"], self.moments, strict=True):
                    is_day = isinstance(kind, django_filters.DateFilter)
                    yield f"{name} {share}", self._said(moment, is_day=is_day)
            case fields.NaturalKeyFilter():
                yield name, self._named(name, kind.natural)
            case fields.IdFilter():
                yield name, 1 if name in {"sprint", "endpoint", "council"} else self._number()
            case _ if name == "request":
                yield name, self._named(name, "key")
            case _:
                yield from ((f"{name}={value}", value) for value in (NUMBERS | TEXTS)[name])

    def _named(self, name: str, natural: str) -> str:
        known = {**NATURAL, "key": "bench3" if name == "source" else f"B-{self._number()}"}
        return known[natural]

    def _said(self, moment: datetime, *, is_day: bool) -> str:
        return moment.date().isoformat() if is_day else moment.isoformat()

    def _admin(self) -> Iterator[tuple[str, str]]:
        for model, page in admin.site._registry.items():
            if model._meta.app_label not in {"backlog", "council"}:
                continue
            name = model._meta.model_name
            address = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
            wanted: list[tuple[str, dict[str, Any]]] = [("", {})]
            for place, column in enumerate(page.list_display, start=1):
                if column in (page.sortable_by or ()):
                    wanted += [
                        (f"by {sign}{column}", {"o": f"{sign}{place}"}) for sign in ("", "-")
                    ]
            for each in page.list_filter:
                wanted += self._narrowed(model, each)
            if page.search_fields:
                wanted += [(f"q {label}", {"q": word}) for label, word in WORDS.items()]
            for label, query in wanted:
                yield f"admin {name} {label}", f"{address}?{urlencode(query)}"

    def _narrowed(self, model: Any, each: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        if not isinstance(each, tuple):
            yield from ((f"linked={value}", {"linked": value}) for value in ("yes", "no"))
            return
        name, kind = each
        if issubclass(kind, filters.RangeDateFilter):
            for share, moment in zip(["early", "middle", "late"], self.moments, strict=True):
                yield f"{name} from {share}", {f"{name}_from": moment.date()}
                yield f"{name} to {share}", {f"{name}_to": moment.date() + timedelta(days=1)}
        elif issubclass(kind, filters.FieldTextFilter):
            yield from ((f"{name}={value}", {f"{name}__icontains": value}) for value in KINDS)
        elif issubclass(kind, filters.BooleanRadioFilter):
            yield from ((f"{name}={value}", {f"{name}__exact": value}) for value in (0, 1))
        elif issubclass(kind, filters.AutocompleteSelectFilter):
            few = {"sprint", "product", "source", "owner", "actor", "user", "council"}
            yield name, {f"{name}__id__exact": 3 if name in few else self._number()}
        else:
            lookup = "in" if issubclass(kind, filters.MultipleChoicesDropdownFilter) else "exact"
            for value, _label in model._meta.get_field(name).flatchoices:
                yield f"{name}={value}", {f"{name}__{lookup}": value}

    def _narrowings(self) -> Iterator[tuple[str, str]]:
        """What a board is narrowed to beside words, status and owner."""
        for name, kind in RequestFilter.base_filters.items():  # type: ignore[attr-defined]
            if name in {"q", "status", "owner", "product", "on_board"}:
                continue
            for label, value in self._values(name, kind):
                yield label, urlencode({name: value})

    def _pages(self) -> Iterator[tuple[str, str]]:
        board = reverse("backlog:board", args=["B3"])
        yield "board", board
        yield from ((f"board q {label}", f"{board}?q={word}") for label, word in WORDS.items())
        yield from ((f"board {it}", f"{board}?status={it}") for it in ("new", "deferred"))
        yield "board owner", f"{board}?owner={NATURAL['email']}"
        yield from ((f"board {label}", f"{board}?{query}") for label, query in self._narrowings())
        matrix = reverse("backlog:matrix", args=["B3"])
        yield "board matrix", matrix
        yield from (
            (f"board matrix {label}", f"{matrix}?{query}") for label, query in self._narrowings()
        )
        yield "board overrides", reverse("backlog:overrides")
        yield "board sorting", reverse("backlog:board-sort", args=["B3"]) + "?chosen=3"
        yield "home", "/"
