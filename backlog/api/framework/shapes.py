"""The shape of a resource's rows, made once from its serializer: one says what there is and how.

The description of the API is written from the same fields, so that it and the answers are alike.
"""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from backlog.api.framework.rows import (
    EXCERPTS,
    Column,
    Context,
    Page,
    Part,
    Shape,
    Shown,
    excerpts,
    key,
    unique,
)
from backlog.rules import bounds

# What a column of the fitting kind holds already is what they would make of it.
AS_STORED = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.JSONField,
    serializers.PrimaryKeyRelatedField,
)
SHORT = (
    serializers.BooleanField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.DecimalField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.PrimaryKeyRelatedField,
    serializers.UUIDField,
)


def shape_of(serializer: serializers.Serializer[Any], prefix: str = "") -> Shape:
    """Of rows that stand where `prefix` leads to: nowhere, or `product__`."""
    return Shape(tuple(_part(field, prefix) for field in serializer.fields.values()))


def made(
    field: Any, name: str, paths: tuple[str, ...], by: Callable[[Context], Callable[..., Any]]
) -> Part:
    """What a function makes of several columns of a row; which one is asked once for a page."""

    def shown(page: Page, context: Context) -> Column:
        return list(map(by(context), *(page[path] for path in paths)))

    return Part(name, paths, _shortened(field, shown))


def _part(field: Any, prefix: str) -> Part:
    path = prefix + field.source.replace(".", "__")
    if hasattr(field, "part"):
        part: Part = field.part(prefix)
        return part
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        return _value(field, f"{path}_id")
    if hasattr(field, "shape"):
        return _one(field, path)
    if hasattr(getattr(field, "child", None), "shape"):
        return _each(field, path)
    return _value(field, path)


def _one(field: Any, path: str) -> Part:
    """A row that ours points to, or null."""
    shape: Shape = field.shape(f"{path}__")
    number = f"{path}__{key(field.Meta.model)}"

    def shown(page: Page, context: Context) -> Column:
        if field.is_hidden(context):
            return [None] * len(page)
        return shape.shown_once(page[number], page, context)

    return Part(field.field_name, unique(number, *shape.paths), shown)


def _each(field: Any, path: str) -> Part:
    """The rows that belong to ours."""
    shape: Shape = field.child.shape()

    def shown(page: Page, context: Context) -> Column:
        return page.children(path, shape, context)

    return Part(field.field_name, (key(field.parent.Meta.model),), shown)


def _value(field: Any, path: str) -> Part:
    """A column, written as the field does it."""
    absent = None if field.default is empty else field.default
    represent = field.to_representation

    def as_stored(page: Page, context: Context) -> Column:
        return page[path]

    def shown(page: Page, context: Context) -> Column:
        return [absent if value is None else represent(value) for value in page[path]]

    is_as_stored = isinstance(field, AS_STORED) and absent is None
    return Part(field.field_name, (path,), _shortened(field, as_stored if is_as_stored else shown))


def _shortened(field: Any, shown: Shown) -> Shown:
    """The same, and in a list with long texts cut short where the field may hold any."""
    if _is_short(field):
        return shown

    def shown_shortened(page: Page, context: Context) -> Column:
        column = shown(page, context)
        return [excerpts(value) for value in column] if context.get(EXCERPTS) else column

    return shown_shortened


def _is_short(field: Any) -> bool:
    if isinstance(field, serializers.Serializer):
        return all(map(_is_short, field.fields.values()))
    is_line = isinstance(field, serializers.CharField) and field.max_length is not None
    return isinstance(field, SHORT) or (is_line and field.max_length <= bounds.EXCERPT)
