import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.statistics import significance
from backlog.statistics.significance import Mean, Verdict

proportions = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "n", "low", "high"),
        [
            # statsmodels, results_proportion.py: R binom::binom.confint, method wilson
            (18, 20, 0.6989663547715128, 0.972133518786232),
            (4, 200, 0.00780442641634947, 0.05028708690582643),
            (1, 30, 0.00590859, 0.16670391),
            (0, 30, 0.0, 0.11351339),
            # statsmodels, test_confint_proportion_wilson_clip
            (19, 38, 0.348499283643951, 0.651500716356049),
        ],
    )
    def test_gives_the_published_bounds(
        self, successes: int, n: int, low: float, high: float
    ) -> None:
        found = significance.wilson(successes, n)

        assert found is not None
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)

    def test_reaches_the_ends_exactly_and_never_passes_them(self) -> None:
        none, every = significance.wilson(0, 77), significance.wilson(38, 38)

        assert none is not None
        assert every is not None
        assert (none.low, every.high) == (0.0, 1.0)

    def test_knows_nothing_of_no_answers(self) -> None:
        assert significance.wilson(0, 0) is None
        assert significance.share(0, 0) is None

    @pytest.mark.parametrize(("successes", "n"), [(2, 1), (-1, 5), (0, -1)])
    def test_refuses_figures_that_cannot_be(self, successes: int, n: int) -> None:
        with pytest.raises(ValueError, match="is not a proportion"):
            significance.wilson(successes, n)

    @given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_holds_the_share_and_stays_between_0_and_1(self, proportion: tuple[int, int]) -> None:
        successes, n = proportion
        found = significance.wilson(successes, n)
        assert found is not None
        assert found.middle == successes / n
        assert 0 <= found.low <= found.high <= 1


class TestShare:
    def test_is_in_percent_and_says_when_it_rests_on_few(self) -> None:
        found = significance.share(18, 20)

        assert found is not None
        assert (found.part, found.n, found.percent.middle) == (18, 20, 90)
        assert found.percent.low == pytest.approx(69.89663547715128)
        assert found.is_too_few

    def test_thirty_are_enough(self) -> None:
        found = significance.share(1, 30)

        assert found is not None
        assert not found.is_too_few


class TestCompare:
    @pytest.mark.parametrize(
        ("before", "after", "z", "p_value", "standard_error"),
        [
            # statsmodels, GH 2969
            ((5, 83), (12, 99), -1.4078304151258787, 0.15918129181156992, 0.043309),
            # rpubs 1420750; its text prints z=-2.178 and p=0.0294 for the same data, wrongly.
            ((144, 1200), (192, 1200), -2.823725, 0.004747, 0.014166),
            # tmesh.online: 0.3750 against 0.5254
            ((45, 120), (62, 118), -2.332432, 0.019678, 0.064492),
        ],
    )
    def test_gives_the_published_figures(
        self,
        before: tuple[int, int],
        after: tuple[int, int],
        z: float,
        p_value: float,
        standard_error: float,
    ) -> None:
        found = significance.compare(before=before, after=after)

        assert found is not None
        assert (found.z, found.p_value) == pytest.approx((z, p_value), abs=1e-6)
        assert found.standard_error == pytest.approx(standard_error, abs=1e-6)

    @pytest.mark.parametrize(
        ("before", "after", "less_is_better", "verdict"),
        [
            ((5, 83), (12, 99), False, Verdict.NO_REAL_CHANGE),
            ((144, 1200), (192, 1200), False, Verdict.BETTER),
            ((192, 1200), (144, 1200), False, Verdict.WORSE),
            ((144, 1200), (192, 1200), True, Verdict.WORSE),
            ((192, 1200), (144, 1200), True, Verdict.BETTER),
            # Fewer than thirty on a side, and fewer than five to be expected, tell nothing.
            ((1, 29), (28, 29), False, Verdict.TOO_FEW),
            ((1, 5000), (3, 5000), False, Verdict.TOO_FEW),
            ((0, 5000), (0, 5000), False, Verdict.TOO_FEW),
            ((5000, 5000), (5000, 5000), True, Verdict.TOO_FEW),
            ((500, 5000), (500, 5000), True, Verdict.NO_REAL_CHANGE),
        ],
    )
    def test_gives_a_plain_verdict(
        self,
        before: tuple[int, int],
        after: tuple[int, int],
        less_is_better: bool,
        verdict: Verdict,
    ) -> None:
        found = significance.compare(before=before, after=after, less_is_better=less_is_better)

        assert found is not None
        assert found.verdict == verdict

    @pytest.mark.parametrize(
        ("before", "after", "low", "high"),
        [
            # Newcombe 1998, table II, method 10 (his difference is the first minus the second).
            ((48, 80), (56, 70), 0.0524, 0.3339),
            ((3, 10), (9, 10), 0.1705, 0.8090),
            ((2, 7), (6, 7), 0.0582, 0.8062),
            ((0, 29), (5, 56), -0.0381, 0.1926),
            ((0, 20), (0, 10), -0.1611, 0.2775),
            ((0, 10), (10, 10), 0.6075, 1.0),
        ],
    )
    def test_says_how_large_the_change_can_be(
        self, before: tuple[int, int], after: tuple[int, int], low: float, high: float
    ) -> None:
        found = significance.compare(before=before, after=after)

        assert found is not None
        assert found.difference.middle == pytest.approx(after[0] / after[1] - before[0] / before[1])
        assert (found.difference.low, found.difference.high) == pytest.approx((low, high), abs=5e-5)

    def test_has_no_verdict_without_answers_on_either_side(self) -> None:
        assert significance.compare(before=(0, 0), after=(1, 2)) is None
        assert significance.compare(before=(1, 2), after=(0, 0)) is None

    def test_refuses_more_conversions_than_visitors(self) -> None:
        with pytest.raises(ValueError, match="5 of 3"):
            significance.compare(before=(1, 2), after=(5, 3))

    @given(proportions, proportions)
    def test_swapping_before_and_after_turns_the_verdict(
        self, one: tuple[int, int], other: tuple[int, int]
    ) -> None:
        there = significance.compare(before=one, after=other)
        back = significance.compare(before=other, after=one)
        if there is None or back is None:
            assert 0 in (one[1], other[1])
            return
        turned = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
        assert back.verdict == turned.get(there.verdict, there.verdict)
        assert back.p_value == pytest.approx(there.p_value)

    @given(proportions, proportions)
    def test_never_calls_real_what_may_be_nothing(
        self, one: tuple[int, int], other: tuple[int, int]
    ) -> None:
        found = significance.compare(before=one, after=other)
        if found is None:
            return
        assert -1 <= found.difference.low <= found.difference.high <= 1
        if found.verdict in (Verdict.BETTER, Verdict.WORSE):
            assert found.p_value < 0.05
            assert not found.difference.low <= 0 <= found.difference.high


