"""Through what somebody is acting right now; set at the edges, read where the ledger is written.

It is known for as long as one call, one run of a task or one command lasts (decision 0028).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

from backlog.rules import origins
from backlog.rules.origins import Origin

UNKNOWN: Final = "-"
_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


@contextmanager
def acting(
    way: str,
    *,
    correlation: str = "",
    process: str = "",
    token: str = "",
    customer: int | None = None,
) -> Iterator[Origin]:
    """What is done inside is done this way."""
    origin = Origin(
        way=way,
        correlation=correlation or origins.new_correlation(),
        process=process,
        token=token,
        on_behalf_of=customer,
    )
    reset = _current.set(origin)
    try:
        yield origin
    finally:
        _current.reset(reset)


def is_by_token(key: str) -> None:
    """The rest of this call is made with an API token."""
    _turn_out(way=origins.TOKEN, token=key)


def is_by_link(customer_id: int) -> None:
    """The rest of this call is made by a signed link, on the customer's behalf."""
    _turn_out(way=origins.LINK, on_behalf_of=customer_id)


def is_by_mail(process: str) -> None:
    """The rest of this call reports what became of mail; `process` says who does."""
    _turn_out(way=origins.MAIL, process=process)


def _turn_out(*, way: str, **facts: str | int) -> None:
    """Only an edge finds out later than it began; it ends with what `acting` was there first."""
    origin = Origin(way=way, correlation=current().correlation)
    _current.set(replace(origin, **facts))  # type: ignore[arg-type]


def current() -> Origin:
    """Raises LookupError where nobody has said: an edge was forgotten."""
    origin = _current.get()
    if origin is None:
        raise LookupError("Say through what this is done: backlog.auth.origins.acting()")
    return origin


def correlation() -> str:
    """For logs, which are also written where nobody acts."""
    origin = _current.get()
    return origin.correlation if origin else UNKNOWN
