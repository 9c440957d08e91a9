"""E-mail addresses: the one rule by which they are read, stored, compared and shown."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
LONGEST_INPUT: Final = 1_000

# What stands in a text without being seen: zero-width characters, soft hyphens, byte order marks,
# marks of direction, variation selectors, half a surrogate pair never.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_NAMED: Final = re.compile(r"[^<>]*<([^<>]*)>")
# As mailing lists of old name people: “kim@example.com (Kim Minji)”.
_COMMENTED: Final = re.compile(r"([^()\s]+@[^()\s]+)\s*\([^()@]*\)")
_AT: Final = ("@", "＠", "﹫")
_MAILTO: Final = "mailto:"
_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])"
)
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "(": ")", "[": "]"}
_ESCAPED: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_LAST_CHARACTER: Final = 0x10FFFF
_DOTS: Final = re.compile("[.\u3002\uff0e\uff61]")


def visible(text: str) -> str:
    """The text composed, without what nobody sees in it, and without space around it."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def normal(text: str) -> str | None:
    """The address in the text as it is stored and compared, or None if it holds none.

    In lower case, its domain in ASCII. A display name, `mailto:` and punctuation around it are left
    out. Idempotent. Of two addresses, none is meant more than the other: None.
    """
    if not any(sign in text for sign in _AT) and not _is_link(text):
        return None  # Most numbers of sources: cheap, since files have a million of them.
    if _is_normal(text):
        return text
    if len(text) > LONGEST_INPUT:
        return None
    local, at, domain = _bare(unicodedata.normalize("NFKC", visible(text))).rpartition("@")
    address = f"{local.lower()}{at}{_ascii_domain(domain)}"
    return address if _is_normal(address) else None


def _is_normal(text: str) -> bool:
    """Whether it is an address in the form in which it is stored."""
    is_short = len(text) <= LONGEST and text.rfind("@") <= _LONGEST_LOCAL
    return is_short and _ADDRESS.fullmatch(text) is not None


def comparable(text: str) -> str:
    """The address in the text, or else what can be compared with one: for who signs in by it."""
    return normal(text) or text.strip().lower()


def is_meant(text: str) -> bool:
    """Whether the text is meant as an address, well formed or not.

    `@kim` is somebody's name on a network.
    """
    folded = unicodedata.normalize("NFKC", visible(text))
    return _is_link(folded) or ("@" in folded and not folded.startswith("@"))


def masked(address: str) -> str:
    """Enough of an address for its owner to know it."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def bare(written: str) -> str:
    """The same for the same mailbox, however a mail server writes it.

    Without brackets, comments and capitals, the domain in its ASCII form, and characters that
    RFC 6533 escapes as they are.
    """
    words = _ESCAPED.sub(_character, written).replace("<", " ").replace(">", " ").split()
    name, at, host = (words[0] if words else "").lower().rpartition("@")
    return f"{name}{at}{_ascii_domain(host)}"


def _character(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if number <= _LAST_CHARACTER else escaped[0]


def _bare(text: str) -> str:
    """Without a display name, `mailto:` and its parameters, quotes and punctuation around it."""
    before = None
    while text != before:
        before = text
        named = _NAMED.fullmatch(text) or _COMMENTED.fullmatch(text)
        text = (named[1] if named else text).strip().rstrip(".,;:")
        if text[:1] in _QUOTES and text[-1:] == _QUOTES[text[0]]:
            text = text[1:-1]
        if _is_link(text):
            text = unquote(text[len(_MAILTO) :].partition("?")[0])
    return text


def _is_link(text: str) -> bool:
    return text[: len(_MAILTO)].lower() == _MAILTO


def domain_of(address: str) -> str:
    """Whose server takes what is sent there."""
    return address.rpartition("@")[2].lower()


def _ascii_domain(domain: str) -> str:
    """By the rules of today (RFC 5891): ß and ς stay what they are."""
    return ".".join(_ascii_label(label) for label in _DOTS.split(domain.lower()))


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    label = unicodedata.normalize("NFC", label)
    is_word = all(it == "-" or unicodedata.category(it)[0] in "LMN" for it in label)
    return f"xn--{label.encode('punycode').decode('ascii')}" if is_word else ""
