"""Finding out in which encoding a text file is written, from the whole of it.

What is not convincing is not guessed: whoever imports is asked, with the likeliest choices.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from backlog.errors import TableError
from backlog.intake import alphabets, looks
from backlog.intake.alphabets import Language

# Undecodable bytes become lone surrogates, which no real text has, so that one bad byte costs one
# row and not the file. (The built-in "surrogateescape" does the same, but not for UTF-16.)
MARK_UNDECODABLE = "hearback.mark_undecodable"

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Seven bits with these sequences: Korean and Japanese mail of old.
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"))
# A syllable outside of KS X 1001 may be spelled out: a filler and three letters (its annex 3).
_SPELLED_OUT = re.compile("\u3164([\u3131-\u314e])([\u314f-\u3163])([\u3131-\u314e\u3164])")
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS = "\u3164ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`rarity`: the bits that files written so are rarer than Korean ones."""

    encoding: str
    languages: tuple[Language, ...]
    rarity: float


_CANDIDATES: Final = (
    _Candidate("utf-8", (alphabets.ANY,), -2),
    _Candidate("cp949", (alphabets.KOREAN,), 0),
    _Candidate("cp1252", alphabets.WESTERN, 0),
    _Candidate("gb18030", (alphabets.SIMPLIFIED,), 3),
    _Candidate("cp950", (alphabets.TRADITIONAL,), 4),
    _Candidate("cp932", (alphabets.JAPANESE,), 3),
    _Candidate("euc_jp", (alphabets.JAPANESE,), 5),
    _Candidate("cp1251", (alphabets.RUSSIAN, alphabets.UKRAINIAN), 3),
    _Candidate("koi8_r", (alphabets.RUSSIAN,), 6),
    _Candidate("cp866", (alphabets.RUSSIAN,), 8),
    _Candidate("iso8859_5", (alphabets.RUSSIAN,), 12),
    _Candidate("cp1253", (alphabets.GREEK,), 4),
    _Candidate("cp1250", alphabets.CENTRAL, 5),
    _Candidate("iso8859_2", alphabets.CENTRAL, 6),
    _Candidate("cp1254", alphabets.TURKISH, 4),
    _Candidate("cp1255", (alphabets.HEBREW,), 8),
    _Candidate("cp1256", (alphabets.ARABIC,), 8),
    _Candidate("cp874", (alphabets.THAI,), 8),
    _Candidate("mac_roman", alphabets.WESTERN, 10),
)
_CONVINCING: Final = 8.5
"""Bits for each byte beyond ASCII: more of them, and nobody wrote it."""
_MARGIN: Final = 5.0
"""Bits by which the likeliest must lead before any that reads other letters."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    marks = (chr(0xDC00 + byte) for byte in error.object[error.start : error.end])
    return "".join(marks), error.end


codecs.register_error(MARK_UNDECODABLE, _mark)


def detect(path: Path) -> str:
    """Name the encoding: by its BOM, else by what decodes, else by what looks most like text.

    Raises TableError, with the choices, where several are as likely or none is.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    wide = _wide(head)
    if wide:
        return wide
    good, bad = _count(path, "utf-8")
    if not good and not bad:
        return next((name for escape, name in _ESCAPES if _has(path, escape)), "utf-8")
    sample = _lines_beyond_ascii(path)
    if 2 * bad <= good and looks.is_utf8_beyond_doubt(_decode(sample, "utf-8")):
        return "utf-8"
    return _likeliest(sample)


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


def compose(text: str) -> str:
    """Korean syllables that EUC-KR spells out letter by letter, as the one character they are."""
    return _SPELLED_OUT.sub(_composed, text) if "\u3164" in text else text


def _composed(match: re.Match[str]) -> str:
    initial, vowel, final = match.groups()
    place = _INITIALS.find(initial), ord(vowel) - 0x314F, _FINALS.find(final)
    if min(place) < 0:
        return match[0]
    return chr(0xAC00 + (place[0] * 21 + place[1]) * 28 + place[2])


def _wide(head: bytes) -> str:
    """UTF-16 without a BOM: of delimiters and line ends, one of the two bytes is zero."""
    if b"\0" not in head:
        return ""
    orders = ("utf-16-le", head[1::2]), ("utf-16-be", head[::2])
    return next((name for name, high in orders if _is_wide(head, name, high)), "")


def _is_wide(head: bytes, name: str, high: bytes) -> bool:
    """In the wrong order, line ends are no characters. In narrow text with a stray zero, the bytes
    there are plain letters, and most line ends stand beside no zero."""
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    ends = text.count("\n") + text.count("\r")
    strange = sum(not (it.isprintable() or it in "\r\n\t") for it in text)
    if not ends or "\u0a00" in text or "\u0d00" in text or 50 * strange > len(text):
        return False
    others = high.replace(b"\0", b"")
    has_other_script = 2 * sum(it < 0x80 for it in others) < len(others)
    return has_other_script or 2 * ends > head.count(b"\n") + head.count(b"\r")


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


def _has(path: Path, escape: bytes) -> bool:
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(_CHUNK):
            if escape in before + chunk:
                return True
            before = chunk[-len(escape) :]
    return False


def _lines_beyond_ascii(path: Path) -> bytes:
    """The first lines that are not plain ASCII, wherever in the file they are."""
    found, size = list[bytes](), 0
    with path.open("rb") as file:
        while size < _SAMPLE and (line := file.readline(_CHUNK)):
            if not line.isascii():
                found.append(line[:_SAMPLE])
                size += len(found[-1])
    return b"".join(found)


def _decode(sample: bytes, encoding: str) -> str:
    return compose(sample.decode(encoding, MARK_UNDECODABLE))


def _likeliest(sample: bytes) -> str:
    readings = {it.encoding: _decode(sample, it.encoding) for it in _CANDIDATES}
    if not looks.is_whole(readings["utf-8"]):
        del readings["utf-8"]
    costs = {
        it.encoding: it.rarity + looks.bits(readings[it.encoding], it.languages)
        for it in _CANDIDATES
        if it.encoding in readings
    }
    ranked = sorted(costs, key=lambda name: costs[name])
    first = ranked[0]
    others = (costs[name] for name in ranked if readings[name] != readings[first])
    is_clear = next(others) >= costs[first] + _MARGIN and _is_convincing(
        readings[first], costs[first], size=len(sample)
    )
    # Whoever writes Korean, or UTF-8, never finds it read as something else.
    doubts = [name for name in ("utf-8", "cp949") if name != first and _claims(name, readings)]
    if not is_clear or doubts:
        raise _undecided(ranked, also=doubts)
    return first


def _claims(name: str, readings: dict[str, str]) -> bool:
    return name in readings and (name == "utf-8" or looks.is_all_hangul(readings[name]))


def _is_convincing(text: str, cost: float, *, size: int) -> bool:
    plain = sum(it.isascii() for it in text)
    return cost - looks.PLAIN * plain <= _CONVINCING * (size - plain)


def _undecided(ranked: list[str], *, also: list[str]) -> TableError:
    choices = list(dict.fromkeys([*also, *ranked[:3]]))
    message = _(
        "It cannot be told in which encoding the file is written. "
        "Say it with --encoding: %(names)s."
    )
    return TableError(
        message % {"names": ", ".join(choices)}, code="unclear_encoding", choices=choices
    )
