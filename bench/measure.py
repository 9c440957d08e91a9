"""Timing: alternate the thing and its limit, and compare medians."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).parent / "results"
IS_LARGE = os.environ.get("BENCH") == "large"
"""Whether there is time for an hour's run; a usual one takes less than five minutes."""


@dataclass(frozen=True)
class Figure:
    """Seconds of ours and of the limit, what their ratio should be, and how many units they did.

    `queries` is how many ours makes for a unit, where that says something.
    """

    name: str
    ours: float
    limit: float
    units: int
    target: str
    queries: int | None = None

    @property
    def ratio(self) -> float:
        """The speed of ours as a share of the limit's speed."""
        return self.limit / self.ours


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(
    name: str,
    *,
    ours: Callable[[], object],
    limit: Callable[[], object],
    units: int,
    target: str,
    rounds: int = 5,
    queries: int | None = None,
) -> Figure:
    """The medians of `rounds` runs of each, in turn, so that a slow moment hits both."""
    pairs = [(seconds(ours), seconds(limit)) for _ in range(rounds)]
    return Figure(
        name,
        ours=median(pair[0] for pair in pairs),
        limit=median(pair[1] for pair in pairs),
        units=units,
        target=target,
        queries=queries,
    )


def report(name: str, figures: Iterable[Figure]) -> None:
    """Print each figure of a benchmark as soon as it is known, and keep all as JSON."""
    print(
        f"{'work':<46}{'ours/s':>12}{'limit/s':>12}{'ratio':>8}{'queries':>9}  target", flush=True
    )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.json"
    known: list[Figure] = []
    for figure in figures:
        known.append(figure)
        _print(figure)
        path.write_text(json.dumps(_content(known), indent=2), encoding="utf-8")


def _print(figure: Figure) -> None:
    ours, limit = figure.units / figure.ours, figure.units / figure.limit
    queries = "" if figure.queries is None else figure.queries
    print(
        f"{figure.name:<46}{ours:>12,.0f}{limit:>12,.0f}{figure.ratio:>8.2f}{queries:>9}"
        f"  {figure.target}",
        flush=True,
    )


def _content(figures: Iterable[Figure]) -> dict[str, Any]:
    return {
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "figures": [asdict(figure) | {"ratio": figure.ratio} for figure in figures],
    }
