"""Names for the columns of a table, and finding the one that a person means."""

import difflib
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from backlog.intake.problems import TableError

MAX_COLUMNS = 2_000


def name_columns(header: Sequence[str]) -> list[str]:
    """A distinct name for each column: a blank one gets its number, repeated ones add theirs."""
    if len(header) > MAX_COLUMNS:
        raise too_many_columns()
    names = [cell.strip() or f"column {n}" for n, cell in enumerate(header, 1)]
    while repeated := {name for name, times in Counter(names).items() if times > 1}:
        names = [
            _numbered(name, n) if name in repeated else name for n, name in enumerate(names, 1)
        ]
    return names


def find_column(columns: Sequence[str], wanted: str) -> str:
    """The column of that name; if there is none or several, say which there are."""
    wanted = wanted.strip()
    if wanted in columns:
        return wanted
    several = [name for n, name in enumerate(columns, 1) if name == _numbered(wanted, n)]
    if several:
        message = _("Several columns are called “%(name)s”. Say which: %(columns)s.")
        raise TableError(
            message % {"name": wanted, "columns": _listed(several)}, code="duplicate_columns"
        )
    raise _unknown(columns, wanted)


def too_many_columns() -> TableError:
    message = _("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS}
    return TableError(message, code="too_many_columns")


def _unknown(columns: Sequence[str], wanted: str) -> TableError:
    message = _("There is no column “%(name)s”. The file has: %(columns)s.") % {
        "name": wanted,
        "columns": _listed(columns),
    }
    folded = {name.casefold(): name for name in columns}
    close = difflib.get_close_matches(wanted.casefold(), folded, n=1)
    if close:
        message += " " + _("Did you mean “%(name)s”?") % {"name": folded[close[0]]}
    return TableError(message, code="unknown_column", columns=list(columns))


def _numbered(name: str, number: int) -> str:
    return f"{name} (column {number})"


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in columns[:30])
    return f"{shown} …" if len(columns) > 30 else shown
