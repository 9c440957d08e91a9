"""Many moves: compared with a plain list, and crowded into one gap."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.models import CustomerRequest
from backlog.operations import ranks
from backlog.rules import rank_keys
from tests import examples
from tests.backlog.operations.boards import Board, make_board, order, places
from tests.factories import NOON

SIZE = 6
ANYWHERE = st.integers(0, SIZE - 1)
MOVES = st.lists(
    st.tuples(st.sampled_from(["after", "before", "top", "up", "down"]), ANYWHERE, ANYWHERE),
    max_size=12,
)


def move(board: Board, how: str, moved: int, beside: int) -> None:
    request_id = board[moved].pk
    match how:
        case "after":
            ranks.move_request(request_id=request_id, after=board[beside].pk, by=None, at=NOON)
        case "before":
            ranks.move_request(request_id=request_id, before=board[beside].pk, by=None, at=NOON)
        case "top":
            ranks.move_to_top(request_id=request_id, by=None, at=NOON)
        case "up":
            ranks.move_up(request_id=request_id, by=None, at=NOON)
        case "down":
            ranks.move_down(request_id=request_id, by=None, at=NOON)


def moved_in_a_list(
    before: list[int], how: str, moved: int, beside: int, delivered: set[int]
) -> list[int]:
    """The same move, on a list; what was delivered keeps its place and is stepped over."""
    place = before.index(moved)
    above = [each for each in before[:place] if each not in delivered]
    below = [each for each in before[place + 1 :] if each not in delivered]
    match how:
        case "top":
            how, beside = "before", above[0] if above else moved
        case "up":
            how, beside = "before", above[-1] if above else moved
        case "down":
            how, beside = "after", below[0] if below else moved
    if beside == moved:
        return before
    after = [each for each in before if each != moved]
    after.insert(after.index(beside) + (how == "after"), moved)
    return after


@pytest.mark.django_db
@settings(max_examples=examples.WITH_DATABASE)
@given(moves=MOVES, delivered=st.sets(ANYWHERE, max_size=3))
def test_any_moves_leave_the_order_that_a_list_would_have(
    moves: Sequence[tuple[str, int, int]], delivered: set[int]
) -> None:
    board = make_board(SIZE)
    gone = [board[at].pk for at in delivered]
    CustomerRequest.objects.filter(pk__in=gone).update(status="delivered")
    expected = list(range(SIZE))

    for how, moved, beside in moves:
        move(board, how, moved, beside)
        expected = moved_in_a_list(expected, how, moved, beside, delivered)
        assert places(board) == expected


def crowd_one_gap(board: Board, *, moves: int, is_two_sided: bool) -> None:
    """All in turn move into the gap that the one before them has halved."""
    expected = order(board[0].product)
    left, right, *movers = expected

    for step in range(moves):
        mover = next(each for each in movers if each not in (left, right))
        movers = [each for each in movers if each != mover] + [mover]
        row = ranks.move_request(request_id=mover, after=left, by=None, at=NOON).request
        assert len(row.rank or "") <= rank_keys.MAX_LENGTH
        expected.remove(mover)
        expected.insert(expected.index(left) + 1, mover)
        if is_two_sided and step % 2:
            left = mover
        else:
            right = mover

    assert order(board[0].product) == expected
    kept = CustomerRequest.objects.filter(product=board[0].product).values_list("rank", flat=True)
    assert max(len(rank or "") for rank in kept) <= rank_keys.MAX_LENGTH


@pytest.mark.django_db
@pytest.mark.parametrize("is_two_sided", [False, True], ids=["one-sided", "two-sided"])
class TestCrowdingOneGap:
    def test_never_makes_a_key_too_long(self, is_two_sided: bool) -> None:
        crowd_one_gap(make_board(5), moves=400, is_two_sided=is_two_sided)

    @pytest.mark.parametrize("size", [5, 40])
    def test_widens_it_again_and_again(
        self, size: int, is_two_sided: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With lower limits, a few hundred moves do what ten thousand do with the real ones."""
        monkeypatch.setattr(rank_keys, "MAX_LENGTH", 12)
        monkeypatch.setattr(ranks, "WINDOW", 2)
        crowd_one_gap(make_board(size), moves=250, is_two_sided=is_two_sided)
