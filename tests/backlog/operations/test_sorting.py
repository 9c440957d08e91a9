"""Sorting a board by priority in one act, and taking that back."""

from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import CustomerRequest, Event, Product, User
from backlog.operations import ranks, sorting
from backlog.queries import sorting as queries
from tests.backlog.operations import events
from tests.backlog.operations.boards import Board, make_board, places
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import RequestFactory

LATER, LATEST = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)


@pytest.fixture
def board(db: None) -> Board:
    """Of which nothing asks why: the priorities 40, 20, none, 60, 30."""
    board = make_board(5)
    for row, priority in zip(board, (40, 20, None, 60, 30), strict=True):
        row.priority = priority
        row.save()
    Product.objects.update(reason_from_drift=90)
    return board


def _sort(board: Board, by: User | None = None, **more: object) -> queries.Plan:
    product_id = board[0].product_id
    return sorting.sort_by_priority(product_id=product_id, by=by, at=LATER, **more)  # type: ignore[arg-type]


class TestPlan:
    def test_says_who_moves_how_far_and_writes_nothing(self, board: Board) -> None:
        plan = queries.plan(board[0].product)

        moves = {
            board.index(row): move
            for move in plan.moves
            for row in board
            if row.pk == move.request_id
        }
        assert {at: (move.before, move.after, move.up) for at, move in moves.items()} == {
            3: (4, 1, 3),
            0: (1, 2, -1),
            4: (5, 4, 1),
            1: (2, 5, -3),
        }
        assert (plan.unscored, plan.pinned) == (1, [])
        assert places(board) == [0, 1, 2, 3, 4]

    def test_costs_the_same_for_five_and_for_many(
        self, board: Board, queries_: SameQueries
    ) -> None:
        with queries_() as few:
            queries.plan(board[0].product)
        for number in range(30):
            RequestFactory.create(product=board[0].product, priority=number)
        with queries_() as many:
            queries.plan(board[0].product)
        assert len(few) == len(many)

    def test_refuses_a_board_too_long_to_be_looked_through(
        self, board: Board, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "LONGEST", 4)

        with pytest.raises(errors.Invalid):
            queries.plan(board[0].product)


@pytest.fixture
def queries_(queries: SameQueries) -> SameQueries:
    return queries


class TestSortByPriority:
    def test_sorts_all_with_one_event_each(self, board: Board, mina: User) -> None:
        version = Product.objects.get().board_version

        _sort(board, mina)

        assert places(board) == [3, 0, 2, 4, 1]
        assert events.kinds() == ["request.moved"] * 4
        assert Product.objects.get().board_version == version + 1

    def test_sorts_those_chosen_among_themselves(self, board: Board) -> None:
        _sort(board, request_ids=[board[1].pk, board[4].pk, board[2].pk])

        assert places(board) == [0, 4, 2, 3, 1]

    def test_a_second_time_moves_nothing(self, board: Board) -> None:
        _sort(board)
        version = Product.objects.get().board_version

        assert _sort(board).moves == []
        assert Product.objects.get().board_version == version
        assert len(events.kinds()) == 4

    def test_leaves_where_it_is_what_somebody_said_why_of(self, board: Board, mina: User) -> None:
        ranks.move_to_top(request_id=board[1].pk, reason="The law.", by=mina, at=NOON)
        Event.objects.exclude(reason="").update(at=NOON)

        plan = _sort(board)

        assert plan.pinned == [board[1].pk]
        assert places(board) == [1, 3, 2, 0, 4]

    def test_sorts_that_too_where_it_is_said(self, board: Board, mina: User) -> None:
        ranks.move_to_top(request_id=board[1].pk, reason="The law.", by=mina, at=NOON)

        _sort(board, moves_pinned=True)

        assert places(board) == [3, 0, 2, 4, 1]

    def test_what_was_moved_without_a_reason_since_is_no_longer_pinned(
        self, board: Board, mina: User
    ) -> None:
        ranks.move_to_top(request_id=board[1].pk, reason="The law.", by=mina, at=NOON)
        ranks.move_down(request_id=board[1].pk, by=mina, at=NOON)

        assert queries.plan(board[0].product).pinned == []

    def test_is_refused_where_the_board_changed_since_it_was_looked_at(self, board: Board) -> None:
        version = Product.objects.get().board_version
        ranks.move_to_top(request_id=board[1].pk, by=None, at=NOON)

        with pytest.raises(errors.VersionConflict):
            _sort(board, board_version=version)
        assert places(board) == [1, 0, 2, 3, 4]

    def test_asks_why_for_what_comes_to_be_far_from_its_neighbours(self, db: None) -> None:
        """Two are sorted at the bottom of a board where everything else is worth more."""
        board = make_board(12, priority=90, drift=0)
        for row, priority in zip(board[10:], (10, 40), strict=True):
            row.priority = priority
            row.save()

        with pytest.raises(errors.ReasonRequired):
            _sort(board, request_ids=[row.pk for row in board[10:]])
        plan = _sort(board, request_ids=[row.pk for row in board[10:]], reason="Soon.")

        asked = {each.request_id for each in plan.asks_why}
        assert asked
        told = dict(Event.objects.values_list("request", "reason"))
        assert {pk for pk, reason in told.items() if reason == "Soon."} == asked

    def test_moves_at_most_so_many(self, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "MOST", 3)

        with pytest.raises(errors.Invalid):
            _sort(board)
        assert places(board) == [0, 1, 2, 3, 4]

    def test_tells_the_drift_at_once(self, board: Board) -> None:
        _sort(board)

        drifts = CustomerRequest.objects.filter(priority__isnull=False).values_list(
            "drift", flat=True
        )
        assert None not in drifts


class TestTakeBack:
    def test_gives_everybody_the_place_they_had(self, board: Board, mina: User) -> None:
        ranks_before = list(CustomerRequest.objects.order_by("pk").values_list("rank", flat=True))
        _sort(board, mina)
        event = Event.objects.latest("pk")

        assert sorting.take_back(event_id=event.pk, by=mina, at=LATEST) == 4

        assert places(board) == [0, 1, 2, 3, 4]
        assert (
            list(CustomerRequest.objects.order_by("pk").values_list("rank", flat=True))
            == ranks_before
        )
        assert len(events.kinds()) == 8

    def test_is_refused_where_one_was_moved_since(self, board: Board, mina: User) -> None:
        _sort(board, mina)
        event = Event.objects.latest("pk")
        ranks.move_to_top(request_id=board[1].pk, by=None, at=LATEST)

        with pytest.raises(errors.VersionConflict):
            sorting.take_back(event_id=event.pk, by=mina, at=LATEST)
