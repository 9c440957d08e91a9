"""What the words of a mail server say about an address (RFC 3463, RFC 5321)."""

import re
from typing import Final

_GOOD_ADDRESS: Final = re.compile(r"5\.(?:1\.[78]|[2-7]\.)|[24]\.")
_BAD_ADDRESS: Final = "5.1."
_NO_SUCH_MAILBOX: Final = re.compile(r"(?:\D|^)(?:550|551|553|556)(?:\D|$)")
_STATUS: Final = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")


def is_no_mailbox(said: str) -> bool:
    """Whether there is no such address. Of several codes, the enhanced one counts.

    A full mailbox, a policy or a server that was down tells nothing about the address.
    """
    status = _STATUS.search(said)
    if status and _GOOD_ADDRESS.match(status[0]):
        return False
    is_said = status is not None and status[0].startswith(_BAD_ADDRESS)
    return is_said or bool(_NO_SUCH_MAILBOX.search(said))
