"""Every list, order, filter, search and count: with a thousand requests, and with many more.

LISTS says how many more, beside `FEW` ("1000000" takes an hour); LISTS_ONLY, which names hold what.
"""

import os
from collections.abc import Callable
from http import HTTPStatus
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client

from bench import lists, many, measure

FEW = 1_000
MANY = int(os.environ.get("LISTS", "30000"))
ROUNDS = 3
SLACK = 0.04
"""What takes no longer is flat: the machine's own moments are as long."""
WORST = 20


def figures() -> list[measure.Figure]:
    few, more = (_times(number) for number in (FEW, MANY))
    slowest = sorted(few, key=lambda name: more[name] / max(few[name], SLACK / 2), reverse=True)
    flat = [name for name in few if more[name] <= max(2 * few[name], SLACK)]
    print(f"{len(flat)} of {len(few)} lists are flat at {MANY:,} requests; the slowest:")
    return [
        measure.Figure(name, ours=more[name], limit=few[name], units=1, target="≥ 0.50")
        for name in slowest[:WORST]
    ]


def _times(number: int) -> dict[str, float]:
    many.empty()
    many.fill(number)
    times = measured()
    connection.close()
    return times


def measured() -> dict[str, float]:
    """Seconds that each list takes; where that is long, the median of several calls."""
    browser, only = lists.client(), os.environ.get("LISTS_ONLY", "")
    found = {}
    for name, address in lists.Lists().all().items():
        if only not in name:
            continue
        began = perf_counter()
        status = browser.get(address).status_code
        took = perf_counter() - began
        if status == HTTPStatus.BAD_REQUEST:
            continue  # Refused, and said why.
        assert status == HTTPStatus.OK, (name, address, status)
        if took > SLACK:  # It may have been the first call of its kind.
            took = median(measure.seconds(_get(browser, address)) for _ in range(ROUNDS))
        found[name] = took
    return found


def _get(browser: Client, address: str) -> Callable[[], object]:
    return lambda: browser.get(address)