class TestCompareMeans:
    BEFORE = Mean(n=100, value=5.2, spread=2.0)

    @pytest.mark.parametrize(
        ("after", "less_is_better", "verdict"),
        [
            (Mean(100, 4.0, 1.5), True, Verdict.BETTER),
            (Mean(100, 4.0, 1.5), False, Verdict.WORSE),
            (Mean(100, 5.0, 1.5), True, Verdict.NO_REAL_CHANGE),
            (Mean(29, 0.5, 0.1), True, Verdict.TOO_FEW),
        ],
    )
    def test_gives_a_plain_verdict(
        self, after: Mean, less_is_better: bool, verdict: Verdict
    ) -> None:
        found = significance.compare_means(
            before=self.BEFORE, after=after, less_is_better=less_is_better
        )

        assert found.verdict == verdict

    def test_says_how_large_the_change_can_be(self) -> None:
        found = significance.compare_means(before=self.BEFORE, after=Mean(100, 4.0, 1.5))

        # By hand: the standard error is √(4/100 + 2.25/100) = 0.25.
        assert (found.standard_error, found.z) == pytest.approx((0.25, 4.8))
        assert found.difference.middle == pytest.approx(-1.2)
        assert (found.difference.low, found.difference.high) == pytest.approx(
            (-1.689991, -0.710009), abs=1e-6
        )

    def test_where_nothing_varies_any_difference_is_real(self) -> None:
        same, other = Mean(50, 1.0, 0.0), Mean(50, 2.0, 0.0)

        assert significance.compare_means(before=same, after=same).p_value == 1
        assert significance.compare_means(before=same, after=other).verdict == Verdict.BETTER

    @pytest.mark.parametrize("impossible", [Mean(0, 1.0, 1.0), Mean(5, 1.0, -1.0)])
    def test_refuses_figures_that_cannot_be(self, impossible: Mean) -> None:
        with pytest.raises(ValueError, match="A mean has a sample"):
            significance.compare_means(before=self.BEFORE, after=impossible)


class TestPercentile:
    @pytest.mark.parametrize(
        ("numbers", "percent", "expected"),
        [
            ([3, 1, 2], 50, 2),
            ([4, 1, 3, 2], 50, 2.5),
            ([1, 2, 3, 4, 5], 90, 4.6),
            ([7], 90, 7),
            ([1, 2], 0, 1),
            ([1, 2], 100, 2),
            ([], 50, None),
        ],
    )
    def test_interpolates(
        self, numbers: list[float], percent: float, expected: float | None
    ) -> None:
        assert significance.percentile(numbers, percent) == pytest.approx(expected)

    def test_the_fiftieth_is_the_median(self) -> None:
        assert significance.median([4, 1, 3, 2]) == 2.5
        assert significance.median([]) is None

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_refuses_what_is_no_percentage(self, percent: float) -> None:
        with pytest.raises(ValueError, match="percentile"):
            significance.percentile([1], percent)
