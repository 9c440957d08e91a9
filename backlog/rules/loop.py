"""When customers' answers verify a request, and when they open it again."""

from dataclasses import dataclass

FEW = 10  # Below so many answers a percentage says nothing: one “no” is enough.


@dataclass(frozen=True, slots=True)
class Answers:
    """How those who answered see it. Who did not answer is not counted: silence is no answer."""

    confirmed: int = 0
    partly: int = 0
    disputed: int = 0

    @property
    def total(self) -> int:
        return self.confirmed + self.partly + self.disputed


def reopens(answers: Answers, *, percent: int) -> bool:
    """Whether so many say “no” that the request must be looked at again."""
    if answers.total < FEW:
        return answers.disputed > 0
    return answers.disputed * 100 >= percent * answers.total


def verifies(answers: Answers, *, after: int) -> bool:
    """Whether enough customers say “yes”, and none says “no”."""
    return answers.confirmed >= after and answers.disputed == 0
