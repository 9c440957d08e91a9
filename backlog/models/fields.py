"""Columns that Django does not have."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from backlog.rules import search
from backlog.scoring import ranks


class RankField(models.CharField[str | None, str | None]):
    """A position key that both databases order by byte value.

    SQLite compares bytes by itself. PostgreSQL compares by language unless told otherwise, and
    would sort "a" before "B"; SQLite refuses a plain `db_collation="C"`, hence the override.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", ranks.MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SearchField(models.TextField[str, str]):
    """Other columns of the row in the form that search compares.

    Computed whenever the row is saved, so that it can be neither forgotten nor given; databases
    fold texts by rules of their own, hence by ours. The row's model must be `Searched`.
    """

    def __init__(self, *of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{**kwargs, "editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, list(self.of), kwargs

    def folded(self, read: Callable[[str], Any]) -> str:
        """What search compares of a row, of which `read` gives a column."""
        return search.folded(*(text for name in self.of for text in _texts(read(name))))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        text = self.folded(lambda name: getattr(model_instance, name))
        setattr(model_instance, self.attname, text)
        return text


def _texts(value: Any) -> Iterable[str]:
    """The value, or what it says in each language."""
    return value.values() if isinstance(value, dict) else [value or ""]


class Searched(models.Model):
    """A noun that is looked for by words: has a SearchField called `search_text`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            field = self._meta.get_field("search_text")
            assert isinstance(field, SearchField)
            update_fields = set(update_fields)
            if update_fields.intersection(field.of):
                update_fields.add(field.name)
        super().save(*args, update_fields=update_fields, **kwargs)
