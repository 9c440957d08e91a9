"""E-mail addresses: as far as they may be shown, and in the form in which they are compared."""

import re
from contextlib import suppress
from typing import Final

_ESCAPED: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_LAST_CHARACTER: Final = 0x10FFFF


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
    with suppress(UnicodeError):  # What is no domain is compared as it stands.
        host = host.encode("idna").decode("ascii")
    return f"{name}{at}{host}"


def _character(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if number <= _LAST_CHARACTER else escaped[0]
