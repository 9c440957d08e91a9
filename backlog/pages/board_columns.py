"""The columns of the board: which there are, which are chosen, and what each puts into a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

PARAMETER: Final = "columns"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a file."""

    label: StrOrPromise
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """What people choose; how it is drawn stands in `backlog/_board_row.html`."""

    name: str
    label: StrOrPromise
    cells: tuple[Cell, ...]
    is_default: bool = True


def _revenue(row: Any) -> Any:
    """Money of one currency only can be added."""
    return row.revenue if row.currencies == 1 else None


COLUMNS: Final = (
    Column(
        "priority",
        _("Priority"),
        (
            Cell(_("Priority"), lambda row: row.priority),
            Cell(_("Priority, at least"), lambda row: row.priority_low),
            Cell(_("Priority, at most"), lambda row: row.priority_high),
        ),
    ),
    Column(
        "scores",
        _("Impact / feasibility"),
        (
            Cell(_("Impact"), lambda row: row.impact),
            Cell(_("Feasibility"), lambda row: row.feasibility),
        ),
    ),
    Column("customers", _("Customers"), (Cell(_("Customers"), lambda row: row.customers or 0),)),
    Column(
        "accounts",
        _("Accounts, revenue"),
        (
            Cell(_("Accounts"), lambda row: row.accounts or 0),
            Cell(_("Annual revenue"), _revenue),
            Cell(_("Currency"), lambda row: row.currency if row.currencies == 1 else None),
        ),
    ),
    Column("owner", _("Owner"), (Cell(_("Owner"), lambda row: row.owner),)),
    Column(
        "review_on",
        _("Review on"),
        (Cell(_("Review on"), lambda row: row.review_on),),
        is_default=False,
    ),
    Column(
        "contested",
        _("Contested"),
        (Cell(_("Contested"), lambda row: row.contested),),
        is_default=False,
    ),
    Column(
        "since",
        _("Status since"),
        (Cell(_("Status since"), lambda row: row.status_changed_at),),
        is_default=False,
    ),
    Column(
        "opened",
        _("Opened"),
        (Cell(_("Opened"), lambda row: row.opened_at),),
        is_default=False,
    ),
)
ALWAYS: Final = (
    Cell(_("Key"), lambda row: row.key),
    Cell(_("Title"), lambda row: row.title),
    Cell(_("Status"), lambda row: row.get_status_display()),
    Cell(_("Drift"), lambda row: row.drift),
)


def chosen(query: QueryDict) -> list[Column]:
    """Those that an address names and there are; where it names none of them, the usual ones."""
    wanted = set(query.getlist(PARAMETER))
    return [each for each in COLUMNS if each.name in wanted] or [
        each for each in COLUMNS if each.is_default
    ]


def unknown(query: QueryDict) -> list[str]:
    """What an address names and there is not, or not any more."""
    known = {each.name for each in COLUMNS}
    return [name for name in query.getlist(PARAMETER) if name and name not in known]


def cells(columns: Sequence[Column]) -> list[Cell]:
    return [*ALWAYS, *(cell for each in columns for cell in each.cells)]
