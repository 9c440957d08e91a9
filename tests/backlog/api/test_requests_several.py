"""Several requests at once through the API: moved together, and edited each by itself."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, Event, Product, User
from backlog.operations import requests
from tests.backlog.operations.boards import places
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory

MOVE, EDIT = "/api/v1/requests/move/", "/api/v1/requests/edit/"
SORT = "/api/v1/requests/sort/"
Acting = Callable[[User], APIClient]


@pytest.fixture
def board(db: None) -> list[CustomerRequest]:
    product = ProductFactory.create(prefix="PAY")
    return [
        RequestFactory.create(product=product, number=number, rank=f"a{number}")
        for number in (1, 2, 3, 4)
    ]


class TestMove:
    @pytest.mark.parametrize(
        ("said", "order"),
        [
            ({"place": 1}, [2, 3, 0, 1]),
            ({"after": "PAY-1"}, [0, 2, 3, 1]),
            ({"before": "PAY-1"}, [2, 3, 0, 1]),
            ({"place": 99}, [0, 1, 2, 3]),
        ],
    )
    def test_moves_them_together(
        self,
        api: APIClient,
        board: list[CustomerRequest],
        said: dict[str, object],
        order: list[int],
    ) -> None:
        answer = api.post(MOVE, {"requests": ["PAY-4", "PAY-3"], **said}, format="json")

        assert answer.status_code == 200, answer.data
        assert [row["key"] for row in answer.data["requests"]] == ["PAY-3", "PAY-4"]
        assert places(board) == order
        product = Product.objects.get()
        assert answer.data["board_version"] == product.board_version == answer.data["moved"]

    def test_twice_is_once(self, api: APIClient, board: list[CustomerRequest]) -> None:
        said = {"requests": ["PAY-4", "PAY-3"], "place": 1}
        api.post(MOVE, said, format="json")

        again = api.post(MOVE, said, format="json")

        assert (again.status_code, again.data["moved"]) == (200, 0)
        assert Event.objects.filter(kind="request.moved").count() == 2

    def test_is_refused_where_the_board_changed_since(
        self, api: APIClient, board: list[CustomerRequest]
    ) -> None:
        said = {"requests": ["PAY-4"], "place": 1, "board_version": 0}
        assert api.post(MOVE, said, format="json").status_code == 200

        late = api.post(MOVE, {**said, "requests": ["PAY-3"]}, format="json")

        assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
        assert places(board) == [3, 0, 1, 2]

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"requests": []},
            {"requests": ["PAY-1"]},
            {"requests": ["PAY-1"], "after": "PAY-2", "place": 1},
            {"requests": ["PAY-1"], "after": "PAY-1"},
            {"requests": ["PAY-1"], "place": 0},
            {"requests": ["PAY-1", "PAY-404"], "place": 1},
            {"requests": ["PAY-1"] * 51, "place": 1},
            {"requests": ["PAY-1", "APP-1"], "place": 1},
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, api: APIClient, board: list[CustomerRequest], said: dict[str, object]
    ) -> None:
        RequestFactory.create(product=ProductFactory.create(prefix="APP"), number=1)

        answer = api.post(MOVE, said, format="json")

        assert answer.status_code == 422, answer.data
        assert places(board) == [0, 1, 2, 3]


class TestSort:
    @pytest.fixture(autouse=True)
    def _score(self, board: list[CustomerRequest]) -> None:
        Product.objects.update(reason_from_drift=90)
        for row, priority in zip(board, (10, 20, None, 40), strict=True):
            CustomerRequest.objects.filter(pk=row.pk).update(priority=priority)

    def test_tells_what_moves_and_then_moves_it(
        self, api: APIClient, board: list[CustomerRequest]
    ) -> None:
        shown = api.post(SORT, {"product": "PAY", "preview": True}, format="json")
        assert (shown.status_code, shown.data["is_done"]) == (200, False)
        assert places(board) == [0, 1, 2, 3]

        said = {"product": "PAY", "board_version": shown.data["board_version"]}
        done = api.post(SORT, said, format="json")

        assert done.data["moves"] == shown.data["moves"]
        assert done.data["moves"][0] == {
            "request": board[3].pk,
            "before": 4,
            "after": 1,
            "asks_why": False,
        }
        assert (done.data["unscored"], done.data["pinned"]) == (1, [])
        assert places(board) == [3, 1, 2, 0]
        late = api.post(SORT, said, format="json")
        assert (late.status_code, late.json()["code"]) == (412, "version_conflict")

    def test_of_some(self, api: APIClient, board: list[CustomerRequest]) -> None:
        api.post(SORT, {"product": "PAY", "requests": ["PAY-1", "PAY-2"]}, format="json")

        assert places(board) == [1, 0, 2, 3]

    @pytest.mark.parametrize(
        "said", [{}, {"product": "X"}, {"product": "PAY", "requests": []}, {"preview": True}]
    )
    def test_refuses_what_makes_no_sense(self, api: APIClient, said: dict[str, object]) -> None:
        assert api.post(SORT, said, format="json").status_code == 422


class TestEdit:
    def test_edits_each_by_itself(
        self, api: APIClient, board: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=board[1].pk, title="Anew", by=None, at=NOON)
        requests.edit_request(request_id=board[2].pk, owner=mina, by=None, at=NOON)
        said = {
            "requests": [
                {"request": "PAY-1", "version": 1},
                {"request": "PAY-2", "version": 1},
                {"request": "PAY-3"},
            ],
            "owner": mina.email,
        }

        answer = api.post(EDIT, said, format="json")

        assert answer.status_code == 200, answer.data
        assert [answer.data[name] for name in ("edited", "unchanged", "refused")] == [1, 1, 1]
        results = answer.json()["results"]
        assert [each["request"] for each in results] == ["PAY-1", "PAY-2", "PAY-3"]
        assert [each["status"] for each in results] == ["edited", "refused", "unchanged"]
        assert results[1]["problem"]["code"] == "version_conflict"
        assert CustomerRequest.objects.filter(owner=mina).count() == 2

    def test_another_status_wants_a_reason(
        self, api: APIClient, board: list[CustomerRequest]
    ) -> None:
        said = {"requests": [{"request": "PAY-1"}], "status": "deferred"}

        without = api.post(EDIT, said, format="json")
        told = api.post(EDIT, {**said, "reason": "Later."}, format="json")

        assert without.json()["results"][0]["problem"]["code"] == "reason_required"
        assert told.data["edited"] == 1
        board[0].refresh_from_db()
        assert board[0].status == "deferred"

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"owner": None},
            {"requests": [], "owner": None},
            {"requests": [{"request": "PAY-1"}]},
            {"requests": [{"request": "PAY-1"}] * 2, "owner": None},
            {"requests": [{"request": "PAY-1", "version": 0}], "owner": None},
            {"requests": [{"request": "PAY-404"}], "owner": None},
            {"requests": [{"request": "PAY-1"}], "status": "merged"},
            {"requests": [{"request": "PAY-1"}], "title": "Anew"},
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, api: APIClient, board: list[CustomerRequest], said: dict[str, object]
    ) -> None:
        assert api.post(EDIT, said, format="json").status_code == 422
        assert not Event.objects.exists()
