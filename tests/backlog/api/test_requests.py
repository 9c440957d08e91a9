from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, Event, Product, User
from tests.factories import backlog, people

LIST = "/api/v1/requests/"

Acting = Callable[[User], APIClient]


@pytest.fixture
def product(db: None) -> Product:
    made: Product = backlog.ProductFactory.create(prefix="PAY", name="Payments")
    return made


@pytest.fixture
def slow(product: Product) -> CustomerRequest:
    made: CustomerRequest = backlog.RequestFactory.create(product=product, title="Pay faster")
    return made


class TestRead:
    def test_takes_id_or_key(self, api: APIClient, slow: CustomerRequest) -> None:
        by_key, by_id = api.get(f"{LIST}{slow.key}/"), api.get(f"{LIST}{slow.pk}/")

        assert by_key.data == by_id.data
        assert by_key.data["product"] == {
            "id": slow.product.pk,
            "prefix": "PAY",
            "name": "Payments",
        }
        assert by_key.data["opened_at"] == "2026-03-02T12:00:00Z"
        assert by_key.data["priority"] == {"value": None, "low": None, "high": None}

    def test_carries_its_version_as_etag(self, api: APIClient, slow: CustomerRequest) -> None:
        assert api.get(f"{LIST}{slow.key}/")["ETag"].startswith('"1-')

    def test_hides_what_is_in_a_product_not_open_to_the_caller(
        self, omar: User, acting: Acting
    ) -> None:
        secret = backlog.RequestFactory.create(product__is_open=False)

        assert acting(omar).get(LIST).data["results"] == []
        for below in ("", "evidence/", "assessments/", "explain/", "line/", "department-steps/"):
            assert acting(omar).get(f"{LIST}{secret.key}/{below}").status_code == 404

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=faster", {"Pay faster"}),
            ("q=FASTER", {"Pay faster"}),
            ("q=pay-900", {"Refund"}),
            ("product=PAY", {"Pay faster", "Refund"}),
            ("product=OTHER", set()),
            ("status=approved", {"Refund"}),
            ("status=approved&status=new", {"Pay faster", "Refund"}),
            ("priority_min=50", {"Refund"}),
            ("priority_max=49", set()),
            ("drift_min=20", {"Refund"}),
            ("drift_min=31", set()),
            ("owner=mina@example.com", {"Refund"}),
            ("on_board=yes", {"Pay faster", "Refund"}),
            ("on_board=no", set()),
            ("opened_after=2026-03-02T12:00:00Z", {"Pay faster", "Refund"}),
            ("opened_before=2026-03-02T12:00:00Z", set()),
        ],
    )
    def test_is_narrowed_by_filters(
        self, query: str, found: set[str], api: APIClient, mina: User, slow: CustomerRequest
    ) -> None:
        backlog.RequestFactory.create(
            product=slow.product,
            number=900,
            title="Refund",
            status="approved",
            priority=60.0,
            drift=-30.0,
            owner=mina,
        )

        rows = api.get(f"{LIST}?{query}").data["results"]

        assert {row["title"] for row in rows} == found

    def test_finds_what_a_customer_asked_for(self, api: APIClient, slow: CustomerRequest) -> None:
        minsu = backlog.CustomerFactory.create()
        backlog.EvidenceFactory.create(request=slow, feedback__customer=minsu)
        backlog.RequestFactory.create()

        rows = api.get(f"{LIST}?customer={minsu.pk}").data["results"]

        assert [row["key"] for row in rows] == [slow.key]


