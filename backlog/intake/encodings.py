"""Finding out in which encoding a text file is written, from the whole of it."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer
from django.utils.translation import gettext as _

from backlog.intake.problems import TableError

# Undecodable bytes become lone surrogates, which no real text has, so that one bad byte costs one
# row and not the file. (The built-in "surrogateescape" does the same, but not for UTF-16.)
MARK_UNDECODABLE = "hearback.mark_undecodable"

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# UTF-8 before Korean. A CP949 file is recognised by its EUC-KR part, where nearly all written
# Korean lies: the rest of CP949 also “decodes” the curly quotes of a Western file, as nonsense.
_PROBES = (("utf-8", "utf-8"), ("euc_kr", "cp949"))


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    marks = (chr(0xDC00 + byte) for byte in error.object[error.start : error.end])
    return "".join(marks), error.end


codecs.register_error(MARK_UNDECODABLE, _mark)


def detect(path: Path) -> str:
    """Name the encoding: by its BOM, else by what decodes, else by what looks most like text."""
    with path.open("rb") as file:
        head = file.read(4)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    for probe, name in _PROBES:
        good, bad = _count(path, probe)
        if 2 * bad <= good:
            return name
    return _guess(path)


def check(name: str) -> str:
    """The name under which we read an encoding that a person asked for."""
    try:
        "".encode(name)
        canonical = codecs.lookup(name).name
    except LookupError:
        message = _("There is no encoding called “%(name)s”.") % {"name": name}
        raise TableError(message, code="unknown_encoding") from None
    # Windows calls CP949 "euc-kr", and files with its extra syllables are labelled so.
    return "cp949" if canonical == "euc_kr" else canonical


def _count(path: Path, encoding: str) -> tuple[int, int]:
    """How many characters beyond ASCII decode, and how many bytes do not."""
    beyond_ascii = bad = 0
    for text in _decoded(path, encoding):
        if not text.isascii():
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
            bad += len(text) - len(text.encode("utf-8", "ignore").decode())
    return beyond_ascii - bad, bad


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors=MARK_UNDECODABLE)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _guess(path: Path) -> str:
    with path.open("rb") as file:
        matches = charset_normalizer.from_bytes(file.read(_SAMPLE))
    # Western text is also plausible in a dozen sister encodings; Windows wrote nearly all of it.
    if not matches or any("cp1252" in match.could_be_from_charset for match in matches):
        return "cp1252"
    return matches[0].encoding
