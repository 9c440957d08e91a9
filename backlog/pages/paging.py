"""Pages of a list in the address: from one row on, never by number, so that each costs the same."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from backlog.rules import names

ROWS = 50
CURSORS = ("before", "after")

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, the newest first, and the addresses of the pages around; empty without one."""

    rows: list[M]
    newer: str
    older: str


def newest_first(rows: "QuerySet[M]", wanted: QueryDict, *, size: int = ROWS) -> Page[M]:
    """The rows before, or after, the one whose number the address names; else the newest."""
    before, after = number(wanted, "before"), number(wanted, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        if len(found) > size:
            found = found[size - 1 :: -1]
            return Page(
                found,
                newer=address(wanted, after=found[0].pk),
                older=address(wanted, before=found[-1].pk),
            )
        before = None  # Nothing newer than one page: that is the first page.
    listing = rows.order_by("-pk")
    found = list((listing.filter(pk__lt=before) if before else listing)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    return Page(
        found,
        newer=address(wanted, after=found[0].pk) if before and found else "",
        older=address(wanted, before=found[-1].pk) if has_more else "",
    )


def number(wanted: QueryDict, name: str) -> int | None:
    """A row's number from the address; None where there is none, or what is no number."""
    return names.number(wanted.get(name, ""))


def address(wanted: QueryDict, **cursor: int) -> str:
    """The same filters, from another place in the list."""
    query = wanted.copy()
    for name in CURSORS:
        query.pop(name, None)
    for name, value in cursor.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
