"""What one case of each kind looked like: the walk of `test_content.py` finds all of them."""

from typing import Any

import pytest
from django.test import Client

from backlog.models import (
    CustomerRequest,
    Outcome,
    Product,
    ProductGrant,
    Source,
    StatusUpdate,
    User,
)
from tests.access.world import CUSTOMER_ID, EXTERNAL, SECRET, World

pytestmark = pytest.mark.django_db
JSON = "application/json"


def read(client: Client, to: str, **asked: str | int) -> Any:
    answer = client.get(to, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


class TestNobodyIsFoundByTheirId:
    """Who hands in words with somebody's address learns nothing of that person."""

    def test_an_answer_holds_none(self, world: World) -> None:
        said = {"source": world.open[Source].key, "verbatim": "Slow.", "external_id": "m-1"}
        said["customer"] = {"email": "zzaddress@example.org"}
        answer = world.browsers["V"].post("/api/v1/feedback/", said, content_type=JSON)

        assert (answer.status_code, answer.json()["customer"]) == (201, None)

    @pytest.mark.parametrize("where", ["feedback", "requests", "replies"])
    def test_a_filter_by_one_is_none(self, where: str, world: World) -> None:
        to, asked = f"/api/v1/{where}/", {"customer": CUSTOMER_ID}

        assert world.browsers["V"].get(to, asked).json()["code"] == "unknown_parameter"
        assert read(world.browsers["S"], to, **asked)["results"]

    def test_a_page_passes_it_over(self, world: World) -> None:
        board = f"/board/{world.open[Product].prefix}/"
        shown = [world.browsers["V"].get(board, {"customer": it}).content for it in (1, 2)]

        assert world.open[CustomerRequest].key.encode() in shown[0]
        assert shown[0].count(b"<li") == shown[1].count(b"<li")

    def test_their_events_are_not_in_the_ledger(self, world: World) -> None:
        asked = {"subject": f"customer:{CUSTOMER_ID}"}

        assert read(world.browsers["C"], "/api/v1/events/", **asked)["results"] == []
        assert read(world.browsers["S"], "/api/v1/events/", **asked)["results"]


class TestSourcesOfAClosedProduct:
    def test_find_nobody(self, world: World) -> None:
        key = world.closed[Source].key
        asked = {"identity": f"{key}:{EXTERNAL} {SECRET}"}

        assert read(world.browsers["S"], "/api/v1/customers/", **asked)["results"] == []
        ProductGrant.objects.create(product=world.closed[Product], user=world.users["S"])
        assert read(world.browsers["S"], "/api/v1/customers/", **asked)["results"]

    def test_narrow_to_nothing(self, world: World) -> None:
        asked = {"source": world.closed[Source].key}

        assert read(world.browsers["A"], "/api/v1/feedback/", **asked)["results"] == []

    def test_are_refused_as_if_they_were_not_there(self, world: World) -> None:
        said = {"verbatim": "Slow.", "source": world.closed[Source].key}
        closed = world.browsers["A"].post("/api/v1/feedback/", said, content_type=JSON)
        nowhere = world.browsers["A"].post(
            "/api/v1/feedback/", {**said, "source": "nowhere"}, content_type=JSON
        )

        assert closed.status_code == nowhere.status_code == 422
        assert closed.json()["errors"] == nowhere.json()["errors"]


@pytest.mark.parametrize("caller", ["S", "P", "A"])
class TestPreviews:
    def test_of_an_open_product_tell_nothing_of_a_closed_one(
        self, caller: str, world: World
    ) -> None:
        for noun, model in (("outcomes", Outcome), ("status-updates", StatusUpdate)):
            to = f"/api/v1/{noun}/{world.open[model].pk}/preview/"
            [message] = read(world.browsers[caller], to)["messages"]
            assert SECRET not in str(message)
            assert "Open" in message["text"]
            assert SECRET not in str(read(world.browsers[caller], f"{to}recipients/"))

    def test_tell_it_to_whoever_was_granted_it(self, caller: str, world: World) -> None:
        user: User = world.users[caller]
        ProductGrant.objects.create(product=world.closed[Product], user=user)
        to = f"/api/v1/outcomes/{world.open[Outcome].pk}/preview/"

        assert SECRET in str(read(world.browsers[caller], to)["messages"])
