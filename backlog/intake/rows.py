"""From a row of a table to what a customer said: which column holds what, and is it sound."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Self

from backlog.intake import columns, dates
from backlog.intake.files import Row
from backlog.intake.problems import BadRow
from backlog.intake.records import excerpt
from backlog.rules import addresses

# The scale of each kind of rating, as the database has it too.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "stars": (0, 10)}

_LIMITS = {"author": 255, "email": 1_000, "author_name": 200, "account": 200, "external_id": 255}
_DECIMAL_COMMA = re.compile(r"\d{1,4},\d{1,2}")
_CENT = Decimal("0.01")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The columns in which to look; what has none, the file does not say."""

    text: str
    author: str = ""
    email: str = ""
    author_name: str = ""
    account: str = ""
    external_id: str = ""
    date: str = ""
    rating: str = ""

    def resolved(self, names: list[str]) -> Self:
        """The same in the table's own names; a TableError if it lacks one."""
        wanted = {field.name: getattr(self, field.name) for field in fields(self)}
        found = {what: columns.find_column(names, name) for what, name in wanted.items() if name}
        return type(self)(**found)


class Said(NamedTuple):
    """What one row says. `said_at` and `rating` are None where it does not.

    An author who is an e-mail address is one as addresses are kept and compared; so is `email`.
    """

    line: int
    words: str
    author: str
    author_name: str
    account: str
    external_id: str
    said_at: datetime | None
    rating: Decimal | None
    cells: dict[str, str]
    email: str = ""


class _Unfit(Exception):  # noqa: N818 -- a finding about a row, not a crash
    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Understands the rows of one file. Dates without an offset are in `zone`."""

    mapping: Mapping
    zone: tzinfo
    rating_kind: str = "stars"
    date_order: dates.Order | None = None

    def read(self, rows: Iterable[Row | BadRow]) -> Iterator[Said | BadRow]:
        """Each row once: as what it says, or as what is wrong with it."""
        for row in rows:
            if isinstance(row, BadRow):
                yield row
                continue
            try:
                yield self._said(row)
            except _Unfit as unfit:
                shown = excerpt(" ".join(row.cells.values()))
                yield BadRow(row.line, unfit.code, unfit.params, shown)

    def _said(self, row: Row) -> Said:
        words = row.cells[self.mapping.text]
        if not words or words.isspace():
            raise _Unfit("no_words")
        return Said(
            line=row.line,
            words=words,
            author=self._author(row),
            email=self._email(row),
            author_name=self._short(row, "author_name"),
            account=self._short(row, "account"),
            external_id=self._short(row, "external_id"),
            said_at=self._moment(row),
            rating=self._rating(row),
            cells=row.cells,
        )

    def _short(self, row: Row, what: str) -> str:
        column = getattr(self.mapping, what)
        if not column:
            return ""
        value = row.cells[column].strip()
        if len(value) > _LIMITS[what]:
            raise _Unfit("cell_too_long", column=column, limit=_LIMITS[what])
        return value

    def _author(self, row: Row) -> str:
        """A name or number of the source's own, or an address; never what was meant as one."""
        author = addresses.visible(self._short(row, "author"))
        address = addresses.normal(author)
        if address is None and addresses.is_meant(author):
            raise _Unfit("bad_address", value=excerpt(author))
        return address or author

    def _email(self, row: Row) -> str:
        email = self._short(row, "email")
        address = addresses.normal(email)
        if email and address is None:
            raise _Unfit("bad_address", value=excerpt(email))
        return address or ""

    def _moment(self, row: Row) -> datetime | None:
        value = row.cells[self.mapping.date].strip() if self.mapping.date else ""
        if not value:
            return None
        moment = dates.parse_date(value, order=self.date_order)
        if moment is None or moment.year not in _YEARS:
            raise _Unfit("bad_date", value=excerpt(value))
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time.min)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _rating(self, row: Row) -> Decimal | None:
        value = row.cells[self.mapping.rating].strip() if self.mapping.rating else ""
        if not value:
            return None
        low, high = SCALES[self.rating_kind]
        try:
            number = Decimal(value.replace(",", ".") if _DECIMAL_COMMA.fullmatch(value) else value)
            on_scale = low <= number <= high
        except InvalidOperation:
            on_scale = False
        if not on_scale:
            raise _Unfit("bad_rating", value=excerpt(value), low=low, high=high)
        return number.quantize(_CENT)
