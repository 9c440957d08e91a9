"""Moments that somebody reports: facts of the past, told by clocks that differ."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from backlog import errors
from backlog.rules import bounds


def check_past(model: type[Model], values: Mapping[str, Any], *, at: datetime) -> None:
    """Raises Invalid for a fact (a column that `is_past`) that is yet to come."""
    for field in _facts(model):
        moment = values.get(field.attname)
        if moment is not None and bounds.is_ahead(moment, at):
            raise errors.Invalid(
                _("That is yet to come. Is the clock, or its offset, right?"),
                field=field.name,
                code="in_the_future",
            )


@cache
def _facts(model: type[Model]) -> "list[Field[Any, Any]]":
    fields = model._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
    return [field for field in fields if getattr(field, "is_past", False)]
