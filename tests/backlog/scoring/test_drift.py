from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.scoring.drift import drift, drifts

boards = st.lists(st.none() | st.integers(0, 100).map(float), max_size=40)


class TestDrift:
    def test_is_the_distance_from_the_median_of_the_neighbours(self) -> None:
        assert drift(72, [10, 20, 60]) == 52

    def test_is_nothing_alone(self) -> None:
        assert drift(72, []) == 0


class TestDrifts:
    def test_is_zero_along_a_board_ranked_by_even_scores_and_grows_towards_its_ends(self) -> None:
        found = drifts([float(number) for number in range(100, 80, -1)])

        assert found[5:15] == [0] * 10
        assert found[0] == 5.5
        assert found[-1] == -5.5

    def test_shows_a_request_that_is_ranked_far_too_low(self) -> None:
        found = drifts([50.0] * 12 + [90.0])

        assert found == [0] * 12 + [40]

    def test_passes_over_requests_without_a_priority(self) -> None:
        assert drifts([80.0, None, 60.0]) == [20, None, -20]

    @pytest.mark.parametrize("board", [[], [None], [None, None]])
    def test_has_nothing_to_say_of_an_unscored_board(self, board: list[None]) -> None:
        assert drifts(board) == board

    @given(boards)
    def test_compares_with_the_ten_nearest_on_the_board(self, board: list[float | None]) -> None:
        found = [each for each in drifts(board) if each is not None]
        scored = [each for each in board if each is not None]
        for place, (priority, drifted) in enumerate(zip(scored, found, strict=True)):
            others = sorted(
                (each for each in range(len(scored)) if each != place),
                key=lambda each: abs(each - place),
            )
            near = [scored[each] for each in others[:10]]
            assert drifted == (priority - median(near) if near else 0)
