"""What the stances on a proposal make of it, by the rule that the council has given itself."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Self

from council.rules import quorum

HALF: Final = Fraction(1, 2)


class Mode(StrEnum):
    """Who decides: nobody objects, so many agree, or the chair after hearing all."""

    CONSENT = "consent"
    MAJORITY = "majority"
    ADVICE = "advice"


class Base(StrEnum):
    """Of what a majority is a share."""

    YES_AND_NO = "yes_and_no"
    CAST = "cast"
    PRESENT = "present"
    ENTITLED = "entitled"


class Abstention(StrEnum):
    ALLOWED = "allowed"
    REASONED = "reasoned"
    REFUSED = "refused"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    CONSENT = "consent"
    CONCERN = "concern"
    OBJECTION = "objection"


class Result(StrEnum):
    CARRIED = "carried"
    NOT_CARRIED = "not_carried"
    ADVISED = "advised"
    INQUORATE = "inquorate"


ANSWERS: Final[Mapping[Mode, tuple[Answer, ...]]] = {
    Mode.CONSENT: (Answer.CONSENT, Answer.CONCERN, Answer.ABSTAIN, Answer.OBJECTION),
    Mode.MAJORITY: (Answer.YES, Answer.ABSTAIN, Answer.NO),
    Mode.ADVICE: (Answer.YES, Answer.ABSTAIN, Answer.NO),
}
AGAINST: Final = (Answer.NO, Answer.OBJECTION)


@dataclass(frozen=True, slots=True)
class Rule:
    """The house rule by which one ballot is counted, as it was when the ballot opened."""

    mode: Mode
    majority: Fraction = HALF
    base: Base = Base.YES_AND_NO
    abstention: Abstention = Abstention.ALLOWED
    quorum: Fraction = HALF

    def as_json(self) -> dict[str, Any]:
        """Fractions as two whole numbers: what is sealed must read the same everywhere."""
        return {
            "mode": self.mode.value,
            "majority": list(self.majority.as_integer_ratio()),
            "base": self.base.value,
            "abstention": self.abstention.value,
            "quorum": list(self.quorum.as_integer_ratio()),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            mode=Mode(stored["mode"]),
            majority=Fraction(*stored["majority"]),
            base=Base(stored["base"]),
            abstention=Abstention(stored["abstention"]),
            quorum=Fraction(*stored["quorum"]),
        )

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What a seat may say, in the order in which it is offered."""
        refused = self.abstention == Abstention.REFUSED
        return tuple(it for it in ANSWERS[self.mode] if not (refused and it == Answer.ABSTAIN))

    def asks_for_a_reason(self, answer: Answer) -> bool:
        """An objection is worth what it says; so is an abstention, where the house wants that."""
        is_reasoned = self.abstention == Abstention.REASONED
        return answer == Answer.OBJECTION or (answer == Answer.ABSTAIN and is_reasoned)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was given, and how many could have given one."""

    present: int
    entitled: int
    counts: Counter[Answer] = field(default_factory=Counter)

    @classmethod
    def of(cls, answers: Iterable[str], *, present: int, entitled: int) -> Self:
        return cls(present, entitled, Counter(map(Answer, answers)))

    @classmethod
    def by_seats(
        cls, stances: Mapping[int, str], *, entitled: Collection[int], present: Collection[int]
    ) -> Self:
        """Of seats: who has answered was there, and who lost the seat meanwhile has no voice."""
        answers = [answer for seat, answer in stances.items() if seat in entitled]
        there = ({*present} | {*stances}) & {*entitled}
        return cls.of(answers, present=len(there), entitled=len(entitled))

    @property
    def cast(self) -> int:
        return self.counts.total()

    def base(self, base: Base) -> int:
        if base == Base.YES_AND_NO:
            return self.counts[Answer.YES] + self.counts[Answer.NO]
        return {
            Base.CAST: self.cast,
            Base.PRESENT: self.present,
            Base.ENTITLED: self.entitled,
        }[base]

    def share(self, base: Base) -> Fraction:
        """Of this base, the part that said yes; nothing of nobody."""
        of = self.base(base)
        return Fraction(self.counts[Answer.YES], of) if of else Fraction(0)


def votes_needed(majority: Fraction, of: int) -> int:
    """So many must say yes: more than half where it is half, since a tie decides nothing.

    Any larger share is reached by the share itself. Nothing is carried by nobody.
    """
    return of // 2 + 1 if majority == HALF else max(1, math.ceil(majority * of))


def result(rule: Rule, tally: Tally) -> Result:
    """What became of the proposal."""
    if tally.present < quorum.needed(rule.quorum, tally.entitled):
        return Result.INQUORATE
    if rule.mode == Mode.ADVICE:
        return Result.ADVISED
    if rule.mode == Mode.CONSENT:
        agreed = tally.counts[Answer.CONSENT] + tally.counts[Answer.CONCERN]
        is_carried = agreed > 0 and not tally.counts[Answer.OBJECTION]
    else:
        needed = votes_needed(rule.majority, tally.base(rule.base))
        is_carried = tally.counts[Answer.YES] >= needed
    return Result.CARRIED if is_carried else Result.NOT_CARRIED


def recount(content: Mapping[str, Any]) -> Result:
    """The result once more, from what was sealed of a ballot alone."""
    stances = {stance["seat"]: stance["answer"] for stance in content["stances"]}
    seats = content["electorate"]
    tally = Tally.by_seats(stances, entitled=seats["entitled"], present=seats["present"])
    return result(Rule.from_json(content["rule"]), tally)