class TestOpen:
    def test_makes_each_feedback_evidence(self, api: APIClient, product: Product) -> None:
        words = backlog.FeedbackFactory.create_batch(2)
        said = {
            "product": "PAY",
            "title": "Pay faster",
            "problem": "It takes a minute.",
            "owner": "mina@example.com",
            "feedback": [each.pk for each in words],
        }

        answer = api.post(LIST, said, format="json")

        assert answer.status_code == 201, answer.data
        assert (answer.data["key"], answer["ETag"][:3]) == ("PAY-1", '"1-')
        assert answer.data["owner"]["name"] == "Mina"
        linked = api.get(f"{LIST}PAY-1/evidence/").data["results"]
        assert [row["feedback_id"] for row in linked] == [each.pk for each in words]
        assert Event.objects.filter(kind="request.opened", actor__name="Mina").exists()

    def test_is_refused_to_a_viewer(self, omar: User, acting: Acting, product: Product) -> None:
        answer = acting(omar).post(LIST, {"product": "PAY"}, format="json")

        assert answer.status_code == 403
        assert not CustomerRequest.objects.exists()

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"product": "NONE"}, "#/product"),
            ({"product": 10**30}, "#/product"),
            ({"product": True}, "#/product"),
            ({"product": "P\x00Y"}, "#/product"),
            ({"title": ""}, "#/title"),
            ({"title": "x" * 201}, "#/title"),
            ({"title": ["Pay"]}, "#/title"),
            ({"title": 3}, "#/title"),
            ({"owner": "nobody@example.com"}, "#/owner"),
            ({"feedback": [404]}, "#/feedback/0"),
            ({"feedback": "1"}, "#/feedback"),
            ({"status": "approved"}, "#/status"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, change: dict[str, object], pointer: str, api: APIClient, product: Product
    ) -> None:
        said = {"product": "PAY", "title": "Pay faster", "problem": "It is slow."}

        answer = api.post(LIST, said | change, format="json")

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert not CustomerRequest.objects.exists()

    def test_takes_no_product_that_the_caller_may_not_see(self, api: APIClient) -> None:
        backlog.ProductFactory.create(prefix="SECRET", is_open=False)

        said = {"product": "SECRET", "title": "Pay faster", "problem": "It is slow."}
        answer = api.post(LIST, said, format="json")

        assert answer.json()["errors"][0]["code"] == "not_found"


