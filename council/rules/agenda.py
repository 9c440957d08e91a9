"""Which candidates go on an agenda: what must, what has waited long, then what is worth the time.

**Never over the time** of the meeting, unless what is required takes more by itself; then nothing
else is proposed, and `Agenda.over` says by how much.

**Nothing waits for ever.** Who was passed over `PATIENCE` times goes ahead of everybody younger,
the longest first, until half of the open time (the meeting's without what is required) is given
to such elders. So let a candidate take m minutes and each meeting have at least C minutes open,
m ≤ C; let those who wait at least as long take W minutes in all when it begins to wait. Where it
is passed over as an elder, either the half was full of elders ahead of it, at least ⌈C/2⌉ minutes
of them, or it did not fit behind them, so they took at least C − m + 1. Either way at least
g = min(⌈C/2⌉, C − m + 1) minutes of what is ahead leave the queue at each meeting, and nobody ever
joins ahead. It is on an agenda after at most PATIENCE + ⌊W / g⌋ meetings without it
(`longest_wait`). Who takes longer than any meeting has open never fits, and is named in `too_long`.

**What is free is filled exactly**: the most worth in the minutes left, by a table over minutes.
Minutes are small numbers, so at most ⌊C / m⌋ candidates of m minutes can be of use, and ten
thousand candidates shrink to some hundreds. Worth grows with each meeting that passed over.

The same candidates give the same agenda, in whatever order they come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, gt
from typing import Final

PATIENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could be taken up: how long it takes, what it is worth, and how often it was not.

    `key` tells it from every other; among equals the smaller one comes first.
    """

    key: str
    minutes: int
    value: int
    passed_over: int = 0
    is_required: bool = False

    @property
    def worth(self) -> int:
        return self.value * (1 + self.passed_over)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is taken up, in order; how many minutes are too many; what never fits such a meeting."""

    taken: list[Candidate]
    over: int
    too_long: list[Candidate]


def compose(candidates: Collection[Candidate], *, minutes: int, standing: int = 0) -> Agenda:
    """Fit candidates to a meeting of so many minutes, of which the `standing` ones are taken."""
    required = sorted((it for it in candidates if it.is_required), key=_by_waiting)
    others = [it for it in candidates if not it.is_required]
    open_minutes = minutes - standing - _sum(required)
    if open_minutes < 0:
        return Agenda(required, over=-open_minutes, too_long=[])
    elders = _elders(others, open_minutes)
    taken_keys = {it.key for it in elders}
    free = [it for it in others if it.key not in taken_keys]
    chosen = best_fit(free, open_minutes - _sum(elders))
    too_long = [it for it in others if it.minutes > minutes]
    return Agenda(
        [*required, *elders, *sorted(chosen, key=_by_worth_per_minute)],
        over=0,
        too_long=sorted(too_long, key=_by_waiting),
    )


def longest_wait(candidate: Candidate, *, ahead: Iterable[Candidate], open_minutes: int) -> int:
    """So many meetings at most go by without it; `ahead` are those that wait at least as long."""
    room = open_minutes - candidate.minutes + 1
    if room < 1:
        raise ValueError("It takes longer than any meeting has open.")
    return PATIENCE + _sum(ahead) // min(-(-open_minutes // 2), room)


def _elders(others: Iterable[Candidate], open_minutes: int) -> list[Candidate]:
    """Who has waited too long, until half of the time is theirs; who does not fit waits on."""
    taken: list[Candidate] = []
    used = 0
    for each in sorted((it for it in others if it.passed_over >= PATIENCE), key=_by_waiting):
        if 2 * used >= open_minutes:
            break
        if used + each.minutes <= open_minutes:
            taken.append(each)
            used += each.minutes
    return taken


def best_fit(candidates: Iterable[Candidate], minutes: int) -> list[Candidate]:
    """The ones that are worth most together in so many minutes; exact, not near."""
    kept = _of_use(candidates, minutes)
    best, choices = [0] * (minutes + 1), []
    for each in kept:
        length = each.minutes
        with_it = [worth + each.worth for worth in best[: minutes + 1 - length]]
        # At each number of minutes: is it worth more with this one?
        choices.append(bytes(map(gt, with_it, best[length:])))
        best[length:] = map(max, with_it, best[length:])
    return _walk_back(kept, choices, minutes)


def _of_use(candidates: Iterable[Candidate], minutes: int) -> list[Candidate]:
    """Of those that take as long, no more than fit at once: the others are worth less."""
    by_length: defaultdict[int, list[Candidate]] = defaultdict(list)
    for each in candidates:
        if each.value > 0 and each.minutes <= minutes:
            by_length[each.minutes].append(each)
    return [
        each
        for length, alike in sorted(by_length.items())
        for each in sorted(alike, key=lambda it: (-it.worth, it.key))[: minutes // length]
    ]


def _walk_back(
    kept: Sequence[Candidate], choices: Sequence[bytes], minutes: int
) -> list[Candidate]:
    chosen, left = [], minutes
    for each, is_better in zip(reversed(kept), reversed(choices), strict=True):
        if left >= each.minutes and is_better[left - each.minutes]:
            chosen.append(each)
            left -= each.minutes
    return chosen


def _sum(candidates: Iterable[Candidate]) -> int:
    return sum(map(attrgetter("minutes"), candidates))


def _by_waiting(candidate: Candidate) -> tuple[int, str]:
    return -candidate.passed_over, candidate.key


def _by_worth_per_minute(candidate: Candidate) -> tuple[float, str]:
    return -candidate.worth / candidate.minutes, candidate.key
