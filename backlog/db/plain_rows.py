"""Rows as plain values, checked as an instance of their model would be."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model

from backlog.rules import text_input


def check(model: type[Model], row: Mapping[str, Any]) -> None:
    """Raises what `text_input.check` and `clean_fields` of an instance with these values would.

    Looked at is what the row names, but for the rows that it points to. To build an instance for
    each of many rows takes longer than to check and store them.
    """
    faults: dict[str, list[ValidationError]] = {}
    for field, choices in _own_fields(model):
        if field.attname not in row:
            continue
        value = row[field.attname]
        text_input.check_value(value, field=field.name)
        if (field.blank and value in field.empty_values) or (choices and value in choices):
            continue
        try:
            field.clean(value, None)
        except ValidationError as fault:
            faults[field.name] = fault.error_list
    if faults:
        raise ValidationError(faults)


@cache
def _own_fields(model: type[Model]) -> "list[tuple[Field[Any, Any], frozenset[Any]]]":
    """With what may be chosen, where it is one of a few."""
    return [
        (field, frozenset(value for value, _label in field.flatchoices))
        for field in model._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
        if not field.is_relation
    ]
