"""Owner, status and day of review of several requests at once, and taking that back."""

from datetime import date, timedelta

import pytest

from backlog import errors
from backlog.models import CustomerRequest, User
from backlog.operations import request_edits, requests
from backlog.operations.request_edits import Edits
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory

LATER, LATEST = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)


@pytest.fixture
def rows(mina: User) -> list[CustomerRequest]:
    product = ProductFactory.create(prefix="PAY")
    return [
        RequestFactory.create(product=product, number=number, rank=f"a{number}", review_on=MAY)
        for number in (1, 2, 3)
    ]


def _edit(
    rows: list[CustomerRequest], edits: Edits, by: User, reason: str = ""
) -> list[request_edits.Result]:
    versions: dict[int, int | None] = {row.pk: row.version for row in rows}
    return request_edits.edit_several(
        versions=versions, edits=edits, reason=reason, by=by, at=LATER
    )


def _now(rows: list[CustomerRequest]) -> list[tuple[User | None, str, date | None]]:
    for row in rows:
        row.refresh_from_db()
    return [(row.owner, row.status, row.review_on) for row in rows]


class TestEditSeveral:
    def test_sets_what_is_named_and_records_each(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        results = _edit(rows[:2], {"owner": mina, "review_on": JUNE}, mina)

        assert _now(rows) == [(mina, "new", JUNE), (mina, "new", JUNE), (None, "new", MAY)]
        assert [each.refusal for each in results] == [None, None]
        assert events.kinds() == ["request.edited"] * 2
        assert events.last().data == {
            "changed": ["owner", "review_on"],
            "owner_was": None,
            "review_on_was": "2026-05-04",
        }

    def test_moves_the_status_by_hand_with_a_reason(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        _edit(rows[:1], {"status": "approved", "review_on": JUNE}, mina, "The law.")

        assert _now(rows)[0] == (None, "approved", JUNE)
        assert events.kinds() == ["request.status_changed", "request.edited"]

    def test_says_what_is_so_already_and_records_nothing(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        (result,) = _edit(rows[:1], {"owner": None, "status": "new"}, mina)

        assert (result.event, result.refusal) == (None, None)
        assert events.kinds() == []

    def test_one_that_was_edited_meanwhile_stops_no_other(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=rows[0].pk, title="Anew", by=None, at=NOON)

        first, second, *_ = _edit(rows, {"owner": mina}, mina)

        assert isinstance(first.refusal, errors.VersionConflict)
        assert second.event is not None
        assert [owner for owner, *_ in _now(rows)] == [None, mina, mina]

    def test_one_that_was_merged_stops_no_other(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        CustomerRequest.objects.filter(pk=rows[2].pk).update(
            status="merged", merged_into=rows[0], rank=None
        )

        results = _edit(rows, {"owner": mina}, mina)

        assert [type(each.refusal) for each in results[:2]] == [type(None)] * 2
        assert isinstance(results[2].refusal, errors.RequestMerged)

    def test_asks_why_the_council_is_overridden(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        (result,) = _edit(rows[:1], {"owner": mina, "status": "declined"}, mina)

        assert isinstance(result.refusal, errors.ReasonRequired)
        assert _now(rows)[0] == (None, "new", MAY)
        assert events.kinds() == []

    @pytest.mark.parametrize("count", [0, request_edits.MOST + 1])
    def test_takes_some_and_not_too_many(self, mina: User, count: int) -> None:
        with pytest.raises(errors.Invalid) as refused:
            request_edits.edit_several(
                versions=dict.fromkeys(range(1, count + 1)), edits={}, by=mina, at=LATER
            )
        assert refused.value.field == "requests"


class TestTakeBack:
    def test_makes_all_of_them_what_they_were(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        before = _now(rows)
        edits: Edits = {"owner": mina, "status": "deferred", "review_on": JUNE}
        first, *_ = _edit(rows, edits, mina, "Later.")
        assert _now(rows) == [(mina, "deferred", JUNE)] * 3
        assert first.event is not None

        results = request_edits.take_back(event_id=first.event.pk, by=mina, at=LATEST)

        assert [each.refusal for each in results] == [None] * 3
        assert _now(rows) == before

    def test_leaves_what_was_edited_again_since(
        self, rows: list[CustomerRequest], mina: User
    ) -> None:
        first, *_ = _edit(rows, {"owner": mina}, mina)
        requests.edit_request(request_id=rows[1].pk, review_on=JUNE, by=None, at=LATER)
        assert first.event is not None

        results = request_edits.take_back(event_id=first.event.pk, by=mina, at=LATEST)

        assert [type(each.refusal) for each in results] == [
            type(None),
            errors.VersionConflict,
            type(None),
        ]
        assert [owner for owner, *_ in _now(rows)] == [None, mina, None]
