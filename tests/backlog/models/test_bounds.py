"""Every column has ends: its field knows them, and the database refuses what lies beyond."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction

from backlog.db import fields
from backlog.intake import rows
from backlog.models import Account, Customer, Feedback, Identity
from backlog.rules import addresses, bounds
from tests.access import world

OF_DJANGO = {"user.password", "user.last_login"}
"""Inherited columns, which hold what Django puts there."""
PLAIN = (models.BooleanField, models.ForeignKey, models.AutoField, models.BinaryField)


def columns() -> Iterator[tuple[str, Any]]:
    for app in ("backlog", "council"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_concrete_fields:
                name = f"{model._meta.model_name}.{field.name}"
                if name not in OF_DJANGO and field.model is model:
                    yield name, field


COLUMNS = dict(columns())
BOUNDED = {
    name: field
    for name, field in COLUMNS.items()
    if isinstance(field, fields.Bounded) and not isinstance(field, models.BinaryField)
}


def test_every_text_has_a_length_every_number_bounds_and_every_moment_a_window() -> None:
    free = {
        name
        for name, field in COLUMNS.items()
        if not isinstance(field, (fields.Bounded, fields.JSONField, *PLAIN))
        and not _is_of_knox(field)
    }

    assert free == set()


def _is_of_knox(field: Any) -> bool:
    return type(field.model).__module__.startswith("knox") or (
        field.name
        in {
            "digest",
            "token_key",
            "created",
            "expiry",
        }
        and field.model.__name__ == "ApiToken"
    )


def test_no_decimal_has_more_digits_than_sqlite_keeps() -> None:
    digits = [it.max_digits for it in COLUMNS.values() if isinstance(it, models.DecimalField)]

    assert max(digits) <= bounds.MOST_DIGITS
    assert fields.DecimalField(max_digits=16, decimal_places=2).check()


@pytest.mark.parametrize("size", [{"max_size": 20}, {"max_size": 10_000}])
def test_json_has_a_size(size: dict[str, int]) -> None:
    column = fields.JSONField(**size)

    column.run_validators({"k": "v"})
    with pytest.raises(ValidationError) as refused:
        column.run_validators({"k": "v" * size["max_size"]})

    assert [each.code for each in refused.value.error_list] == ["too_large"]


def test_the_importer_has_the_lengths_of_the_columns() -> None:
    lengths = {
        "author": Identity._meta.get_field("external_id"),
        "author_name": Customer._meta.get_field("name"),
        "account": Account._meta.get_field("name"),
        "external_id": Feedback._meta.get_field("external_id"),
    }

    columns = {name: column.max_length for name, column in lengths.items()}
    assert {**columns, "email": addresses.LONGEST_INPUT} == rows._LIMITS


@pytest.mark.django_db
def test_the_database_refuses_what_lies_beyond() -> None:
    here = world.build()
    taken = []
    for name, field in BOUNDED.items():
        row = here.open.get(field.model) or field.model._default_manager.first()
        if row is None:
            continue
        taken += [f"{name} {value!r:.40}" for value in _beyond(field) if _takes(field, row, value)]

    assert taken == []


def test_every_column_says_of_itself_what_lies_beyond() -> None:
    """For whoever fills a row in without a serializer or a form."""
    taken = [
        f"{name} {value!r:.40}"
        for name, field in BOUNDED.items()
        for value in _beyond(field)
        if not field.choices and _validates(field, value)
    ]

    assert taken == []


def _validates(field: Any, value: Any) -> bool:
    try:
        given = field.to_python(value)
        if isinstance(given, datetime):
            given = given.replace(tzinfo=UTC)
        field.run_validators(given)
    except ValidationError:
        return False
    return True


def _takes(field: Any, row: models.Model, value: Any) -> bool:
    """Whether the table takes the value, written past all that checks it in Python."""
    table, column, key = (
        connection.ops.quote_name(str(each))
        for each in (row._meta.db_table, field.column, row._meta.pk.column)
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])
    except (IntegrityError, DataError):
        return False
    return True


def _beyond(field: Any) -> list[Any]:
    match field:
        case fields.DateTimeField():
            step = timedelta(seconds=1)
            return [_written(each) for each in (field.min_value - step, field.max_value + step)]
        case fields.DateField():
            return [
                str(field.min_value - timedelta(days=1)),
                str(field.max_value + timedelta(days=1)),
            ]
        case fields.FloatField():
            return [float("inf"), -float("inf"), 1e301]
        case fields.DecimalField():
            return [str(field.max_value * 2), str(field.min_value * 2)]
        case fields.Whole():
            return (
                [] if field.max_value == bounds.BIG else [field.max_value + 1, field.min_value - 1]
            )
    return ["가" * (field.max_length + 1)]


def _written(moment: datetime | date) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" + ("+00" if connection.vendor == "postgresql" else "")
