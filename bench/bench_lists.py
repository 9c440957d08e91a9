"""Every list, order, filter, search and count: with a thousand requests, and with many more.

`BENCH=large` asks all of them, up to a million requests: the filling takes some minutes, and all of
it an hour or two. Otherwise one in `LISTS_EVERY` is asked, with so many requests as `LISTS` says.
`LISTS_ONLY` says what the names hold of those that are asked.

Each number of requests has a database of its own, and each list is asked in all of them in turn,
so that a slow moment of the machine hits all. What was found stands in `results/lists.md`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice

from django.db import connection

from bench import lists, many, measure

_USUAL = ("1000,10000,100000,1000000", "1") if measure.IS_LARGE else ("1000,10000", "29")
SIZES = [int(each) for each in os.environ.get("LISTS", _USUAL[0]).split(",")]
EVERY = int(os.environ.get("LISTS_EVERY", _USUAL[1]))
ONLY = os.environ.get("LISTS_ONLY", "")
ROUNDS = 4
AGAIN = 12
"""As often it is asked of what seems not to be flat: a busy machine is slow for moments."""
PATIENCE = 4
"""Seconds after which one list is not asked again."""
SLACK = 0.04
"""What takes no longer is flat: the machine's own moments are as long."""
WORST = 10

Times = dict[int, float]


class _Place:
    """A database with so many requests."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._suffix = f"lists{size}"
        connection.creation.clone_test_db(self._suffix, verbosity=0, autoclobber=True)
        self._name = connection.creation.get_test_db_clone_settings(self._suffix)["NAME"]
        self.enter()
        many.fill(size)
        self._browser = lists.client()
        self.addresses = lists.Lists().all()

    def enter(self) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self._name

    def quickest(self, name: str, rounds: int) -> float:
        """Seconds; asked again only while it seems slow. The first call also fills caches."""
        get, least, spent = self._get(name), float("inf"), 0.0
        for _ in range(rounds):
            took = measure.seconds(get)
            least, spent = min(least, took), spent + took
            if least <= SLACK / 2 or spent > PATIENCE:
                break
        return least

    def offers(self, name: str) -> bool:
        """What is refused, which says why, is nothing that a list offers."""
        status = self._browser.get(self.addresses[name]).status_code
        assert status in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST), (name, status)
        return status == HTTPStatus.OK

    def _get(self, name: str) -> Callable[[], object]:
        return lambda: self._browser.get(self.addresses[name])

    def leave(self, origin: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = origin
        connection.creation.destroy_test_db(origin, verbosity=0, suffix=self._suffix)


def figures() -> Iterator[measure.Figure]:
    origin = str(connection.settings_dict["NAME"])
    places: list[_Place] = []
    try:
        for size in SIZES:
            connection.close()
            connection.settings_dict["NAME"] = origin
            places.append(_Place(size))
        found = dict(_measured(places))
    finally:
        for place in places:
            place.leave(origin)
    flat = [name for name, times in found.items() if is_flat(times)]
    print(f"{len(flat)} of {len(found)} lists are flat at {SIZES[-1]:,} requests; the slowest:")
    for name in sorted(found, key=lambda it: _growth(found[it]), reverse=True)[:WORST]:
        few, more = found[name][SIZES[0]], found[name][SIZES[-1]]
        yield measure.Figure(name, ours=more, limit=few, units=1, target="≥ 0.50")


def is_flat(times: Mapping[int, float]) -> bool:
    return times[SIZES[-1]] <= max(2 * times[SIZES[0]], SLACK)


def _growth(times: Times) -> float:
    return times[SIZES[-1]] / max(times[SIZES[0]], SLACK / 2)


def _measured(places: Sequence[_Place]) -> Iterator[tuple[str, Times]]:
    names = (name for name in places[0].addresses if ONLY in name)
    measure.RESULTS.mkdir(exist_ok=True)
    with (measure.RESULTS / "lists.md").open("w", encoding="utf-8") as table:
        heads = "".join(f" {size:,} |" for size in SIZES)
        table.write(f"Milliseconds that each list takes at so many requests.\n\n| list |{heads}\n")
        table.write(f"| --- |{' ---: |' * len(SIZES)}\n")
        for name in islice(names, 0, None, EVERY):
            places[0].enter()
            if not places[0].offers(name):
                continue
            times = _in_turn(places, name, ROUNDS)
            if not is_flat(times):
                times = _in_turn([places[0], places[-1]], name, AGAIN, times)
            cells = "".join(f" {times[size] * 1000:,.0f} |" for size in SIZES)
            table.write(f"| {'' if is_flat(times) else '**not flat** '}{name} |{cells}\n")
            table.flush()
            yield name, times


def _in_turn(places: Sequence[_Place], name: str, rounds: int, known: Times | None = None) -> Times:
    times = dict(known or {})
    for place in places:
        place.enter()
        took = place.quickest(name, rounds)
        times[place.size] = min(took, times.get(place.size, took))
    return times
