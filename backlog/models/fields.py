"""Columns that Django does not have."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

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
