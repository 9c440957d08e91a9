"""What the rows that no database may keep are made with."""

from collections.abc import Callable
from typing import Any

Impossible = tuple[str, Callable[[], object]]


def twice(factory: Callable[..., object], **same: Any) -> Callable[[], object]:
    """Make the same row two times, with the rows it hangs on made once."""

    def run() -> None:
        facts = {name: value() if callable(value) else value for name, value in same.items()}
        factory(**facts)
        factory(**facts)

    return run
