"""Doing several things in the same moment, each in a thread with its own connection."""

import contextvars
import threading
from collections.abc import Callable, Iterable

from django.db import connection

PATIENCE = 120


def at_once(work: Iterable[Callable[[], object]]) -> list[Exception]:
    """Do all of it in threads that start together; what they raised. None may hang."""
    work = list(work)
    start = threading.Barrier(len(work))
    raised: list[Exception] = []

    def run(task: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=PATIENCE)
            task()
        except Exception as error:  # noqa: BLE001 -- the test looks at every one
            raised.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=[run, task]) for task in work
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return raised
