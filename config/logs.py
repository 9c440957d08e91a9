"""What is logged is logged without the secrets that stand in addresses.

Whoever reads a log must not be able to answer in a customer's name, or post to another tool in
ours. The rule stands on the record itself, so that it holds for every logger and every handler:
Django's, gunicorn's access log, those of libraries, and ours.
"""

import logging
import logging.config
import re
from typing import Any, Final

HIDDEN: Final = "…"
# The first step of each address whose next one is a key: whoever has it is let in.
KEYED: Final = (
    *("heard", "unsubscribe", "own-data", "copy", "password"),
    *("invitation", "calendar", "partner"),
)

_IN_ADDRESSES: Final = (
    # Ours, whole or as a path.
    re.compile(rf"(?P<kept>/(?:{'|'.join(KEYED)})/)[^/\s?#\"'<>]+"),
    # Names and passwords before the host, as mail providers are given the address of our reports.
    re.compile(r"(?P<kept>\b[a-z][a-z0-9+.-]{0,30}://)[^/\s@\"'<>]+(?=@)"),
    # Chats take whatever is posted to an address that is long enough not to be guessed.
    re.compile(r"(?P<kept>https?://hooks\.[^/\s\"'<>]+/)[^\s\"'<>]+"),
    # What we call: `https://host:443 "POST /services/… HTTP/1.1" 200`.
    re.compile(r"(?P<kept>://\S+ \"(?:GET|POST|PUT|PATCH|DELETE) /)\S+(?= HTTP/)"),
)
# A signed token wherever it stands and however the address around it is written. Looked for at the
# beginning of words alone: an address of thousands of digits is tried once, not once a digit.
_SIGNED: Final = re.compile(r"(?P<kept>)(?<![\w-])[\w-]+\.[0-9A-Za-z]{6}\.[\w-]{43}(?![\w-])")


def without_secrets(text: str) -> str:
    for form in (*_IN_ADDRESSES, _SIGNED):
        text = form.sub(rf"\g<kept>{HIDDEN}", text)
    return text


class Record(logging.LogRecord):
    def getMessage(self) -> str:  # noqa: N802 -- the name that logging calls
        return without_secrets(super().getMessage())


def configure(logging_settings: dict[str, Any]) -> None:
    """What Django calls at its start, in each process."""
    logging.setLogRecordFactory(Record)
    logging.config.dictConfig(logging_settings)
