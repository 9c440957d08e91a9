"""Room for the frames of calls that go deep, as those of pytest, Django and templates do together.

Python keeps the frames of a thread in chunks of 16 KB. Where one call begins a chunk, its end gives
it back to the system: a loop that calls to and fro over that line maps and unmaps memory at every
turn (40,000 times in half a minute of the walks of all addresses). Which loops do so changes with
whatever is called above them. A frame that is large by itself gets a large chunk, and all calls
below it find room in the rest.
"""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SLOTS: Final = 33_000
"""Just over a quarter of a megabyte, of which no byte is touched: so the chunk is half of one."""


def roomy(call: Callable[P, R]) -> Callable[P, R]:
    """The same call, with a quarter of a megabyte for the frames below it."""

    def with_room(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS)
    return with_room
