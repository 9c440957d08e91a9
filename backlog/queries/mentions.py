"""Where colleagues and machines mention a person, and how it reads without."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.apps import apps
from django.db.models import JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from backlog.rules import personal
from backlog.rules.mentions import Mentions, as_stored_in_json

Found = Mapping[str, list[int]]
"""By the label of a model the ids of the rows that mention the person, in the order of locks."""

_AT_ONCE: Final = 20
"""So many things are looked for by one query."""


def find(mentions: Mentions) -> Found:
    """Where colleagues and machines mention the person. Reads only, and takes no lock."""
    found: dict[str, list[int]] = {}
    for label, columns in personal.declared().redacted.items():
        model = apps.get_model(label)
        ids = sorted(_candidates(model, columns, mentions))
        if ids:
            found[label] = ids
    return found


def _candidates(model: type[Model], columns: Iterable[str], mentions: Mentions) -> set[int]:
    """Those that truly mention them; what the database finds may stand inside a longer word."""
    names = list(columns)
    maybe: set[int] = set()
    for column in names:
        maybe |= _probed(model, column, mentions.probes)
    rows = model._default_manager.in_bulk(sorted(maybe))  # noqa: SLF001 -- Django's documented API
    return {pk for pk, row in rows.items() if changes_of(row, names, mentions)}


def _probed(model: type[Model], column: str, probes: list[str]) -> set[int]:
    rows = model._default_manager.order_by()  # noqa: SLF001 -- Django's documented API
    field = model._meta.get_field(column)  # noqa: SLF001 -- Django's documented API
    is_document = isinstance(field, JSONField)
    if is_document:
        rows = rows.annotate(as_text=Cast(column, TextField()))
    else:
        rows = rows.exclude(**{column: ""})
    looked_in = "as_text" if is_document else column
    found: set[int] = set()
    for start in range(0, len(probes), _AT_ONCE):
        anywhere = Q()
        for probe in probes[start : start + _AT_ONCE]:
            for form in as_stored_in_json(probe) if is_document else {probe}:
                anywhere |= Q(**{f"{looked_in}__icontains": form})
        found.update(rows.filter(anywhere).values_list("pk", flat=True))
    return found


def changes_of(row: Model, columns: Iterable[str], mentions: Mentions) -> dict[str, Any]:
    """What each column that mentions the person would be without it."""
    changes: dict[str, Any] = {}
    for column in columns:
        text = getattr(row, column)
        without = mentions.redacted(text)
        if without != text:
            field = row._meta.get_field(column)  # noqa: SLF001 -- Django's documented API
            limit = getattr(field, "max_length", None)
            changes[column] = without[:limit] if isinstance(without, str) else without
    return changes
