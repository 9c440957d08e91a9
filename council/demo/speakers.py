"""Chooses who says what: everybody in turn, and nobody twice for one request by chance."""

import random
from collections import deque
from collections.abc import Collection, Sequence
from typing import Final

from council.demo.texts import Utterance
from council.demo.world import Person

_USUALLY: Final = {"PAY": "shopper", "SHOP": "seller", "": "shopper"}


class Speakers:
    def __init__(self, people: Sequence[Person], rng: random.Random) -> None:
        self._by_name = {person.name: person for person in people}
        self._turns: dict[tuple[str, str], deque[Person]] = {}
        for person in rng.sample(people, len(people)):
            part = "seller" if person.speaks_as == "seller" else "shopper"
            self._turns.setdefault((part, person.language), deque()).append(person)

    def choose(
        self,
        utterance: Utterance,
        prefix: str,
        *,
        heard: Sequence[Person] = (),
        named: Collection[str] = (),
    ) -> Person | None:
        """Who says this about the product; None for a colleague, and for somebody unknown.

        `heard` have spoken for the same request before, the `named` have their own turn there.
        """
        if utterance.tags & {"idea", "nobody"}:
            return None
        if utterance.speaker:
            return self._by_name[utterance.speaker]
        if "again" in utterance.tags:
            return [each for each in heard if each.language == utterance.language][-1]
        turns = self._turns[_part(utterance, prefix), utterance.language]
        person = next(each for each in turns if each not in heard and each.name not in named)
        turns.remove(person)
        turns.append(person)
        return person


def _part(utterance: Utterance, prefix: str) -> str:
    if utterance.tags & {"seller", "interview"}:
        return "seller"
    if utterance.tags & {"shopper", "visitor"}:
        return "shopper"
    return _USUALLY[prefix]
