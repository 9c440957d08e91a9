"""From a row of a table to what a customer said: which column holds what, and is it sound."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple, Self, TypeVar

from backlog.intake import columns, dates
from backlog.intake.files import Row
from backlog.intake.problems import BadRow, Remark
from backlog.intake.records import excerpt
from backlog.rules import addresses

T = TypeVar("T")

# The scale of each kind of rating, as the database has it too.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "stars": (0, 10)}

_LIMITS = {
    "author": 255,
    "author_name": 200,
    "account": 200,
    "external_id": 255,
    "email": addresses.LONGEST_INPUT,
}
# As tools write that there is nothing. Not what customers say: “none” and “없음” are answers.
MISSING: Final = frozenset(
    ("NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NULL", "null", "(null)")
) | {"-", "--", "—", "–", ".", "무응답", "해당 없음", "해당없음"}
# The number with which a label of a scale begins: “10 - Extremely likely”, “4점”, “5/5”. Where
# another one follows, as in “5점 만점에 4점”, nobody knows which is meant.
_RATING = re.compile(
    r"(?P<value>\d{1,2}(?:[.,]\d{1,2})?)"
    r"(?:$|\s*(?:/|out of)\s*(?P<of>\d{1,2})$"
    r"|(?:\s*[-–—:=.()]\s*[^\d\s]|\s+[^\d\s/-]|\s?[점별★☆])\D*$)"
)
# What a spreadsheet makes of a long number; thousands of others become the same.
_CUT_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_CENT = Decimal("0.01")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The columns in which to look; what has none, the file does not say."""

    text: str = ""
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
    """What one row says. `said_at` and `rating` are None where it does not; there are words, or a
    rating, or both. `remarks` say what it lacks because it could not be understood.

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
    remarks: tuple[Remark, ...] = ()


class _Unfit(Exception):  # noqa: N818 -- a finding about a row, not a crash
    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Understands the rows of one file. Dates without an offset are in `zone`.

    Cells that hold nothing but one of the marks in `missing` count as empty.
    """

    mapping: Mapping
    zone: tzinfo
    rating_kind: str = "stars"
    date_order: dates.Order | None = None
    missing: frozenset[str] = MISSING

    def read(self, rows: Iterable[Row | BadRow]) -> Iterator[Said | BadRow]:
        """Each row once: as what it says, or as what is wrong with it."""
        for row in rows:
            if isinstance(row, BadRow):
                yield row
                continue
            try:
                yield self._said(row)
            except _Unfit as unfit:
                yield BadRow(row.line, unfit.code, unfit.params, _shown(row))

    def _said(self, row: Row) -> Said:
        """A row is worth keeping for its words or its rating, whatever else is wrong with it."""
        unfit = list[_Unfit]()
        words = row.cells[self.mapping.text] if self._cell(row, "text") else ""
        rating = _tried(self._rating, row, unfit)
        if not words and rating is None:
            raise unfit[0] if unfit else _Unfit("no_words")
        return Said(
            line=row.line,
            words=words,
            author=self._author(row),
            email=self._email(row),
            author_name=self._short(row, "author_name"),
            account=self._short(row, "account"),
            external_id=_tried(self._number, row, unfit) or "",
            said_at=_tried(self._moment, row, unfit),
            rating=rating,
            cells=row.cells,
            remarks=tuple(Remark(row.line, it.code, it.params, _shown(row)) for it in unfit),
        )

    def _cell(self, row: Row, what: str) -> str:
        """Without space around it; empty where the file has no such column, or says nothing."""
        column = getattr(self.mapping, what)
        value = row.cells[column].strip() if column else ""
        return "" if value in self.missing else value

    def _short(self, row: Row, what: str) -> str:
        value = self._cell(row, what)
        if len(value) > _LIMITS[what]:
            column = getattr(self.mapping, what)
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

    def _number(self, row: Row) -> str:
        value = self._short(row, "external_id")
        if _CUT_NUMBER.fullmatch(value):
            raise _Unfit("cut_number", value=value)
        return value

    def _moment(self, row: Row) -> datetime | None:
        value = self._cell(row, "date")
        if not value:
            return None
        moment = dates.parse_date(value, order=self.date_order)
        if moment is None or moment.year not in _YEARS:
            raise _Unfit("bad_date", value=excerpt(value))
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time.min)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _rating(self, row: Row) -> Decimal | None:
        value = self._cell(row, "rating")
        if not value:
            return None
        low, high = SCALES[self.rating_kind]
        match = _RATING.match(unicodedata.normalize("NFC", value))
        number = Decimal(match["value"].replace(",", ".")) if match else None
        highest = int(match["of"]) if match and match["of"] else high
        is_of_scale = highest == high or self.rating_kind == "stars"
        if number is None or not low <= number <= min(high, highest) or not is_of_scale:
            raise _Unfit("bad_rating", value=excerpt(value), low=low, high=high)
        return number.quantize(_CENT)


def _tried(read: Callable[[Row], T], row: Row, unfit: list[_Unfit]) -> T | None:
    """What it reads; None where that cannot be understood, which is added to what is unfit."""
    try:
        return read(row)
    except _Unfit as it:
        if it.code == "cell_too_long":
            raise
        unfit.append(it)
        return None


def _shown(row: Row) -> str:
    return excerpt(" ".join(row.cells.values()))
