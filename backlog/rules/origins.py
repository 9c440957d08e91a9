"""Through what somebody acted: which way in, by which key, and for whom."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PAGE: Final = "page"
TOKEN: Final = "token"  # noqa: S105 -- a way, not a secret
LINK: Final = "link"
MAIL: Final = "mail"
WORKER: Final = "worker"
COMMAND: Final = "command"

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACE: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`token` is the public part of an API token, `process` what ran by itself: a task, a command,
    or whoever brought a report of mail. `on_behalf_of` is the customer whose signed link it was.

    All that came of one call, one run of a task or one command has the same `correlation`.
    """

    way: str
    correlation: str
    token: str = ""
    process: str = ""
    on_behalf_of: int | None = None

    def columns(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {
            "way": self.way,
            "token": self.token,
            "process": self.process,
            "on_behalf_of_id": self.on_behalf_of,
            "correlation": self.correlation,
        }


def new_correlation() -> str:
    return uuid.uuid4().hex


def correlation_of(headers: Mapping[str, str]) -> str:
    """The id that the caller or a proxy gave to a call, or a new one (X-Request-ID; traceparent, as
    W3C's Trace Context has it).
    """
    given = headers.get("X-Request-ID", "")
    if _WELL_FORMED.fullmatch(given):
        return given
    trace = _TRACE.fullmatch(headers.get("traceparent", ""))
    return trace[1] if trace else new_correlation()