class TestEdit:
    def test_raises_the_version(self, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.patch(
            f"{LIST}{slow.key}/", {"title": "Pay at once"}, headers={"if-match": '"1"'}
        )

        assert (answer.status_code, answer["ETag"][:3]) == (200, '"2-')
        assert answer.data["title"] == "Pay at once"

    @pytest.mark.parametrize(
        "tag", ['"7"', 'W/"7"', '"7", "8"', '""', "1", '"one"', '"1', '"²"', '"-1"']
    )
    def test_refuses_another_version(self, tag: str, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.patch(f"{LIST}{slow.key}/", {"title": "Mine"}, headers={"if-match": tag})

        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
        slow.refresh_from_db()
        assert slow.title == "Pay faster"

    def test_asks_for_a_version(self, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.patch(f"{LIST}{slow.key}/", {"title": "Mine"})

        assert (answer.status_code, answer.json()["code"]) == (428, "version_required")

    def test_overwrites_whatever_is_there_when_told_so(
        self, api: APIClient, slow: CustomerRequest
    ) -> None:
        answer = api.patch(f"{LIST}{slow.key}/", {"owner": None}, headers={"if-match": "*"})

        assert answer.status_code == 200

    def test_leaves_the_status_alone(self, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.patch(
            f"{LIST}{slow.key}/", {"status": "verified"}, headers={"if-match": '"1"'}
        )

        assert answer.json()["errors"][0]["pointer"] == "#/status"


class TestMove:
    def _order(self, api: APIClient) -> list[str]:
        rows = api.get(f"{LIST}?product=PAY&ordering=rank").data["results"]
        return [row["title"] for row in rows]

    @pytest.fixture
    def board(self, product: Product) -> dict[str, CustomerRequest]:
        return {
            title: backlog.RequestFactory.create(product=product, title=title) for title in "ABC"
        }

    @pytest.mark.parametrize(
        ("said", "order"),
        [
            (lambda board: {"before": board["A"].pk}, ["C", "A", "B"]),
            (lambda board: {"after": board["A"].key}, ["A", "C", "B"]),
            (lambda board: {"to_top": True}, ["C", "A", "B"]),
        ],
    )
    def test_changes_the_order(
        self,
        said: Callable[[dict[str, CustomerRequest]], dict[str, object]],
        order: list[str],
        api: APIClient,
        board: dict[str, CustomerRequest],
    ) -> None:
        answer = api.post(f"{LIST}{board['C'].key}/move/", said(board), format="json")

        assert answer.status_code == 200, answer.data
        assert self._order(api) == order

    def test_refuses_a_neighbour_of_another_board(
        self, api: APIClient, board: dict[str, CustomerRequest]
    ) -> None:
        stranger = backlog.RequestFactory.create()

        answer = api.post(f"{LIST}{board['C'].key}/move/", {"after": stranger.key}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "neighbour_gone")
        assert answer.json()["details"]
        assert self._order(api) == ["A", "B", "C"]

    @pytest.mark.parametrize(
        "said", [{}, {"to_top": False}, {"to_top": True, "after": "PAY-1"}, {"after": "PAY-404"}]
    )
    def test_wants_one_place(
        self, said: dict[str, object], api: APIClient, board: dict[str, CustomerRequest]
    ) -> None:
        answer = api.post(f"{LIST}{board['C'].key}/move/", said, format="json")

        assert answer.status_code == 422

    def test_is_refused_to_a_viewer(
        self, omar: User, acting: Acting, board: dict[str, CustomerRequest]
    ) -> None:
        answer = acting(omar).post(f"{LIST}{board['C'].key}/move/", {"to_top": True})

        assert answer.status_code == 403


class TestTransition:
    def test_is_on_record_with_its_reason(self, api: APIClient, slow: CustomerRequest) -> None:
        said = {"status": "approved", "reason": "The regulator asks for it."}

        answer = api.post(f"{LIST}{slow.key}/transition/", said)

        assert (answer.status_code, answer.data["status"]) == (200, "approved")
        event = Event.objects.get(kind="request.status_changed")
        assert event.reason == "The regulator asks for it."

    def test_wants_a_reason(self, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.post(f"{LIST}{slow.key}/transition/", {"status": "approved"})

        assert answer.json()["errors"][0]["pointer"] == "#/reason"

    def test_refuses_what_the_rules_do_not_lead_to(
        self, api: APIClient, slow: CustomerRequest
    ) -> None:
        said = {"status": "merged", "reason": "It is the same."}

        answer = api.post(f"{LIST}{slow.key}/transition/", said)

        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


class TestDepartmentSteps:
    def test_are_set_and_taken_back(self, api: APIClient, slow: CustomerRequest) -> None:
        people.DepartmentFactory.create(name="Sales")
        address = f"{LIST}{slow.key}/department-steps/"

        answer = api.post(address, {"department": "Sales", "step": "Call them."})
        assert [(row["department"]["name"], row["step"]) for row in answer.data] == [
            ("Sales", "Call them.")
        ]

        api.post(address, {"department": "Sales", "step": "", "before": "Call them."})
        assert api.get(address).data == []


class TestLine:
    def test_tells_all_of_it_in_order(self, api: APIClient, product: Product) -> None:
        words = backlog.FeedbackFactory.create(verbatim="결제가 너무 느려요", customer__name="민수")
        said = {"product": "PAY", "title": "Pay faster", "problem": "It is slow."}
        api.post(LIST, said | {"feedback": [words.pk]}, format="json")

        line = api.get(f"{LIST}PAY-1/history/").data

        assert [entry["kind"] for entry in line] == [
            "feedback.said",
            "request.opened",
            "evidence.linked",
        ]
        assert (line[0]["title"], line[0]["words"]) == ("민수", "결제가 너무 느려요")
        assert line[1]["actor"]["name"] == "Mina"

    def test_names_no_customer_to_those_who_may_not_see_them(
        self, omar: User, acting: Acting, slow: CustomerRequest
    ) -> None:
        backlog.EvidenceFactory.create(request=slow, feedback__customer__name="민수")

        answer = acting(omar).get(f"{LIST}{slow.key}/history/")

        assert answer.status_code == 200
        assert "민수" not in answer.content.decode()
