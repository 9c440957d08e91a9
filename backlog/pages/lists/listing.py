"""What a list of our own is: its rows, how they can be narrowed and sorted, what a row shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.filters.fields import FilterSet
from backlog.models import Product, User

Rows = Callable[[User], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter that people choose: one of a few `rows`, of `choices`, or of the filter's own.

    Without a place in the menu (`is_offered`) it is only set by links from elsewhere; it is shown,
    and can be taken off, all the same.
    """

    name: str
    label: StrOrPromise
    rows: Rows | None = None
    natural: str = "pk"
    choices: tuple[tuple[str, StrOrPromise], ...] = ()
    is_offered: bool = True


PRODUCT: Final = Pick(
    "product",
    _("Product"),
    lambda user: Product.objects.visible_to(user).order_by("name", "pk"),
    natural="prefix",
)


@dataclass(frozen=True, slots=True)
class Column:
    """Of the exported file."""

    label: StrOrPromise
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do from here, for whoever may: an address, and what stands on the button."""

    label: StrOrPromise
    address: str | Promise
    permission: str


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that stand first and apart, where there are any: those whose filter `name` is `value`.

    Without a value they are one's own: those where `name` is oneself. They are sorted by `ordering`
    unless another is chosen.
    """

    name: str
    label: StrOrPromise
    value: str = ""
    ordering: str = ""

    def value_for(self, user: User) -> str:
        return self.value or str(user.pk)


@dataclass(frozen=True, slots=True)
class Listing:
    """A noun's list.

    `rows` are those that a person may see; `loaded` adds what the template of a row and the columns
    of a file read, as far as that person may see it, in a constant number of queries. They are
    sorted by one of `orders`, of which the first is what nobody has chosen. Nobody asked for
    anything: the first of its `parts` that has rows is shown.
    """

    name: str
    title: StrOrPromise
    permission: str
    rows: Rows
    loaded: Callable[[Any, User], "QuerySet[Any]"]
    filterset: type[FilterSet]
    orders: Mapping[str, StrOrPromise]
    template: str
    columns: tuple[Column, ...]
    search: StrOrPromise = ""
    picks: tuple[Pick, ...] = ()
    parts: tuple[Part, ...] = ()
    keys: str = ""
    """A template that says by which keys one acts in a row; `script` listens to them."""
    script: str = ""
    act: Act | None = None
    empty: StrOrPromise = ""
    empty_act: Act | None = None
    context: Callable[[HttpRequest], dict[str, Any]] = field(default=lambda _request: {})

    @property
    def address(self) -> str:
        return reverse(self.name)

    @property
    def several(self) -> tuple[str, ...]:
        """Filters that take more than one value."""
        chosen: Any = self.filterset.base_filters  # type: ignore[attr-defined]
        return tuple(
            name
            for name, each in chosen.items()
            if isinstance(each, django_filters.MultipleChoiceFilter)
        )
