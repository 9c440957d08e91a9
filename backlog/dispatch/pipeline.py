"""Lets one thread send while another records what has been sent meanwhile."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import TypeVar

Item = TypeVar("Item")


def groups(items: Iterator[Item], *, enough: int, ahead: int, wait: float) -> Generator[list[Item]]:
    """What has come since the last group, once it is `enough` or has waited for `wait` seconds.

    In order, and never empty. Another thread goes on taking items while a group is dealt with: it
    is never more than `enough + ahead` items further than what was dealt with, the one that it is
    taking included. What `items` raises is raised here, after all that came before it. Whoever
    closes it early waits for the one item that is being taken.
    """
    come, room = deque[Item](), Semaphore(enough + ahead)
    is_enough, is_over = Event(), Event()

    def take() -> None:
        room.acquire()
        for item in items:
            come.append(item)
            if len(come) >= enough:
                is_enough.set()
            room.acquire()
            if is_over.is_set():
                return

    with ThreadPoolExecutor(max_workers=1) as pool:
        taking = pool.submit(take)
        taking.add_done_callback(lambda _: is_enough.set())
        try:
            is_last = False
            while not is_last:
                is_enough.wait(wait)
                is_enough.clear()
                is_last = taking.done()
                if group := [come.popleft() for _ in range(len(come))]:
                    yield group
                    room.release(len(group))
        finally:
            is_over.set()
            room.release()
        taking.result()
