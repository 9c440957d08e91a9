from backlog.scoring.sorting import by_priority


class TestByPriority:
    def test_puts_the_highest_first_and_keeps_the_order_of_equals(self) -> None:
        assert by_priority([10, 30, 20, 30], range(4)) == [1, 3, 2, 0]

    def test_leaves_what_may_not_move_and_what_has_no_priority(self) -> None:
        assert by_priority([10, None, 90, 50], {0, 1, 3}) == [3, 1, 2, 0]

    def test_moves_nothing_of_nothing(self) -> None:
        assert by_priority([], []) == []
        assert by_priority([1, 2], []) == [0, 1]
