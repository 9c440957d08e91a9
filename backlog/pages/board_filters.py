"""What the board can be narrowed to, beside words, status and owner: one menu of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.filters.fields import FilterSet
from backlog.models import Account, Customer, Department, Feedback, Product, Source, Sprint, User
from backlog.rules import names

IN_BAR: Final = ("q", "status", "owner")
MOST: Final = 200
"""No menu is longer."""

Rows = list[tuple[str, StrOrPromise]]


@dataclass(frozen=True, slots=True)
class Field:
    """One more filter: a menu where there are choices, else a field for a number or words."""

    name: str
    label: StrOrPromise
    value: str
    choices: Rows
    is_number: bool


def _named(rows: Any, natural: str = "pk") -> Rows:
    return [(str(getattr(row, natural)), str(row)) for row in rows[:MOST]]


_CHOICES: Final[dict[str, Callable[[Product, User], Rows]]] = {
    "department": lambda _product, user: _named(
        Department.objects.visible_to(user).order_by("name", "pk")
    ),
    "source": lambda _product, user: _named(
        Source.objects.visible_to(user).order_by("name", "pk"), "key"
    ),
    "sprint": lambda product, user: _named(
        Sprint.objects.visible_to(user).filter(product=product).order_by("-starts_on", "-pk")
    ),
    "relation": lambda _product, _user: list(Feedback.Relation.choices),
    "journey_stage": lambda _product, _user: list(Feedback.JourneyStage.choices),
}
_FURTHER: Final[dict[str, StrOrPromise]] = {
    "department": _("Department of the owner"),
    "sprint": _("Sprint"),
    "source": _("Source"),
    "segment": _("Segment"),
    "relation": _("Relation"),
    "journey_stage": _("Journey stage"),
    "silence": _("Days without word"),
    "priority_min": _("Priority, at least"),
    "priority_max": _("Priority, at most"),
    "impact_min": _("Impact, at least"),
    "impact_max": _("Impact, at most"),
    "feasibility_min": _("Feasibility, at least"),
    "feasibility_max": _("Feasibility, at most"),
    "contested_min": _("Contested, at least"),
    "drift_min": _("Drift, at least"),
}
_WORDS: Final = ("segment",)
# Set by links from elsewhere: too many to choose from.
_LINKED: Final[dict[str, tuple[StrOrPromise, Any]]] = {
    "customer": (_("Asked by"), Customer),
    "account": (_("Account"), Account),
}


def further(product: Product, user: User, filters: FilterSet, wanted: QueryDict) -> list[Field]:
    """Those that this person can use."""
    return [
        Field(
            name,
            label,
            wanted.get(name, ""),
            _CHOICES[name](product, user) if name in _CHOICES else [],
            name not in _WORDS,
        )
        for name, label in _FURTHER.items()
        if name in filters.filters
    ]


def linked(user: User, filters: FilterSet, wanted: QueryDict) -> list[Field]:
    """What a link has narrowed the board to, by the name that people know it by."""
    found = []
    for name, (label, model) in _LINKED.items():
        value = wanted.get(name, "")
        if value and name in filters.filters:
            row = model.objects.visible_to(user).filter(pk=names.number(value)).first()
            choices: Rows = [(value, str(row) if row else value)]
            found.append(Field(name, label, value, choices, is_number=True))
    return found
