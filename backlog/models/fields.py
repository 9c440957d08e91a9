"""Columns that Django does not have."""

from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backlog.rules import zones
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


def installation_zone() -> str:
    """The name of the zone of who has not said theirs."""
    return settings.TIME_ZONE


def _check_zone(name: str) -> None:
    if not zones.is_known(name):
        raise ValidationError(_("There is no such time zone."), code="unknown")


class ZoneField(models.CharField[str, str]):
    """The name of somebody's time zone. One that no clock knows is refused."""

    default_validators = [_check_zone]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("default", installation_zone)
        super().__init__(*args, **kwargs)


def clock_of(zone: str) -> tzinfo:
    """Its clock; the installation's where this machine does not know it, as another one did."""
    return zones.clock(zone, otherwise=timezone.get_default_timezone())
