"""What the words of a mail server say about an address (RFC 3463, RFC 5321)."""

import re
from typing import Final

_GOOD_ADDRESS: Final = re.compile(r"5\.(?:1\.[78]|[2-7]\.)|[24]\.")
_BAD_ADDRESS: Final = "5.1."
_NOTHING_SAID: Final = re.compile(r"[245]\.0\.0$")
_NO_SUCH_MAILBOX: Final = re.compile(r"^(?:[\d.]*\s+)?(?:smtp;\s*)?(?:550|551|553|556)(?:\D|$)")
_STATUS: Final = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")


def is_no_mailbox(said: str) -> bool:
    """Whether there is no such address. Enhanced codes count before the server's three digits.

    A full mailbox, a policy or a server that was down tells nothing about the address, even where
    another code beside it is more general.
    """
    codes = [code for code in _STATUS.findall(said) if not _NOTHING_SAID.match(code)]
    if any(_GOOD_ADDRESS.match(code) for code in codes):
        return False
    return any(map(_is_bad, codes)) or bool(_NO_SUCH_MAILBOX.search(said.lower()))


def _is_bad(code: str) -> bool:
    return code.startswith(_BAD_ADDRESS)
