"""Calls below a roomy one take no memory from the system and give none back."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.frames import roomy

DEPTHS, TIMES = 400, 50


def _called(*_words: int) -> None:
    """What is called to and fro."""


def _pages_taken(depth: int) -> int:
    """By calls from so deep."""
    if depth:
        return _pages_taken(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _time in range(TIMES):
        _called(1, 2, 3)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def _most_pages_taken() -> int:
    return max(_pages_taken(depth) for depth in range(DEPTHS))


def _in_a_thread(call: Callable[[], int]) -> int:
    """With frames of its own: those of the suite have room already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


def test_is_needed_where_calls_go_over_the_end_of_a_chunk() -> None:
    assert _in_a_thread(_most_pages_taken) >= TIMES


def test_leaves_no_such_place() -> None:
    assert _in_a_thread(roomy(_most_pages_taken)) < TIMES


def test_is_what_was_called() -> None:
    assert roomy(divmod)(7, 2) == (3, 1)
