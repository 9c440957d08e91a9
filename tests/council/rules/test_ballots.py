"""Counting ballots, by published examples and by what must always be true."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.rules.ballots import (
    HALF,
    Abstention,
    Answer,
    Base,
    Mode,
    Result,
    Rule,
    Tally,
    result,
    votes_needed,
)

TWO_THIRDS = Fraction(2, 3)
MAJORITIES = st.fractions(min_value=HALF, max_value=1, max_denominator=1000)
COUNTS = st.integers(0, 200)


def majority(share: Fraction, base: Base = Base.YES_AND_NO) -> Rule:
    return Rule(Mode.MAJORITY, majority=share, base=base)


def votes(
    yes: int = 0, no: int = 0, abstain: int = 0, *, present: int = 0, entitled: int = 0
) -> Tally:
    cast = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
    present = max(present, len(cast))
    return Tally.of(cast, present=present, entitled=max(entitled, present))


def is_carried(rule: Rule, tally: Tally) -> bool:
    return result(rule, tally) == Result.CARRIED


class TestAMajority:
    @pytest.mark.parametrize(("of", "expected"), [(20, 11), (1000, 501), (25, 13), (1, 1), (0, 1)])
    def test_is_more_than_half(self, of: int, expected: int) -> None:
        assert votes_needed(HALF, of) == expected

    def test_is_not_a_tie(self) -> None:
        assert not is_carried(majority(HALF), votes(13, 13))
        assert is_carried(majority(HALF), votes(14, 13))

    def test_of_two_thirds_is_an_exact_fraction(self) -> None:
        """Robert's Rules: 7 for, 4 against, 2 abstaining is no two thirds of the votes cast."""
        vote = votes(7, 4, 2)

        assert not is_carried(majority(TWO_THIRDS), vote)
        assert is_carried(majority(HALF, Base.PRESENT), vote)
        assert is_carried(majority(TWO_THIRDS), votes(8, 4))
        assert not is_carried(majority(TWO_THIRDS), votes(66, 34))

    def test_of_three_quarters_of_those_entitled_is_four_of_five(self) -> None:
        rule = majority(Fraction(75, 100), Base.ENTITLED)

        assert is_carried(rule, votes(4, entitled=5))
        assert not is_carried(rule, votes(3, entitled=5))

    @pytest.mark.parametrize(
        ("base", "percent"),
        [
            (Base.YES_AND_NO, "66.67"),
            (Base.CAST, "60.00"),
            (Base.PRESENT, "50.00"),
            (Base.ENTITLED, "30.00"),
        ],
    )
    def test_depends_on_what_it_is_a_share_of(self, base: Base, percent: str) -> None:
        vote = votes(30, 15, 5, present=60, entitled=100)

        assert f"{float(vote.share(base) * 100):.2f}" == percent

    def test_is_not_had_by_nobody(self) -> None:
        for base in Base:
            assert not is_carried(majority(HALF, base), votes())
            assert votes().share(base) == 0


class TestConsent:
    def test_is_that_nobody_objects(self) -> None:
        said = ["consent", "consent", "concern", "abstain"]
        rule = Rule(Mode.CONSENT)

        assert is_carried(rule, Tally.of(said, present=4, entitled=5))
        assert not is_carried(rule, Tally.of([*said, "objection"], present=5, entitled=5))

    def test_is_not_silence(self) -> None:
        rule = Rule(Mode.CONSENT)

        assert not is_carried(rule, Tally.of([], present=4, entitled=5))
        assert not is_carried(rule, Tally.of(["abstain"], present=4, entitled=5))


def test_advice_leaves_it_to_the_chair() -> None:
    assert result(Rule(Mode.ADVICE), votes(0, 5)) == Result.ADVISED


class TestARule:
    def test_says_what_may_be_answered_and_with_what_reason(self) -> None:
        free, strict = (
            Rule(Mode.CONSENT),
            Rule(Mode.MAJORITY, abstention=Abstention.REFUSED),
        )

        assert free.answers == ("consent", "concern", "abstain", "objection")
        assert strict.answers == ("yes", "no")
        assert free.asks_for_a_reason(Answer.OBJECTION)
        assert not free.asks_for_a_reason(Answer.ABSTAIN)
        assert Rule(Mode.CONSENT, abstention=Abstention.REASONED).asks_for_a_reason(Answer.ABSTAIN)

    @given(
        st.builds(
            Rule,
            mode=st.sampled_from(Mode),
            majority=MAJORITIES,
            base=st.sampled_from(Base),
            abstention=st.sampled_from(Abstention),
            quorum=MAJORITIES,
        )
    )
    def test_reads_as_it_was_frozen(self, rule: Rule) -> None:
        assert Rule.from_json(rule.as_json()) == rule


@given(MAJORITIES, st.integers(1, 10_000))
def test_both_sides_never_have_a_majority(share: Fraction, of: int) -> None:
    needed = votes_needed(share, of)

    assert of // 2 < needed <= of
    assert needed >= share * of


@given(MAJORITIES, st.sampled_from(Base), COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_yes_more_never_defeats_a_proposal(
    share: Fraction, base: Base, yes: int, no: int, abstain: int, silent: int, away: int
) -> None:
    rule = majority(share, base)
    present = yes + no + abstain + silent
    before = votes(yes, no, abstain, present=present, entitled=present + away)
    # Somebody who was there and silent says yes.
    more = votes(yes + 1, no, abstain, present=present, entitled=present + away)

    assert is_carried(rule, more) or not is_carried(rule, before)
    assert 0 <= before.share(base) <= 1


@given(MAJORITIES, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_wider_the_base_the_harder_it_is(
    share: Fraction, yes: int, no: int, abstain: int, silent: int, away: int
) -> None:
    present = yes + no + abstain + silent
    vote = votes(yes, no, abstain, present=present, entitled=present + away)
    found = [is_carried(majority(share, base), vote) for base in Base]

    assert found == sorted(found, reverse=True)
