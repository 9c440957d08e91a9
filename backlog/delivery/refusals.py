"""Tells refusals that are about one recipient from those that are about ourselves."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from backlog.delivery.mail import NotSent, OurFault
from backlog.rules import bounces


class Addressed(Protocol):
    """What was tried: where to, and what our own server was last known to refuse everything for."""

    @property
    def domain(self) -> str: ...
    @property
    def paused_for(self) -> str: ...


Claim = TypeVar("Claim", bound=Addressed)


def ours_told_apart(
    tries: Iterator[tuple[Claim, NotSent | None]],
) -> Iterator[tuple[Claim, NotSent | None]]:
    """In order; a refusal is held back until the next domain has shown what it is about.

    What different domains in a row refuse in the same way comes as `OurFault`, and is the last.
    Silence tells nothing, and goes before what is held back.
    """
    alike: list[tuple[Claim, NotSent]] = []
    for claim, failure in tries:
        if failure is not None and not failure.likeness:
            yield claim, failure
            continue
        if alike and (failure is None or failure.likeness != alike[0][1].likeness):
            yield from alike
            alike = []
        if failure is None:
            yield claim, failure
            continue
        alike.append((claim, failure))
        if _are_ours(alike):
            yield from ((each, OurFault(str(it), meaning=it.meaning)) for each, it in alike)
            return
    yield from alike


def _are_ours(alike: Sequence[tuple[Addressed, NotSent]]) -> bool:
    claim, failure = alike[-1]
    if claim.paused_for and bounces.likeness(claim.paused_for) == failure.likeness:
        return True
    domains = {each.domain for each, _failure in alike}
    return failure.meaning is not None and len(domains) >= bounces.domains_enough(failure.meaning)
