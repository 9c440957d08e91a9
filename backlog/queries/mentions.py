"""Where colleagues and machines mention a person, or may mean them; and how it reads without."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from backlog.models import User
from backlog.rules import personal
from backlog.rules.mentions import Mentions, as_stored_in_json

Found = Mapping[str, list[int]]
"""By the label of a model the ids of the rows that mention the person, in the order of locks."""

_AT_ONCE: Final = 20
"""So many things are looked for by one query."""
_ROWS: Final = 500
_AROUND: Final = 120
"""So many characters are shown on either side of what may mean the person."""

Span = tuple[str, bool]
"""A piece of a text, and whether it is what may mean the person."""


@dataclass(frozen=True, slots=True)
class PossibleMention:
    """A text that may mean the person or somebody or something else: a colleague says which."""

    label: str
    row: Model
    column: str
    pieces: tuple[Span, ...]

    @property
    def place(self) -> str:
        """By what it is named in an answer: `backlog.outcome:12:summary`."""
        return f"{self.label.lower()}:{self.row.pk}:{self.column}"

    def is_seen_by(self, viewer: User) -> bool:
        rows = type(self.row)._default_manager  # noqa: SLF001 -- Django's documented API
        seen = getattr(rows, "visible_to", None)
        return seen is None or seen(viewer).filter(pk=self.row.pk).exists()

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(piece for piece, is_meant in self.pieces if is_meant))

    @property
    def text(self) -> str:
        return "".join(piece for piece, _is_meant in self.pieces)


@dataclass(frozen=True, slots=True)
class Search:
    """All that was found: rows that mention the person, those about them, and what is possible."""

    rows: Found
    linked: Mapping[str, set[int]]
    possible: tuple[PossibleMention, ...]

    def possible_of(self, label: str, pk: int) -> list[PossibleMention]:
        return [it for it in self.possible if it.label == label and it.row.pk == pk]

    def to_mend(self, label: str, meant: Collection[str]) -> list[int]:
        """Rows of one model that change when these places are said to mean the person."""
        said = {it.row.pk for it in self.possible if it.label == label and it.place in meant}
        return sorted(said | set(self.rows.get(label, ())))


def find(
    mentions: Mentions, people: Collection[int], emptied: Mapping[str, Collection[int]]
) -> Search:
    """Where colleagues and machines mention these records. Reads only, and takes no lock.

    Rows that are `emptied`, by the label of their model, are about them, and nothing in them is
    only possible.
    """
    rows: dict[str, list[int]] = {}
    linked: dict[str, set[int]] = {}
    possible: list[PossibleMention] = []
    for label, columns in personal.declared().redacted.items():
        passing = emptied.get(label, set())
        linked[label] = about(label, people) | set(passing)
        ids = []
        for row in _candidates(apps.get_model(label), columns, mentions, linked[label]):
            is_linked = row.pk in linked[label]
            if changes_of(row, columns, mentions, is_linked=is_linked):
                ids.append(row.pk)
            if row.pk not in passing:
                possible += _possible_in(label, row, columns, mentions, is_linked=is_linked)
        if ids:
            rows[label] = sorted(ids)
    return Search(rows, linked, tuple(possible))


def about(label: str, people: Collection[int]) -> set[int]:
    """Rows of one model that are about these people."""
    rows = apps.get_model(label)._default_manager.order_by()  # noqa: SLF001 -- Django's documented API
    found: set[int] = set()
    for path in personal.declared().linked.get(label, ()):
        found.update(rows.filter(**{f"{path}__in": people}).values_list("pk", flat=True))
    return found


def _candidates(
    model: type[Model], columns: Iterable[str], mentions: Mentions, linked: Collection[int]
) -> Iterator[Model]:
    """What is about them, and what the database finds, which may stand inside a longer word."""
    probes = [*mentions.probes, *mentions.possible_probes]
    maybe = set(linked)
    for column in columns:
        maybe |= _probed(model, column, probes)
    ids = sorted(maybe)
    for start in range(0, len(ids), _ROWS):
        rows = model._default_manager.filter(pk__in=ids[start : start + _ROWS])  # noqa: SLF001
        yield from rows.order_by("pk")


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


def _possible_in(
    label: str, row: Model, columns: Iterable[str], mentions: Mentions, *, is_linked: bool
) -> Iterator[PossibleMention]:
    for column in columns:
        left = mentions.redacted(getattr(row, column), is_linked=is_linked)
        text = left if isinstance(left, str) else json.dumps(left, ensure_ascii=False)
        if spans := mentions.possible_in(text, is_linked=is_linked):
            yield PossibleMention(label, row, column, tuple(_marked(text, spans)))


def _marked(text: str, spans: list[tuple[int, int]]) -> Iterator[Span]:
    """Each of the words with what stands around it; what is cut off shows as “…”."""
    shown_to = 0
    for place, (start, end) in enumerate(spans):
        begins = max(shown_to, start - _AROUND)
        following = spans[place + 1][0] if place + 1 < len(spans) else len(text)
        stops = min(following, end + _AROUND)
        yield ("…" if begins > shown_to else "") + text[begins:start], False
        yield text[start:end], True
        yield text[end:stops], False
        shown_to = stops
    if shown_to < len(text):
        yield "…", False


def changes_of(
    row: Model,
    columns: Iterable[str],
    mentions: Mentions,
    *,
    is_linked: bool = False,
    meant: Collection[str] = (),
) -> dict[str, Any]:
    """What each column that mentions the person would be without it.

    Of the columns that are `meant`, possible mentions are mentions.
    """
    changes: dict[str, Any] = {}
    for column in columns:
        text = getattr(row, column)
        without = mentions.redacted(text, is_linked=is_linked, is_meant=column in meant)
        if without != text:
            field = row._meta.get_field(column)  # noqa: SLF001 -- Django's documented API
            limit = getattr(field, "max_length", None)
            changes[column] = without[:limit] if isinstance(without, str) else without
    return changes
