"""What can be wrong with a file or one of its rows, in words that help its owner mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

EXCERPT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row: where it starts, what it is, and how it begins."""

    line: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    excerpt: str = ""

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code]) % self.params


class BadRow(Finding):
    """Why a row was not taken."""


class Remark(Finding):
    """What a row that was taken lacks, because it could not be understood."""


MESSAGES: dict[str, StrOrPromise] = {
    "address_taken": _("The row is stored. Its address is another customer's and stays with them."),
    "already_known": _("These words are stored already."),
    "bad_address": _("“%(value)s” is no e-mail address that can be written to."),
    "bad_date": _("“%(value)s” is no date, or one that can be read in several ways."),
    "bad_rating": _("“%(value)s” is no rating from %(low)d to %(high)d."),
    "cut_number": _(
        "A spreadsheet has cut the number “%(value)s”, which no longer tells rows apart."
    ),
    "cell_too_long": _("The cell in “%(column)s” is longer than %(limit)d characters."),
    "date_in_the_future": _("“%(value)s” is yet to come."),
    "date_too_early": _("“%(value)s” is before %(earliest)s."),
    "erased_on_request": _("Erased on request: nothing of this person is stored any more."),
    "line_too_long": _("The line is longer than %(limit)d characters."),
    "no_words": _("There are neither words nor a rating in the row."),
    "nul_byte": _("The row has a NUL character, so it is not text."),
    "row_too_large": _("The row is larger than %(limit)d characters."),
    "other_words": _("The same number came with other words before, and these were not stored."),
    "stray_quote": _("A quote inside a quoted cell is not doubled, or text follows a closing one."),
    "too_few_cells": _("The row has %(found)d cells, the header has %(expected)d."),
    "too_many_cells": _("The row has %(found)d cells, the header has %(expected)d."),
    "truncated": _("The file ends in the middle of this row."),
    "unclosed_quote": _("A quote opened in this row is never closed."),
    "undecodable": _("Byte %(byte)d of the row is no %(encoding)s text."),
    "words_too_long": _("The words are longer than %(limit)d characters."),
}
