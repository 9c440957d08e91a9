"""The same refusal for different domains in a row is about ourselves; any other is not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from backlog.delivery import refusals
from backlog.delivery.mail import NotSent, OurFault
from backlog.rules import bounces

RELAY, NOBODY, REFUSED = "550 relay not permitted", "550 5.1.1 User unknown", "550 Message refused"


@dataclass(frozen=True)
class Claim:
    domain: str
    paused_for: str = ""


def refusal(said: str) -> NotSent:
    meaning = bounces.meaning_of(said)
    return NotSent(said, is_permanent=meaning in bounces.ENDS, meaning=meaning)


def told_apart(*tries: tuple[str, str], paused_for: str = "") -> list[tuple[str, str]]:
    """Domains, each with what is thought of what was said there."""
    tried = ((Claim(domain, paused_for), refusal(said) if said else None) for domain, said in tries)
    return [(claim.domain, _thought(it)) for claim, it in refusals.ours_told_apart(tried)]


def _thought(failure: NotSent | None) -> str:
    if failure is None:
        return "sent"
    if isinstance(failure, OurFault):
        return "ours"
    return "dead" if failure.is_permanent else "refused"


def everywhere(said: str, domains: Sequence[str] = "abcdefghij") -> list[tuple[str, str]]:
    return [(domain, said) for domain in domains]


@pytest.mark.parametrize(("said", "enough"), [(RELAY, 2), (REFUSED, 3), (NOBODY, 5)])
def test_what_every_domain_refuses_alike_is_ours_and_ends_the_batch(said: str, enough: int) -> None:
    assert told_apart(*everywhere(said)) == [(d, "ours") for d in "abcdefghij"[:enough]]


def test_one_domain_may_refuse_as_often_as_it_likes() -> None:
    assert told_apart(*everywhere(NOBODY, "aaaaaaaa")) == [("a", "dead")] * 8


def test_a_message_that_leaves_clears_us() -> None:
    tries = [*everywhere(NOBODY, "abcd"), ("e", ""), *everywhere(NOBODY, "fghi")]

    assert told_apart(*tries) == [
        *((domain, "dead") for domain in "abcd"),
        ("e", "sent"),
        *((domain, "dead") for domain in "fghi"),
    ]


def test_refusals_that_differ_are_each_about_their_recipient() -> None:
    tries = [("a", NOBODY), ("b", REFUSED), ("c", NOBODY), ("d", REFUSED), ("e", NOBODY)]

    assert [thought for _domain, thought in told_apart(*tries)] == [
        *("dead", "refused", "dead", "refused", "dead")
    ]


def test_silence_tells_nothing_and_comes_first() -> None:
    silence = NotSent("timed out", is_of_domain=True, is_silent=True)
    tries = [
        (Claim("a"), refusal(RELAY)),
        (Claim("b"), silence),
        (Claim("c"), refusal(RELAY)),
    ]

    found = list(refusals.ours_told_apart(iter(tries)))

    assert [claim.domain for claim, _failure in found] == ["b", "a", "c"]
    assert [type(failure) for _claim, failure in found] == [NotSent, OurFault, OurFault]


def test_one_message_is_enough_to_find_that_nothing_has_changed() -> None:
    assert told_apart(("a", RELAY), paused_for="550 relay not permitted") == [("a", "ours")]
    assert told_apart(("a", REFUSED), paused_for="550 relay not permitted") == [("a", "refused")]


def test_nothing_is_tried_once_it_is_certain() -> None:
    tried = list[str]()

    def tries() -> object:
        for domain in "abcdef":
            tried.append(domain)
            yield Claim(domain), refusal(RELAY)

    list(refusals.ours_told_apart(tries()))  # type: ignore[arg-type]

    assert tried == ["a", "b"]
