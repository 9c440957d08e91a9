"""One thread sends while another records: nothing is lost, and it never runs far ahead."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain
from threading import Event
from time import sleep
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.dispatch import pipeline as sending

Item = TypeVar("Item")


def groups(
    items: Iterable[Item], *, enough: int = 2, ahead: int = 1, wait: float = 0.01
) -> Generator[list[Item]]:
    return sending.groups(iter(items), enough=enough, ahead=ahead, wait=wait)


@given(items=st.lists(st.integers()), enough=st.integers(1, 4), ahead=st.integers(0, 4))
def test_everything_comes_once_and_in_order(items: list[int], enough: int, ahead: int) -> None:
    found = list(groups(items, enough=enough, ahead=ahead))

    assert [item for group in found for item in group] == items
    assert all(1 <= len(group) <= enough + ahead for group in found)


def test_what_has_come_meanwhile_comes_together() -> None:
    sizes = []
    for group in groups(range(12), enough=4, ahead=2, wait=10):
        sizes.append(len(group))
        sleep(0.05)

    assert sum(sizes) == 12
    assert len(sizes) <= 3


def test_none_waits_long_for_the_next_one() -> None:
    """A server may hang over it. Seen to fail when a group is handed over only once it is full."""
    is_recorded = Event()

    def hangs() -> Iterator[str]:
        yield "sent"
        assert is_recorded.wait(timeout=10)
        yield "sent later"

    found = groups(hangs())

    assert next(found) == ["sent"]
    is_recorded.set()
    assert next(found) == ["sent later"]


def test_it_is_never_further_ahead_than_said() -> None:
    taken = list[int]()

    def counted() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with closing(groups(counted(), enough=2, ahead=1)) as found:
        done = 0
        for group in found:
            sleep(0.001)
            assert len(taken) <= done + 3
            done += len(group)


def test_what_goes_wrong_comes_after_what_went_well() -> None:
    def falls() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ZeroDivisionError

    found = chain.from_iterable(groups(falls()))

    assert [next(found), next(found), next(found)] == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_who_closes_it_early_has_nothing_sent_afterwards() -> None:
    sent = list[int]()

    def slow() -> Iterator[int]:
        for number in range(100):
            sleep(0.01)
            sent.append(number)
            yield number

    with closing(groups(slow())) as found:
        next(found)
    count = len(sent)
    sleep(0.1)

    assert len(sent) == count <= 5
