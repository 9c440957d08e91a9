"""Rows as plain values, checked as an instance of their model would be."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import CharField, Field, Model, TextField

from backlog.rules import text_input


def check(model: type[Model], row: Mapping[str, Any]) -> None:
    """Raises what `text_input.check` and `clean_fields` of an instance with these values would.

    Looked at is what the row names, but for the rows that it points to. To build an instance for
    each of many rows takes longer than to check and store them.
    """
    faults: dict[str, list[ValidationError]] = {}
    for field, choices, longest in _own_fields(model):
        if field.attname not in row:
            continue
        value = row[field.attname]
        text_input.check_value(value, field=field.name)
        if (field.blank and value in field.empty_values) or (choices and value in choices):
            continue
        if isinstance(value, str) and 0 < len(value) <= longest:
            continue
        try:
            field.clean(value, None)
        except ValidationError as fault:
            faults[field.name] = fault.error_list
    if faults:
        raise ValidationError(faults)


@cache
def _own_fields(model: type[Model]) -> "list[tuple[Field[Any, Any], frozenset[Any], int]]":
    """With what may be chosen, where it is one of a few; and how long any text may be."""
    return [
        (field, frozenset(value for value, _label in field.flatchoices), _longest(field))
        for field in model._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
        if not field.is_relation
    ]


def _longest(field: "Field[Any, Any]") -> int:
    """Up to this length the field takes every text that can be stored; 0 if it asks for more."""
    is_text = isinstance(field, CharField | TextField) and not field.choices
    is_plain = is_text and all(isinstance(it, MaxLengthValidator) for it in field.validators)
    return (field.max_length or 0) if is_plain else 0
