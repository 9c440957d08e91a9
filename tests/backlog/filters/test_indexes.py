"""No list grows slow: whatever it can be sorted or narrowed by has an index that begins with it.

A new list, order or filter without one fails here, until it has one or a reason stands below.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import F, Field, Model, Q, UniqueConstraint
from unfold.contrib.filters.admin import FieldTextFilter

from backlog.api import urls as backlog_api
from backlog.db import grams
from backlog.db.fields import Searched
from backlog.filters import fields
from council.api import urls as council_api

# Nouns that people make one by one, by hand: there are too few of them to look for.
FEW = {
    "AgendaItem", "ApiToken", "Ballot", "Council", "Department", "Endpoint", "ImportRun", "Meeting",
    "MessageTemplate", "Product", "ScoringModel", "Seal", "Seat", "Series", "Source", "Sprint",
    "User",
}  # fmt: skip

# What filters with a method of their own look at.
LOOKED_AT = {
    ("Customer", "email"): "contact_points__channel",
    ("Customer", "identity"): "identities__customer",
    ("Feedback", "linked"): "is_linked",
    ("Feedback", "triage"): "done_as",
    # As long as some people are not content, they are not far to find.
    ("Feedback", "low_score"): "readings__feedback",
    ("CustomerRequest", "on_board"): "status",
    ("CustomerRequest", "customer"): "counted_evidence__counts_for",
    ("CustomerRequest", "drift_min"): "drift",
    ("CustomerRequest", "department"): "owner",
    ("CustomerRequest", "account"): "counted_evidence__counts_for",
    ("CustomerRequest", "segment"): "counted_evidence__counts_for",
    ("CustomerRequest", "source"): "counted_evidence__counts_for",
    ("CustomerRequest", "relation"): "counted_evidence__counts_for",
    ("CustomerRequest", "journey_stage"): "counted_evidence__counts_for",
    ("CustomerRequest", "silence"): "counted_evidence__counts_for",
    ("CustomerRequest", "sprint"): "commitments__request",
    ("Commitment", "live"): "withdrawn_at",
    ("Meeting", "when"): "status",
    ("Ballot", "request"): "agenda_item__request",
    ("Outcome", "announced"): "announcement__announced_at",
    ("StatusUpdate", "announced"): "announcement__announced_at",
    ("StatusUpdate", "current"): "is_current",
    ("Notice", "request"): "items__obligation",
    ("Notice", "outcome"): "items__obligation",
    ("Notice", "status_update"): "items__obligation",
    ("Notice", "failed"): "failure",
    ("ActionItem", "on_desk_of"): "owner",
    ("ActionItem", "to_accept_by"): "status",
    ("Event", "subject"): "subject_type",
    ("Obligation", "occasion"): "announcement__outcome",
    ("Obligation", "event"): "event__kind",
    ("Obligation", "department"): "request__owner",
    ("Obligation", "segment"): "account__segment",
    # Of a report, which says what its products came to in that time.
    ("Product", "period"): "pk",
}


def leading(model: type[Model]) -> set[str]:
    """The columns that some index begins with, or holds the rows of that have a certain value."""
    meta: Any = model._meta
    found = {it.name for it in meta.local_fields if it.primary_key or it.unique or it.db_index}
    for index in meta.indexes:
        found |= {name.lstrip("-") for name in index.fields[:1]}
        found |= {it.name for part in index.expressions[:1] for it in _columns(part)}
        found |= _conditions(index.condition)
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            found |= {*constraint.fields[:1]}
    return found


def _columns(expression: Any) -> Iterator[Any]:
    if isinstance(expression, F):
        yield expression
    for each in getattr(expression, "get_source_expressions", list)():
        yield from _columns(each)


def _conditions(condition: Any) -> set[str]:
    if condition is None:
        return set()
    return {
        name
        for each in condition.children
        for name in (_conditions(each) if isinstance(each, Q) else {each[0].partition("__")[0]})
    }


def serves(model: type[Model], path: str) -> bool:
    """Whether each step of the way to the column has an index that begins with it."""
    name, _between, rest = path.partition("__")
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, Field):  # Of another noun, which points to this one.
        related = field.related_model
        return serves(related, rest) if rest else field.field.name in leading(related)
    is_served = field.name in leading(model) or model.__name__ in FEW
    if rest in {"", "pk"} or field.related_model is None or model.__name__ in FEW:
        return is_served
    return is_served and serves(field.related_model, rest)


VIEWS = [
    (prefix, view)
    for prefix, view, _name in (*backlog_api.router.registry, *council_api.router.registry)
    if hasattr(view, "queryset") and view.queryset is not None
]
PAGES = [
    (model, page)
    for model, page in admin.site._registry.items()
    if model._meta.app_label in {"backlog", "council"}
]


@pytest.mark.parametrize(
    ("prefix", "view"), VIEWS, ids=lambda it: it if isinstance(it, str) else ""
)
def test_every_order_of_the_api_is_that_of_an_index(prefix: str, view: Any) -> None:
    model = view.queryset.model
    orders = {"pk" if name == "id" else name for name in view.orderings}
    assert [name for name in orders if not serves(model, name)] == []


@pytest.mark.parametrize(
    ("prefix", "view"), VIEWS, ids=lambda it: it if isinstance(it, str) else ""
)
def test_every_filter_of_the_api_has_an_index(prefix: str, view: Any) -> None:
    model, filterset = view.queryset.model, getattr(view, "filterset_class", None)
    unserved = []
    for name, each in (filterset.base_filters if filterset else {}).items():
        if isinstance(each, fields.Search):
            assert issubclass(model, Searched)
            continue
        path = LOOKED_AT.get((model.__name__, name), str(each.field_name))
        if not serves(model, path):
            unserved.append(name)
    assert unserved == []


@pytest.mark.parametrize(("model", "page"), PAGES, ids=lambda it: getattr(it, "__name__", ""))
def test_every_order_and_filter_of_the_desk_has_an_index(model: type[Model], page: Any) -> None:
    names = [it[0] for it in page.list_filter if isinstance(it, tuple)]
    names += [name for name in (*page.ordering[:1], *page.sortable_by) if isinstance(name, str)]
    assert [it for it in names if not serves(model, it.lstrip("-"))] == []


@pytest.mark.parametrize(("model", "page"), PAGES, ids=lambda it: getattr(it, "__name__", ""))
def test_every_search_of_the_desk_has_an_index(model: type[Model], page: Any) -> None:
    """The one by words is on every `Searched` noun: what leads to it must be quick as well."""
    paths = [path.removesuffix("search_text").removesuffix("__") for path in page.search_fields]
    assert [path for path in paths if path and not serves(model, path)] == []
    kinds = [it[1] for it in page.list_filter if isinstance(it, tuple)]
    assert FieldTextFilter not in kinds


@pytest.mark.django_db
def test_what_is_searched_is_indexed_by_the_database() -> None:
    """On SQLite it goes with a table that a migration rebuilds, and has to be made anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        known = {name for (name,) in cursor.fetchall()}
    ends = [""] if connection.vendor == "postgresql" else ["_insert", "_update", "_delete"]
    tables = grams.searched(apps.get_models())
    assert len(tables) > 20
    assert {grams.name(table) + end for table in tables for end in ends} <= known
