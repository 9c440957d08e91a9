"""Deleting the files of people who were erased.

They are written down in the erasure's transaction, and deleted after it: a file does not come back
when the transaction does not stand, and one that cannot be deleted yet is tried again.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from backlog.db.isolation import isolated
from backlog.models import OwedFile, User


def owe(paths: Iterable[Path], *, by: User | None, at: datetime) -> None:
    """These files are deleted as soon as the transaction stands; if not then, by the next sweep."""
    OwedFile.objects.bulk_create(OwedFile(path=str(path), owed_since=at) for path in paths)
    transaction.on_commit(partial(delete, by=by, at=at), robust=True)


def delete(*, by: User | None, at: datetime) -> int:
    """Delete what is owed; one that is gone already is no fault. Returns how many there were."""
    count = 0
    for owed in OwedFile.objects.order_by("pk"):
        with isolated("Owed file %s cannot be deleted", owed.pk):
            Path(owed.path).unlink(missing_ok=True)
            owed.delete()
            count += 1
    return count
