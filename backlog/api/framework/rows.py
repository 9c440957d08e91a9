"""How rows are shown: as DRF does it, but deciding once for each class how to read its fields.

DRF builds the fields of a serializer anew for each request, and asks each field about each row how
its value is to be reached. For a page of rows this takes longer than the database.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from rest_framework import serializers
from rest_framework.fields import empty

Context = Mapping[str, Any]
Reader = Callable[[Any, Context], Any]
Shown = Callable[[Any, Context], dict[str, Any]]


def readers_of(serializer: serializers.Serializer[Any]) -> tuple[tuple[str, Reader], ...]:
    """For each field its name, and the function that reads its value off a row."""
    return tuple((str(name), _reader(field)) for name, field in serializer.fields.items())


def _reader(field: Any) -> Reader:
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        return _value(attrgetter(f"{field.source}_id"), lambda number: number)
    reach = _way_to(field)
    if shown := getattr(field, "shown", None):
        return _one(reach, shown)
    if shown := getattr(getattr(field, "child", None), "shown", None):
        return _each(reach, shown)
    return _value(reach, field.to_representation)


def _way_to(field: Any) -> Callable[[Any], Any]:
    if field.source == "*":
        return lambda row: row
    reach: Callable[[Any], Any] = attrgetter(field.source)
    if field.default is empty:
        return reach

    def reach_or_default(row: Any) -> Any:
        try:
            return reach(row)
        except (AttributeError, ObjectDoesNotExist):  # The path leads through something absent.
            return field.default

    return reach_or_default


def _one(reach: Callable[[Any], Any], shown: Shown) -> Reader:
    def read(row: Any, context: Context) -> Any:
        other = reach(row)
        return None if other is None else shown(other, context)

    return read


def _each(reach: Callable[[Any], Any], shown: Shown) -> Reader:
    def read(row: Any, context: Context) -> list[dict[str, Any]]:
        others: Iterable[Model] = reach(row).all()
        return [shown(other, context) for other in others]

    return read


def _value(reach: Callable[[Any], Any], represent: Callable[[Any], Any]) -> Reader:
    def read(row: Any, context: Context) -> Any:
        value = reach(row)
        return None if value is None else represent(value)

    return read
