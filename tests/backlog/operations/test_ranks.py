from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from backlog import errors
from backlog.models import CustomerRequest, Product, User
from backlog.operations import drift, ranks
from tests.backlog.operations import events
from tests.backlog.operations.boards import Board, make_board, places
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import RequestFactory

pytestmark = pytest.mark.usefixtures("english_texts")


@pytest.fixture
def board(db: None) -> Board:
    return make_board(4)


def move(row: CustomerRequest, **where: Any) -> ranks.Move:
    return ranks.move_request(request_id=row.pk, **{"by": None, "at": NOON} | where)


class TestMoveRequest:
    @pytest.mark.parametrize(
        ("moved", "where", "expected"),
        [
            (3, {"before": 0}, [3, 0, 1, 2]),
            (3, {"after": 0}, [0, 3, 1, 2]),
            (0, {"after": 3}, [1, 2, 3, 0]),
            (0, {"before": 3}, [1, 2, 0, 3]),
            (1, {"after": 2}, [0, 2, 1, 3]),
        ],
    )
    def test_puts_a_request_beside_another(
        self, board: Board, moved: int, where: dict[str, int], expected: list[int]
    ) -> None:
        move(board[moved], **{side: board[at].pk for side, at in where.items()})
        assert places(board) == expected

    def test_writes_one_request_and_the_version_of_the_board(
        self, board: Board, mina: User
    ) -> None:
        before = dict(CustomerRequest.objects.values_list("pk", "rank"))

        move(board[3], after=board[0].pk, by=mina, reason="A big customer waits.")

        after = dict(CustomerRequest.objects.values_list("pk", "rank"))
        assert {pk for pk in after if after[pk] != before[pk]} == {board[3].pk}
        assert Product.objects.get().board_version == 1
        event = events.last()
        assert (event.kind, event.request, event.actor) == ("request.moved", board[3], mina)
        assert event.reason == "A big customer waits."
        assert event.data == {"after": board[0].pk, "before": None, "was_after": board[2].pk}

    @pytest.mark.parametrize("where", [{"after": 0}, {"before": 2}, {"after": 1}, {"before": 1}])
    def test_changes_nothing_where_it_is(self, board: Board, where: dict[str, int]) -> None:
        move(board[1], **{side: board[at].pk for side, at in where.items()})
        board[1].product.refresh_from_db()
        assert (board[1].product.board_version, events.kinds()) == (0, [])

    @pytest.mark.parametrize("where", [{}, {"after": 1, "before": 2}])
    def test_refuses_anything_but_one_neighbour(self, board: Board, where: dict[str, int]) -> None:
        with pytest.raises(errors.Invalid) as refused:
            move(board[0], **where)
        assert refused.value.field == "before"

    @pytest.mark.parametrize("kind", ["missing", "merged", "of-another-board"])
    def test_tells_the_order_around_when_the_neighbour_is_gone(self, kind: str, db: None) -> None:
        board = make_board(9)
        delivered = board.pop(5)
        CustomerRequest.objects.filter(pk=delivered.pk).update(status="delivered")
        facts: dict[str, dict[str, Any]] = {
            "merged": {"status": "merged", "rank": None, "merged_into": board[0]}
            | {"product": board[0].product},
            "of-another-board": {},
        }
        gone = RequestFactory.create(**facts[kind]).pk if kind in facts else 0

        with pytest.raises(errors.NeighbourGone) as refused:
            move(board[4], after=gone)

        around = [*board[1:4], board[4], *board[5:8]]
        assert refused.value.details["order"] == [{"id": row.pk, "key": row.key} for row in around]
        assert events.kinds() == []

    def test_refuses_a_request_that_is_on_no_board(self, board: Board) -> None:
        merged = RequestFactory.create(
            product=board[0].product, status="merged", rank=None, merged_into=board[0]
        )
        with pytest.raises(errors.IllegalTransition, match=merged.key):
            move(merged, after=board[0].pk)
        with pytest.raises(errors.IllegalTransition):
            ranks.move_to_top(request_id=merged.pk, by=None, at=NOON)


