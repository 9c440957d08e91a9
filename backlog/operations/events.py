"""Writes the ledger. Every operation calls this inside its own transaction.

Here alone is read through what somebody acts (`backlog.auth.origins`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from backlog.auth import origins
from backlog.db import bulk
from backlog.errors import VersionConflict
from backlog.models import CustomerRequest, Event, User
from backlog.models.edited import Edited
from backlog.operations import webhook_events
from backlog.rules import events, text_input


def entry(
    kind: str,
    *,
    subject: Model,
    by: User | None,
    at: datetime,
    request: CustomerRequest | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """An unsaved event, for callers that write many at once."""
    events.check(kind, data or {}, reason=reason)
    return Event(
        kind=kind,
        request=request,
        subject_type=type(subject).__name__.lower(),
        subject_id=subject.pk,
        actor=by,
        at=at,
        reason=text_input.fitting(reason, Event, "reason"),
        data=data or {},
        **origins.current().columns(),
    )


def record(
    kind: str,
    *,
    subject: Model,
    by: User | None,
    at: datetime,
    request: CustomerRequest | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Append one event. What `data` may hold is said in `backlog.rules.events`, kind by kind.

    The endpoints that want it are owed it from now on.
    """
    event = entry(kind, subject=subject, by=by, at=at, request=request, reason=reason, data=data)
    event.save(force_insert=True)
    product_id = request.product_id if request else getattr(subject, "product_id", None)
    webhook_events.queue_deliveries(event, product_id=product_id, by=by, at=at)
    return event


def record_many(
    kind: str,
    *,
    subject: type[Model],
    ids: Iterable[int],
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Append the same event for many rows of one kind, that concern no request."""
    events.check(kind, data or {}, reason="")
    same = {
        "kind": kind,
        "subject_type": subject.__name__.lower(),
        "actor_id": by and by.pk,
        "at": at,
        "data": data or {},
        **origins.current().columns(),
    }
    bulk.insert(Event, [{**same, "subject_id": number} for number in ids])


def apply(
    row: Edited,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    by: User | None,
    at: datetime,
) -> list[str]:
    """Set, check and save what really differs; the sorted names of it, for the event.

    The row must be locked. With the `version` that the changes are based on, raises VersionConflict
    when somebody edited it since. Raises Django's ValidationError for values that are not valid, or
    do not go with the rest of the row, and UnstorableText.
    """
    if version not in (None, row.version):
        raise VersionConflict(
            _("Somebody has edited “%(row)s” meanwhile. Read it again.") % {"row": row},
            version=row.version,
        )
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if changed:
        for name in changed:
            setattr(row, name, changes[name])
        text_input.check(row)
        fields = row._meta.fields  # noqa: SLF001 -- Django's documented API
        row.clean_fields(exclude={field.name for field in fields} - set(changed))
        row.validate_unique()
        row.validate_constraints()
        row.version += 1
        row.save(update_fields=[*changed, "version"])
    return changed


def renew(row: Edited, *, by: User | None, at: datetime) -> None:
    """Something was edited that belongs to the row and stands elsewhere; the row is locked."""
    row.version += 1
    row.save(update_fields=["version"])
