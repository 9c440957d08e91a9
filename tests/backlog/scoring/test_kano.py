import pytest

from backlog.scoring import kano
from backlog.scoring.kano import Category, Feeling


def counts(m: int, o: int, a: int, i: int, r: int, q: int) -> dict[Category, int]:
    return {
        Category.MUST_BE: m,
        Category.ONE_DIMENSIONAL: o,
        Category.ATTRACTIVE: a,
        Category.INDIFFERENT: i,
        Category.REVERSE: r,
        Category.QUESTIONABLE: q,
    }


class TestClassify:
    # The evaluation table of Berger 1993; a column for each feeling without the feature.
    @pytest.mark.parametrize(
        ("with_it", "row"),
        [
            (Feeling.LIKE, "QAAAO"),
            (Feeling.MUST_BE, "RIIIM"),
            (Feeling.NEUTRAL, "RIIIM"),
            (Feeling.LIVE_WITH, "RIIIM"),
            (Feeling.DISLIKE, "RRRRQ"),
        ],
    )
    def test_reads_the_published_table(self, with_it: Feeling, row: str) -> None:
        assert "".join(kano.classify(with_it, without_it) for without_it in Feeling) == row


class TestSummarise:
    # stp25kano, README (numbers only)
    @pytest.mark.parametrize(
        ("answers", "most_frequent", "category", "strengths", "better", "worse"),
        [
            (counts(95, 123, 45, 33, 0, 0), "O", "O", (0.89, 0.09), 0.568, -0.736),
            (counts(15, 24, 121, 124, 6, 6), "I", "A", (0.54, 0.01), 0.511, -0.137),
            (counts(9, 18, 83, 177, 6, 3), "I", "I", (0.37, 0.32), 0.352, -0.094),
        ],
        ids=["Service app", "Hotline", "Ready-to-use return"],
    )
    def test_gives_the_published_figures(
        self,
        answers: dict[Category, int],
        most_frequent: str,
        category: str,
        strengths: tuple[float, float],
        better: float,
        worse: float,
    ) -> None:
        found = kano.summarise(answers)

        assert found is not None
        assert (found.most_frequent, found.category) == (most_frequent, category)
        assert (found.total_strength, found.category_strength) == pytest.approx(
            strengths, abs=0.005
        )
        assert (found.better, found.worse) == pytest.approx((better, worse), abs=0.0005)

    def test_reverse_and_questionable_answers_alone_leave_better_and_worse_open(self) -> None:
        found = kano.summarise(counts(0, 0, 0, 0, 3, 2))

        assert found is not None
        assert (found.better, found.worse, found.category) == (None, None, Category.REVERSE)

    def test_says_nothing_of_no_answers(self) -> None:
        assert kano.summarise({}) is None
