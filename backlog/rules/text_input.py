"""Text as people give it: what can be stored."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from backlog import errors
from backlog.rules import bounds, texts

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether it is free of NUL and of halves of surrogate pairs."""
    return _UNSTORABLE.search(text) is None


def storable(text: str, *, field: str) -> str:
    """The text itself. Raises UnstorableText for a NUL or half a surrogate pair."""
    if _UNSTORABLE.search(text):
        raise errors.UnstorableText(field=field)
    return text


def fitting(text: str, model: type[Model], name: str, *, field: str = "") -> str:
    """The text itself, if this column can hold it; raises Invalid where it is too long."""
    column: Any = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    return _up_to(column.max_length, storable(text, field=field or name), field or name)


def _up_to(length: int, text: str, field: str) -> str:
    if len(text) > length:
        facts = {"length": length, "found": len(text)}
        raise errors.Invalid(
            _("At most %(length)d characters; these are %(found)d.") % facts,
            field=field,
            code="max_length",
        )
    return text


def by_language(given: Mapping[str, str], field: str, *, is_required: bool) -> dict[str, str]:
    """What is said in each language, without the empty ones. Raises Invalid where nothing is."""
    told = {
        language: _up_to(bounds.MESSAGE, storable(words, field=field), field)
        for language, words in given.items()
        if words.strip()
    }
    if (told or is_required) and not texts.is_text(told):
        raise errors.Invalid(
            _("Say it in Korean, in English, or better in both."), field=field, code="blank"
        )
    return told


def check(row: Model) -> None:
    """Raises UnstorableText for a text of the row, or inside its JSON, that is not storable."""
    for field in row._meta.concrete_fields:  # noqa: SLF001 -- Django's documented API
        check_value(getattr(row, field.attname), field=field.name)


def check_value(value: Any, *, field: str) -> None:
    """The same of a text, or of JSON."""
    if isinstance(value, str):
        storable(value, field=field)
    elif isinstance(value, (dict, list, tuple)):
        for text in _texts_in(value):
            storable(text, field=field)


def _texts_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, each in value.items():
                yield from _texts_in(key)
                yield from _texts_in(each)
        case list() | tuple():
            for each in value:
                yield from _texts_in(each)
