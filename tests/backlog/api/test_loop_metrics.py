"""Figures of the loop, through the API."""

from collections.abc import Callable
from datetime import timedelta

from rest_framework.test import APIClient

from backlog.models import Obligation, User
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

LOOP = "/api/v1/loop/"
Acting = Callable[[User], APIClient]


def answered(status: str = "confirmed", *, days: int = 2, **fields: object) -> Obligation:
    return make.ObligationFactory.create(
        status=status, released_at=NOON, settled_at=NOON + timedelta(days=days), **fields
    )


class TestLoop:
    def test_gives_each_figure_with_its_sample_and_bounds(self, api: APIClient) -> None:
        account = make.AccountFactory.create(segment="Fashion")
        answered(customer__account=account)
        answered("disputed", days=4, customer__account=account)
        make.ObligationFactory.create(released_at=NOON)

        said = api.get(LOOP).json()

        assert (said["n"], said["is_sample"]) == (3, False)
        total = said["total"]
        assert (total["closed"]["part"], total["closed"]["n"]) == (2, 3)
        assert total["closed"]["percent"]["low"] < 66.7 < total["closed"]["percent"]["high"]
        assert total["time_to_hear_back"]["median"] == 4 * 86400
        assert total["time_to_hear_back"]["waiting"] == 1
        assert [total["answers"][name]["part"] for name in ("yes", "partly", "no")] == [1, 0, 1]
        assert [each["segment"] for each in said["segments"]] == ["Fashion", ""]

    def test_says_nothing_where_there_is_nothing(self, api: APIClient) -> None:
        total = api.get(LOOP).json()["total"]

        assert (total["closed"], total["answered"], total["answers"]) == (None, None, None)
        assert total["time_to_hear_back"]["median"] is None

    def test_is_narrowed_as_obligations_are(self, api: APIClient) -> None:
        wanted = answered()
        answered()

        assert wanted.request is not None
        assert api.get(f"{LOOP}?request={wanted.request.key}").json()["n"] == 1
        assert api.get(f"{LOOP}?product={wanted.request.product.prefix}").json()["n"] == 1

    def test_knows_no_other_parameters(self, api: APIClient) -> None:
        for name in ("status", "cursor", "page_size"):
            answer = api.get(f"{LOOP}?{name}=told")
            assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")

    def test_leaves_out_closed_products(self, api: APIClient) -> None:
        answered(event__request__product__is_open=False)

        assert api.get(LOOP).json()["n"] == 0

    def test_is_closed_to_viewers(self, omar: User, acting: Acting) -> None:
        assert acting(omar).get(LOOP).status_code == 403

    def test_costs_one_query(self, api: APIClient, mina: User, queries: SameQueries) -> None:
        answered()
        api.get(LOOP)

        with queries() as made:
            api.get(LOOP)

        assert len(made) == 1


class TestFiltersOfNotices:
    def test_know_what_a_message_tells(self, api: APIClient) -> None:
        outcome = make.OutcomeFactory.create()
        item = make.NoticeItemFactory.create(
            obligation__outcome=outcome, obligation__event__request=outcome.commitment.request
        )
        make.NoticeItemFactory.create(
            notice=item.notice,
            obligation__outcome=outcome,
            obligation__customer=item.notice.customer,
        )
        make.NoticeItemFactory.create()

        for query in (f"outcome={outcome.pk}", f"request={outcome.commitment.request.key}"):
            found = api.get(f"/api/v1/notices/?{query}").json()["results"]
            assert [row["id"] for row in found] == [item.notice_id]

    def test_know_what_failed(self, api: APIClient) -> None:
        failed = make.NoticeFactory.create(failure="451 try later")
        fine = make.NoticeFactory.create()

        for answer, notice in (("yes", failed), ("no", fine)):
            found = api.get(f"/api/v1/notices/?failed={answer}").json()["results"]
            assert [row["id"] for row in found] == [notice.pk]