class TestMoveByDirection:
    """A request that was delivered is off the board, keeps its rank, and is stepped over."""

    @pytest.fixture
    def board(self, db: None) -> Board:
        board = make_board(5)
        CustomerRequest.objects.filter(pk__in=[board[0].pk, board[2].pk]).update(status="delivered")
        return board

    @pytest.mark.parametrize(
        ("operation", "moved", "expected"),
        [
            (ranks.move_to_top, 4, [0, 4, 1, 2, 3]),
            (ranks.move_to_top, 1, [0, 1, 2, 3, 4]),
            (ranks.move_up, 3, [0, 3, 1, 2, 4]),
            (ranks.move_up, 1, [0, 1, 2, 3, 4]),
            (ranks.move_down, 1, [0, 2, 3, 1, 4]),
            (ranks.move_down, 4, [0, 1, 2, 3, 4]),
        ],
    )
    def test_steps_over_the_others(
        self,
        board: Board,
        operation: Callable[..., CustomerRequest],
        moved: int,
        expected: list[int],
    ) -> None:
        operation(request_id=board[moved].pk, by=None, at=NOON)
        assert places(board) == expected
        assert events.kinds() == ([] if expected == [0, 1, 2, 3, 4] else ["request.moved"])

    def test_keeps_the_reason_for_the_top(self, board: Board) -> None:
        ranks.move_to_top(request_id=board[4].pk, reason="The law.", by=None, at=NOON)
        assert events.last().reason == "The law."

    def test_leaves_a_request_alone_on_its_board(self, db: None) -> None:
        alone = RequestFactory.create()
        for operation in (ranks.move_to_top, ranks.move_up, ranks.move_down):
            operation(request_id=alone.pk, by=None, at=NOON)
        assert events.kinds() == []


class TestReason:
    """PAY asks why a request is moved 25 points or more from its priority."""

    @pytest.fixture
    def board(self, db: None) -> Board:
        board = make_board(12)
        for row, priority in zip(board, range(90, -30, -10), strict=True):
            CustomerRequest.objects.filter(pk=row.pk).update(priority=priority, drift=0)
        return board

    def test_is_asked_for_where_rank_and_priority_come_apart(self, board: Board) -> None:
        with pytest.raises(errors.ReasonRequired, match="ranked high by") as refused:
            ranks.move_to_top(request_id=board[8].pk, by=None, at=NOON)

        assert refused.value.details["asked_from"] == 25
        assert (places(board), events.kinds()) == (list(range(12)), [])

    def test_is_kept_and_the_drift_is_known_at_once(self, board: Board) -> None:
        ranks.move_to_top(request_id=board[8].pk, reason="The law.", by=None, at=NOON)

        moved = CustomerRequest.objects.get(pk=board[8].pk)
        told = moved.drift
        assert events.last().reason == "The law."
        drift.refresh_drift(product_id=moved.product_id, by=None, at=NOON)
        moved.refresh_from_db()
        assert moved.drift == told is not None

    @pytest.mark.parametrize("to", [0, 1, 3, 5, 8, 11])
    def test_counts_the_same_neighbours_as_the_worker(self, board: Board, to: int) -> None:
        move(board[6], after=board[to].pk, reason="To see.")

        moved = CustomerRequest.objects.get(pk=board[6].pk)
        told = moved.drift
        drift.refresh_drift(product_id=moved.product_id, by=None, at=NOON)
        moved.refresh_from_db()
        assert moved.drift == told

    def test_is_not_asked_for_on_the_way_back_to_its_priority(self, board: Board) -> None:
        ranks.move_to_top(request_id=board[8].pk, reason="The law.", by=None, at=NOON)
        move(board[8], after=board[0].pk)
        assert places(board)[:2] == [0, 8]

    def test_is_not_asked_for_by_a_product_that_allows_more(self, board: Board) -> None:
        Product.objects.update(reason_from_drift=200)
        ranks.move_to_top(request_id=board[8].pk, by=None, at=NOON)
        assert places(board)[0] == 8


