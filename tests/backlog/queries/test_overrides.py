"""Moves that somebody said why of, and what became of what they moved."""

from datetime import timedelta

import pytest

from backlog.models import Event, User
from backlog.operations import ranks
from backlog.queries import overrides
from tests.backlog.operations.boards import Board, make_board
from tests.factories import NOON
from tests.factories.backlog import OutcomeFactory, ProductFactory, RequestFactory

pytestmark = pytest.mark.usefixtures("english_texts")

LATER = NOON + timedelta(days=1)


@pytest.fixture
def board(mina: User) -> Board:
    """The last of twelve, worth little, stands at the top, for a reason."""
    board = make_board(12, drift=0, priority=90)
    board[11].priority = 20
    board[11].save()
    ranks.move_to_top(request_id=board[11].pk, reason="The law.", by=mina, at=NOON)
    ranks.move_down(request_id=board[3].pk, by=mina, at=NOON)
    return board


def _only(mina: User) -> Event:
    event: Event = overrides.with_what_became(overrides.visible_to(mina)).get()
    return event


class TestOverrides:
    def test_are_moves_with_a_reason_and_how_far_they_went(self, board: Board, mina: User) -> None:
        event = _only(mina)

        assert (event.request, event.actor, event.reason) == (board[11], mina, "The law.")
        assert overrides.distance(event) == -70
        assert overrides.distance_text(event) == "ranked high by 70"
        assert (event.moved_since, event.result) == (False, None)  # type: ignore[attr-defined]

    def test_tell_what_became_of_them(self, board: Board, mina: User) -> None:
        request = board[11]
        for at, result in ((NOON - timedelta(days=3), "partly"), (LATER, "delivered")):
            OutcomeFactory.create(commitment__request=request, result=result, recorded_at=at)
        ranks.move_down(request_id=request.pk, by=mina, at=LATER)

        event = _only(mina)

        assert event.moved_since  # type: ignore[attr-defined]
        assert overrides.result_text(event) == "delivered"

    def test_of_a_closed_product_are_seen_by_nobody_else(self, omar: User, board: Board) -> None:
        hidden = RequestFactory.create(product=ProductFactory.create(is_open=False))
        ranks.move_to_top(request_id=hidden.pk, reason="x", by=None, at=NOON)

        assert {each.request for each in overrides.visible_to(omar)} == {board[11]}
