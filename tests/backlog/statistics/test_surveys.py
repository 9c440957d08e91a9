import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.statistics import surveys


class TestNps:
    @pytest.mark.parametrize(
        ("counts", "value", "standard_error", "low", "high"),
        [
            # Derived from the formula 100 (p - d), variance (p + d) - (p - d)².
            ((50, 30, 20), 30, 7.810, 14.69, 45.31),
            ((500, 300, 200), 30, 2.470, 25.16, 34.84),
            # Cross Validated, "margin of error in NPS": p=1/2, 1/3, 1/6 has variance 5/9.
            ((162, 108, 54), 100 / 3, 4.141, 25.22, 41.45),
        ],
    )
    def test_gives_the_published_figures(
        self,
        counts: tuple[int, int, int],
        value: float,
        standard_error: float,
        low: float,
        high: float,
    ) -> None:
        promoters, passives, detractors = counts
        found = surveys.nps_of_counts(promoters=promoters, passives=passives, detractors=detractors)

        assert found is not None
        assert found.value.middle == pytest.approx(value)
        assert found.standard_error == pytest.approx(standard_error, abs=0.001)
        assert (found.value.low, found.value.high) == pytest.approx((low, high), abs=0.01)

    def test_thirty_percent_against_twenty_is_plus_ten(self) -> None:
        # annualreport2018.dela.nl
        found = surveys.nps_of_counts(promoters=30, passives=50, detractors=20)

        assert found is not None
        assert found.value.middle == 10

    def test_a_third_against_a_third_is_320_by_root_n_wide(self) -> None:
        # cybaea.net, "NPS confidence intervals": n = 1024 gives a width of 10.
        found = surveys.nps_of_counts(promoters=341, passives=342, detractors=341)

        assert found is not None
        assert found.value.width == pytest.approx(10, abs=0.01)

    @pytest.mark.parametrize(
        ("answer", "group"),
        [
            (0, "detractors"),  # A help page sums 1 to 6 only: 0 is an answer, and a bad one.
            (6, "detractors"),  # Another says "lower than 6": 6 detracts.
            (7, "passives"),
            (8, "passives"),
            (9, "promoters"),
            (10, "promoters"),
        ],
    )
    def test_puts_each_answer_into_its_group(self, answer: int, group: str) -> None:
        found = surveys.nps([answer])

        assert found is not None
        assert getattr(found, group) == found.n == 1

    def test_stays_between_its_ends_and_says_when_it_rests_on_few(self) -> None:
        found = surveys.nps_of_counts(promoters=7, passives=2, detractors=1)

        assert found is not None
        assert (found.value.middle, found.value.high) == (60, 100)
        assert found.is_too_few

    def test_has_no_value_without_answers(self) -> None:
        assert surveys.nps([]) is None

    @pytest.mark.parametrize("answer", [-1, 11])
    def test_refuses_what_is_no_answer(self, answer: int) -> None:
        with pytest.raises(ValueError, match="is not an answer"):
            surveys.nps([9, answer])

    def test_refuses_counts_below_zero(self) -> None:
        with pytest.raises(ValueError, match="below zero"):
            surveys.nps_of_counts(promoters=2, passives=0, detractors=-1)

    @given(st.lists(st.integers(0, 10), min_size=1))
    def test_its_interval_holds_it(self, answers: list[int]) -> None:
        found = surveys.nps(answers)
        assert found is not None
        assert found.value.middle is not None
        assert -100 <= found.value.low <= found.value.middle <= found.value.high <= 100


class TestCsat:
    def test_is_the_share_of_fours_and_fives(self) -> None:
        # help.delighted.com, "How is CSAT calculated"
        found = surveys.csat([5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14)

        assert found is not None
        assert found.percent.middle is not None
        assert (found.part, found.n) == (74, 107)
        assert found.percent.middle == pytest.approx(69.16, abs=0.005)
        assert round(found.percent.middle) == 69

    @pytest.mark.parametrize(
        ("satisfied", "n", "shown"),
        # theknowledgeburrow.com; a CMS page ("160 of 200"); the two-box share of 42 of 50
        [(45, 50, 90), (160, 200, 80), (42, 50, 84)],
    )
    def test_gives_the_published_shares(self, satisfied: int, n: int, shown: int) -> None:
        found = surveys.csat([4] * satisfied + [3] * (n - satisfied))

        assert found is not None
        assert found.percent.middle == shown

    def test_comes_with_its_wilson_interval(self) -> None:
        found = surveys.csat([5] * 42 + [1] * 8)

        assert found is not None
        assert (found.percent.low, found.percent.high) == pytest.approx((71.49, 91.66), abs=0.005)

    def test_has_no_value_without_answers(self) -> None:
        assert surveys.csat([]) is None

    @pytest.mark.parametrize("answer", [0, 6])
    def test_refuses_what_is_no_answer(self, answer: int) -> None:
        with pytest.raises(ValueError, match="from 1 to 5"):
            surveys.csat([answer])


class TestCes:
    @pytest.mark.parametrize(
        ("answers", "mean"),
        [
            # support.cys.group, 7 points
            (
                [1] * 80 + [2] * 210 + [3] * 140 + [4] * 110 + [5] * 160 + [6] * 180 + [7] * 120,
                4.08,
            ),
            # calculator.academy prints 4.8: its sum is wrong.
            ([4, 5, 6, 7, 7], 5.8),
            # Derived from the definition.
            ([7, 6, 5, 7, 2], 5.4),
        ],
    )
    def test_is_the_mean(self, answers: list[int], mean: float) -> None:
        found = surveys.ces(answers)

        assert found is not None
        assert found.n == len(answers)
        assert found.value.middle == pytest.approx(mean)
        assert found.is_too_few == (len(answers) < 30)

    def test_comes_with_an_interval(self) -> None:
        found = surveys.ces([4, 6] * 50)

        assert found is not None
        # By hand: 5 ± 1.959964 · 1.005038 / 10
        assert (found.value.low, found.value.high) == pytest.approx((4.80302, 5.19698), abs=1e-5)

    def test_one_answer_says_nothing_of_the_rest(self) -> None:
        found = surveys.ces([6])

        assert found is not None
        assert (found.value.low, found.value.middle, found.value.high) == (1, 6, 7)

    def test_has_no_value_without_answers(self) -> None:
        assert surveys.ces([]) is None

    @pytest.mark.parametrize("answer", [0, 8])
    def test_refuses_what_is_no_answer(self, answer: int) -> None:
        with pytest.raises(ValueError, match="from 1 to 7"):
            surveys.ces([answer])