class TestMoveSeveral:
    @pytest.fixture
    def board(self, db: None) -> Board:
        return make_board(6)

    @pytest.mark.parametrize(
        ("moved", "where", "expected"),
        [
            ([4, 2], {"after": 0}, [0, 2, 4, 1, 3, 5]),
            ([0, 5], {"before": 3}, [1, 2, 0, 5, 3, 4]),
            ([0, 1], {"after": 5}, [2, 3, 4, 5, 0, 1]),
            ([1, 2], {"after": 0}, [0, 1, 2, 3, 4, 5]),
        ],
    )
    def test_keeps_their_order_beside_another(
        self, board: Board, moved: list[int], where: dict[str, int], expected: list[int]
    ) -> None:
        several(board, moved, **{side: board[at].pk for side, at in where.items()})
        assert places(board) == expected

    @pytest.mark.parametrize(
        ("moved", "place", "expected"),
        [
            ([4], 1, [4, 0, 1, 2, 3, 5]),
            ([0], 3, [1, 2, 0, 3, 4, 5]),
            ([1, 3], 2, [0, 1, 3, 2, 4, 5]),
            ([0], 99, [1, 2, 3, 4, 5, 0]),
            ([0, 1, 2, 3, 4, 5], 3, [0, 1, 2, 3, 4, 5]),
        ],
    )
    def test_puts_the_first_at_a_number(
        self, board: Board, moved: list[int], place: int, expected: list[int]
    ) -> None:
        several(board, moved, place=place)
        assert places(board) == expected

    def test_is_taken_back_as_one(self, board: Board, mina: User) -> None:
        several(board, [5, 3, 0], place=2, by=mina)
        event = events.last()

        ranks.take_back(event_id=event.pk, by=mina, at=NOON + timedelta(hours=1))

        assert places(board) == [0, 1, 2, 3, 4, 5]

    def test_moves_none_where_one_asks_for_a_reason(self, board: Board) -> None:
        CustomerRequest.objects.update(priority=50, drift=0)
        CustomerRequest.objects.filter(pk=board[5].pk).update(priority=0)
        with pytest.raises(errors.ReasonRequired):
            several(board, [4, 5], place=1)
        assert places(board) == [0, 1, 2, 3, 4, 5]

    @pytest.mark.parametrize(
        ("moved", "where", "field"),
        [
            ([], {"place": 1}, "requests"),
            ([0], {}, "place"),
            ([0], {"place": 0}, "place"),
            ([0], {"place": 1, "after": 2}, "place"),
            ([0, 1], {"after": 1}, "after"),
            ([0, 1], {"before": 0}, "before"),
        ],
    )
    def test_refuses_what_has_no_place(
        self, board: Board, moved: list[int], where: dict[str, int], field: str
    ) -> None:
        said = {side: at if side == "place" else board[at].pk for side, at in where.items()}
        with pytest.raises(errors.Invalid) as refused:
            several(board, moved, **said)
        assert refused.value.field == field

    def test_refuses_more_than_a_page(self, board: Board) -> None:
        with pytest.raises(errors.Invalid, match="At most 50"):
            ranks.move_several(request_ids=range(10_000), place=1, by=None, at=NOON)

    def test_refuses_requests_of_another_product(self, board: Board) -> None:
        other = RequestFactory.create()
        with pytest.raises(errors.Invalid, match=f"{other.key} is on another board"):
            ranks.move_several(request_ids=[board[0].pk, other.pk], place=1, by=None, at=NOON)

    def test_names_the_survivor_of_a_merged_request(self, board: Board) -> None:
        merged = RequestFactory.create(
            product=board[0].product, status="merged", rank=None, merged_into=board[1]
        )
        with pytest.raises(errors.IllegalTransition, match=f"Move {board[1].key}"):
            ranks.move_several(request_ids=[board[2].pk, merged.pk], place=1, by=None, at=NOON)


def several(board: Board, moved: list[int], **where: Any) -> list[ranks.Move]:
    ids = [board[at].pk for at in moved]
    return ranks.move_several(request_ids=ids, **{"by": None, "at": NOON} | where)


class TestCost:
    """Queries do not depend on the board. A test's own transaction adds savepoints: not counted."""

    @pytest.mark.parametrize("size", [3, 60])
    def test_a_move_to_the_top_takes_six_queries(
        self, size: int, db: None, queries: SameQueries
    ) -> None:
        board = make_board(size, priority=50, drift=0)
        with queries() as made:
            ranks.move_to_top(request_id=board[-1].pk, by=None, at=NOON)
        assert len(without_savepoints(made)) == 6
        assert places(board)[0] == size - 1

    @pytest.mark.parametrize("size", [3, 60])
    def test_a_move_beside_another_takes_six(
        self, size: int, db: None, queries: SameQueries
    ) -> None:
        board = make_board(size, priority=50, drift=0)
        with queries() as made:
            move(board[-1], after=board[0].pk)
        written = [sql for sql in without_savepoints(made) if not sql.startswith("SELECT")]
        assert (len(without_savepoints(made)), len(written)) == (6, 3)


def without_savepoints(made: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in made if "SAVEPOINT" not in query["sql"]]
