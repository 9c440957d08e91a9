"""Every column that can hold somebody's name says what erasing them does to it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from backlog.db.fields import SearchField
from backlog.rules import personal

HOLD_NO_TEXT = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TimeField,
)


def columns() -> list[tuple[str, str]]:
    """Of all apps, installed ones too, and of the tables between two models."""
    return [
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if not isinstance(field, (*HOLD_NO_TEXT, SearchField)) and not field.choices
    ]


def declared() -> list[tuple[str, str]]:
    tables = personal.declared()
    kinds = (tables.erased, tables.redacted, tables.none)
    return [(label, name) for each in kinds for label, names in each.items() for name in names]


def test_every_column_that_can_hold_text_is_declared_once() -> None:
    said = declared()

    assert sorted(said) == sorted(columns())
    assert len(said) == len(set(said))


def test_a_new_column_has_to_be_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    new: Any = models.TextField()
    new.set_attributes_from_name("nickname")
    meta: Any = apps.get_model("backlog.Customer")._meta
    monkeypatch.setattr(meta, "local_concrete_fields", (*meta.local_concrete_fields, new))

    assert set(columns()) - set(declared()) == {("backlog.Customer", "nickname")}
