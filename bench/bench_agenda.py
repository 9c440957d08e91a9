"""Composing an agenda from ten thousand candidates, against sorting them by value per minute."""

from random import Random

from bench import measure
from council.rules import agenda
from council.rules.agenda import Candidate

CANDIDATES = 10_000
LENGTHS = (5, 10, 15, 20, 30, 45, 60)


def figures() -> list[measure.Figure]:
    usual = _candidates(LENGTHS)
    any_length = _candidates(range(1, 241))
    return [
        _figure("an agenda of 90 minutes", usual, 90),
        _figure("an agenda of a day", usual, 1440),
        _figure("the same, of any length", any_length, 1440),
    ]


def _figure(name: str, candidates: list[Candidate], minutes: int) -> measure.Figure:
    return measure.compare(
        name,
        ours=lambda: agenda.compose(candidates, minutes=minutes),
        limit=lambda: _greedy(candidates, minutes),
        units=1,
        target="more than one a second",
    )


def _candidates(lengths: tuple[int, ...] | range) -> list[Candidate]:
    random = Random(7)
    return [
        Candidate(
            f"{number:05}",
            minutes=random.choice(lengths),
            value=random.randint(1, 150),
            passed_over=random.choice((0, 0, 0, 1, 2, 3)),
        )
        for number in range(CANDIDATES)
    ]


def _greedy(candidates: list[Candidate], minutes: int) -> list[Candidate]:
    """What one would write first: near, and without a promise to anybody who waits."""
    taken, left = [], minutes
    for each in sorted(candidates, key=lambda it: -it.worth / it.minutes):
        if each.minutes <= left:
            taken.append(each)
            left -= each.minutes
    return taken
