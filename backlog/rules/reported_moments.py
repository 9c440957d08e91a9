"""Moments that somebody reports: facts of the past, told by clocks that differ."""

from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _

from backlog import errors
from backlog.rules import bounds


def check_past(row: Model, *, at: datetime) -> None:
    """Raises Invalid for a fact (a column that `is_past`) that is yet to come."""
    for field in row._meta.concrete_fields:  # noqa: SLF001 -- Django's documented API
        moment = getattr(row, field.attname) if getattr(field, "is_past", False) else None
        if moment is not None and bounds.is_ahead(moment, at):
            raise errors.Invalid(
                _("That is yet to come. Is the clock, or its offset, right?"),
                field=field.name,
                code="in_the_future",
            )
