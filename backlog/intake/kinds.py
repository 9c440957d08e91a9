"""Telling a text file from what people take for one."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.errors import TableError

ENOUGH: Final = 4_096
"""How many bytes of the beginning tell."""

_SIGNATURES: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("an Excel 97 workbook (.xls)")),
    (b"\x1f\x8b", _("a gzip archive")),
    (b"%PDF-", _("a PDF document")),
    (b"Rar!", _("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", _("a 7-Zip archive")),
    (b"PAR1", _("a Parquet file")),
    (b"SQLite format 3\0", _("an SQLite database")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
)
_ZIPPED: Final = (
    (b"opendocument.spreadsheet", _("an OpenDocument spreadsheet (.ods)")),
    (b"xl/", _("an Excel workbook (.xlsx)")),
    (b"[Content_Types].xml", _("an Excel workbook (.xlsx)")),
    (b"Index/", _("a Numbers document")),
)
_MARKUP: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def check(head: bytes) -> None:
    """Raises TableError, naming what it is, for a file whose first bytes are of no text table."""
    kind = _kind(head)
    if kind:
        message = gettext(
            "This is %(kind)s, not a CSV file. Save or export it as CSV (UTF-8) first."
        )
        raise TableError(message % {"kind": kind}, code="no_csv")


def _kind(head: bytes) -> StrOrPromise:
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _ZIPPED if mark in head), _("a ZIP archive"))
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        return _("a web page or XML document")
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "")
