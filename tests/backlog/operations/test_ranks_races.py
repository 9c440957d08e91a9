"""Several people at one board, moving, sorting and editing. Seen to fail without the locks."""

import random
import time
from collections.abc import Callable
from functools import partial

import pytest

from backlog import errors
from backlog.models import CustomerRequest, Event, Product
from backlog.operations import ranks, request_edits, sorting
from tests.at_once import at_once
from tests.backlog.operations.boards import Board, make_board, order
from tests.factories import NOON
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def _check(board: Board) -> list[int]:
    """Nobody is lost, and no two have one rank; the order."""
    rows = CustomerRequest.objects.filter(product=board[0].product).values_list("rank", flat=True)
    assert len(set(rows)) == len(board)
    now = order(board[0].product)
    assert sorted(now) == sorted(row.pk for row in board)
    return now


class TestMovingSeveral:
    def test_each_group_stays_together(self) -> None:
        board = make_board(30)
        groups = [[row.pk for row in board[at::6]] for at in range(6)]

        raised = at_once(
            partial(ranks.move_several, request_ids=group, place=1, by=None, at=NOON)
            for group in groups
        )

        assert raised == []
        now = _check(board)
        for group in groups:
            places = [now.index(pk) for pk in group]
            assert places == list(range(places[0], places[0] + len(group)))

    def test_of_an_order_that_was_read_once_one_is_made(self) -> None:
        board = make_board(10)
        version = Product.objects.get().board_version

        raised = at_once(
            partial(
                ranks.move_several,
                request_ids=[row.pk],
                place=1,
                board_version=version,
                by=None,
                at=NOON,
            )
            for row in board[5:]
        )

        assert [type(each) for each in raised] == [errors.VersionConflict] * 4
        assert Event.objects.count() == 1


class TestSorting:
    def test_beside_others_who_move_leaves_a_total_order(self) -> None:
        board = make_board(20)
        for number, row in enumerate(board):
            row.priority = number
            row.save()
        Product.objects.update(reason_from_drift=1_000)
        product_id = board[0].product_id

        raised = at_once(
            [
                *(partial(sorting.sort_by_priority, product_id=product_id, by=None, at=NOON),) * 3,
                *(
                    partial(ranks.move_to_top, request_id=row.pk, by=None, at=NOON)
                    for row in board[:10]
                ),
            ]
        )

        assert raised == []
        _check(board)


class TestEditing:
    def test_of_two_editors_of_the_same_one_is_told(self) -> None:
        board, people = make_board(8), UserFactory.create_batch(4)
        versions: dict[int, int | None] = {row.pk: row.version for row in board}
        results: list[request_edits.Result] = []

        def edit(owner: object, ids: list[int]) -> None:
            chosen = {pk: versions[pk] for pk in ids}
            results.extend(
                request_edits.edit_several(
                    versions=chosen,
                    edits={"owner": owner},  # type: ignore[typeddict-item]
                    by=None,
                    at=NOON,
                )
            )

        ids = list(versions)
        raised = at_once(
            partial(edit, person, ids if number % 2 else ids[::-1])
            for number, person in enumerate(people)
        )

        assert raised == []
        done = [each for each in results if each.refusal is None]
        assert sorted(each.request_id for each in done) == sorted(ids)
        assert {type(each.refusal) for each in results} == {type(None), errors.VersionConflict}


class TestTenSeconds:
    def test_fifty_people_moving_at_random_for_ten_seconds(self) -> None:
        """A total order, no rank twice, nothing lost, no deadlock, each move on record once."""
        board = make_board(200)
        ids = [row.pk for row in board]
        moves = list[int]()

        def play(seed: int) -> None:
            dice, until = random.Random(seed), time.monotonic() + 10
            made = 0
            while time.monotonic() < until:
                moved, beside, *group = dice.sample(ids, 5)
                act: Callable[..., object] = dice.choice(
                    (
                        partial(ranks.move_request, request_id=moved, after=beside),
                        partial(ranks.move_request, request_id=moved, before=beside),
                        partial(ranks.move_to_top, request_id=moved),
                        partial(ranks.move_up, request_id=moved),
                        partial(ranks.move_down, request_id=moved),
                        partial(ranks.move_several, request_ids=group, after=beside),
                        partial(ranks.move_several, request_ids=group, place=dice.randint(1, 200)),
                    )
                )
                act(by=None, at=NOON)
                made += 1
            moves.append(made)

        raised = at_once(partial(play, seed) for seed in range(50))

        assert raised == []
        _check(board)
        assert len(moves) == 50
        assert Product.objects.get().board_version == Event.objects.count() > 50
