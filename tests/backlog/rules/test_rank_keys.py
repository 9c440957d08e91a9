import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules.rank_keys import MAX_LENGTH, key_between, keys_between

# rocicorp/fractional-indexing, src/test.js (CC0), as collected in the published vectors.
PUBLISHED = [
    (None, None, "a0"),
    (None, "Zz", "Zy"),
    ("a1", None, "a2"),
    ("a1", "a2", "a1V"),
    ("Zz", "a0", "ZzV"),
    (None, "Y00", "Xzzz"),
    ("a0", "a0V", "a0G"),
    ("b125", "b129", "b127"),
    ("Zz", "a01", "a0"),
    (None, "b999", "b99"),
    (None, "A000000000000000000000000001", "A000000000000000000000000000V"),
    ("z" * 27, None, "z" * 27 + "V"),
]


def keys() -> st.SearchStrategy[str]:
    """Keys as a board has them after some moves, near one another and far apart."""

    def wander(steps: list[int]) -> str:
        board = ["a0"]
        for step in steps:
            place = step % (len(board) + 1)
            board.insert(place, key_between(*around(board, place)))
        return board[steps[-1] % len(board)]

    return st.lists(st.integers(0, 1000), min_size=1, max_size=40).map(wander)


def around(board: list[str], place: int) -> tuple[str | None, str | None]:
    low = board[place - 1] if place else None
    return low, board[place] if place < len(board) else None


class TestKeyBetween:
    @pytest.mark.parametrize(("low", "high", "expected"), PUBLISHED)
    def test_gives_the_published_keys(
        self, low: str | None, high: str | None, expected: str
    ) -> None:
        assert key_between(low, high) == expected

    def test_refuses_swapped_bounds_where_the_published_code_gives_a_key(self) -> None:
        # The published version answers "a0V". Swapped bounds mean that the board has moved
        # since they were read, and then any key would be a place that nobody asked for.
        with pytest.raises(ValueError, match="between 'a1' and 'a0'"):
            key_between("a1", "a0")

    def test_refuses_equal_bounds(self) -> None:
        with pytest.raises(ValueError, match="No rank key lies between"):
            key_between("a1", "a1")

    @pytest.mark.parametrize(
        "key",
        ["a00", "", "a", "b1", "0a", "a1-", "a1é", "a1\n", "A" + "0" * 26, "a１"],
        ids=ascii,
    )
    def test_refuses_what_is_not_a_key(self, key: str) -> None:
        with pytest.raises(ValueError, match="is not a rank key"):
            key_between(key, None)

    @given(keys(), keys())
    def test_lies_strictly_between(self, one: str, other: str) -> None:
        low, high = sorted([one, other], key=str.encode)
        if low != high:
            assert low.encode() < key_between(low, high).encode() < high.encode()

    @given(keys())
    def test_lies_beyond_either_end(self, key: str) -> None:
        assert key_between(None, key).encode() < key.encode() < key_between(key, None).encode()

    def test_orders_whole_numbers_of_every_length(self) -> None:
        up = [f"{head}{'z' * (number + 1)}" for number, head in enumerate("abcdefghij")]
        down = [f"{head}{'0' * (number + 1)}" for number, head in enumerate("ZYXWVUTSRQ")]
        following = [key_between(key, None) for key in up]
        preceding = [key_between(None, key) for key in down]

        assert following == [f"{chr(ord(key[0]) + 1)}{'0' * len(key)}" for key in up]
        assert preceding == [f"{chr(ord(key[0]) - 1)}{'z' * len(key)}" for key in down]


class TestKeysBetween:
    @given(keys(), keys(), st.integers(0, 300))
    def test_are_in_order_distinct_and_strictly_between(
        self, one: str, other: str, count: int
    ) -> None:
        low, high = sorted([one, other], key=str.encode)
        if low != high:
            found = [low, *keys_between(low, high, count), high]
            assert len(found) == count + 2
            assert found == sorted(set(found), key=str.encode)
            assert all(re.fullmatch("[0-9A-Za-z]+", key) for key in found)

    def test_continue_at_an_open_end(self) -> None:
        assert keys_between(None, None, 3) == ["a0", "a1", "a2"]
        assert keys_between("az", None, 2) == ["b00", "b01"]
        assert keys_between(None, "a1", 3) == ["Zy", "Zz", "a0"]

    def test_two_hundred_fit_into_the_narrowest_gap_with_two_more_digits(self) -> None:
        assert max(map(len, keys_between("a1", "a2", 200))) == 4
        assert max(map(len, keys_between("a1VVVV", "a1VVVV1", 200))) == len("a1VVVV") + 3

    def test_are_evenly_spread(self) -> None:
        assert keys_between("a0", "a8", 3) == ["a2", "a4", "a6"]


class TestGrowth:
    """What a caller relies on who rewrites 200 neighbours when a key passes MAX_LENGTH."""

    @pytest.mark.parametrize("at_top", [True, False], ids=["to the top", "to the end"])
    def test_ten_thousand_moves_to_an_end_stay_short(self, at_top: bool) -> None:
        key = "a0"
        for _ in range(10_000):
            key = key_between(None, key) if at_top else key_between(key, None)
        assert len(key) == 4

    def test_a_gap_gives_a_digit_for_five_or_six_inserts_into_its_worst_place(self) -> None:
        inserts, low, high = 0, "a0", "a1"
        while len(high) <= MAX_LENGTH:
            inserts, high = inserts + 1, key_between(low, high)
        assert inserts > 360
        inserts, low, high = 0, "a0", "a1"
        while len(low) <= MAX_LENGTH:
            inserts, low = inserts + 1, key_between(low, high)
        assert inserts > 300

    @pytest.mark.parametrize("habit", ["after the last", "before the last", "in turn", "anywhere"])
    def test_ten_thousand_inserts_into_one_gap_stay_short_with_few_rewrites(
        self, habit: str
    ) -> None:
        chance = random.Random(1)
        board, place, rewritten = keys_between(None, None, 200), 100, 0
        for turn in range(10_000):
            board.insert(place, key_between(*around(board, place)))
            if len(board[place]) > MAX_LENGTH:
                start = max(place - 100, 0)
                window = len(board[start : start + 200])
                low = board[start - 1] if start else None
                high = board[start + window] if start + window < len(board) else None
                board[start : start + window] = keys_between(low, high, window)
                rewritten += window
            place += {
                "after the last": 1,
                "before the last": 0,
                "in turn": turn % 2,
                "anywhere": chance.randint(0, 1),
            }[habit]

        assert max(map(len, board)) <= MAX_LENGTH
        assert board == sorted(set(board), key=str.encode)
        assert rewritten <= 2 * 10_000
