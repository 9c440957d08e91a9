"""Names for the columns of a table, and finding the one that a person means."""

import difflib
import unicodedata
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from backlog.errors import TableError

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
    """The column of that name; if there is none or several, say which there are.

    Names are the same that look the same: composed or not, in capitals or not, however spaced.
    """
    for same in (str, folded):
        named = [name for name in columns if same(name) == same(wanted.strip())]
        if len(named) == 1:
            return named[0]
        numbered = [
            name for n, name in enumerate(columns, 1) if same(name) == same(_numbered(wanted, n))
        ]
        if several := named or numbered:
            message = _("Several columns are called “%(name)s”. Say which: %(columns)s.")
            raise TableError(
                message % {"name": wanted.strip(), "columns": _listed(several)},
                code="duplicate_columns",
            )
    raise _unknown(columns, wanted.strip())


def folded(name: str) -> str:
    """A name in the form in which names are compared."""
    visible = (it for it in unicodedata.normalize("NFKC", name) if unicodedata.category(it) != "Cf")
    return " ".join("".join(visible).casefold().split())


def too_many_columns() -> TableError:
    message = _("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS}
    return TableError(message, code="too_many_columns")


def _unknown(columns: Sequence[str], wanted: str) -> TableError:
    message = _("There is no column “%(name)s”. The file has: %(columns)s.") % {
        "name": wanted,
        "columns": _listed(columns),
    }
    by_folded = {folded(name): name for name in columns}
    close = difflib.get_close_matches(folded(wanted), by_folded, n=1)
    if close:
        message += " " + _("Did you mean “%(name)s”?") % {"name": by_folded[close[0]]}
    return TableError(message, code="unknown_column", columns=list(columns))


def _numbered(name: str, number: int) -> str:
    return f"{name.strip()} (column {number})"


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in columns[:30])
    return f"{shown} …" if len(columns) > 30 else shown
