from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import CustomerRequest, DepartmentStep, Product, User
from backlog.operations import requests
from tests.backlog.operations import events
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import FeedbackFactory, ProductFactory, RequestFactory
from tests.factories.people import DepartmentFactory

LATER = NOON + timedelta(hours=1)
MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)


@pytest.fixture
def pay(db: None) -> Product:
    return ProductFactory.create(prefix="PAY")


def open_one(product: Product, by: User | None = None, **facts: Any) -> CustomerRequest:
    wanted = {"title": "Pay faster", "problem": "Paying takes too long."} | facts
    return requests.open_request(product_id=product.pk, by=by, at=NOON, **wanted)


class TestOpenRequest:
    def test_puts_it_at_the_bottom_of_the_board(self, pay: Product, mina: User) -> None:
        first = open_one(pay, by=mina)
        second = open_one(
            pay, by=mina, title="더 빠른 결제", root_cause="One more screen.", owner=mina
        )

        rows = list(CustomerRequest.objects.on_board().for_listing())
        assert rows == [first, second]
        assert [row.key for row in rows] == ["PAY-1", "PAY-2"]
        row = rows[1]
        assert (row.title, row.root_cause, row.owner) == ("더 빠른 결제", "One more screen.", mina)
        assert (row.status, row.version, row.opened_by, row.opened_at) == ("new", 1, mina, NOON)
        assert row.search_text == "더 빠른 결제\npaying takes too long."
        pay.refresh_from_db()
        assert (pay.next_number, pay.board_version) == (3, 2)
        assert events.kinds() == ["request.opened"] * 2

    def test_takes_the_words_that_ask_for_it_as_evidence(self, pay: Product) -> None:
        said = FeedbackFactory.create_batch(2)
        row = open_one(pay, feedback_ids=[said[1].pk, said[0].pk, said[1].pk])

        linked = row.evidence.order_by("pk").select_related("feedback")
        assert [each.excerpt for each in linked] == [said[1].verbatim, said[0].verbatim]
        assert events.kinds() == ["request.opened", "evidence.linked", "evidence.linked"]

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"title": ""}, ValidationError),
            ({"title": "x" * 201}, ValidationError),
            ({"problem": ""}, ValidationError),
            ({"title": "\x00"}, errors.UnstorableText),
            ({"problem": "\ud800"}, errors.UnstorableText),
            ({"perfect_picture": "\x00"}, errors.UnstorableText),
            ({"feedback_ids": [0]}, errors.Invalid),
        ],
    )
    def test_refuses_and_keeps_nothing(
        self, pay: Product, facts: dict[str, Any], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            open_one(pay, **facts)
        pay.refresh_from_db()
        assert (CustomerRequest.objects.count(), events.kinds(), pay.next_number) == (0, [], 1)

    def test_costs_the_same_on_a_long_board_with_much_feedback(
        self, pay: Product, mina: User, queries: SameQueries
    ) -> None:
        said = [feedback.pk for feedback in FeedbackFactory.create_batch(21)]
        with queries() as few:
            open_one(pay, by=mina, feedback_ids=said[:1])
        for _more in range(20):
            open_one(pay)
        with queries() as many:
            open_one(pay, by=mina, feedback_ids=said[1:])
        assert len(many) == len(few) <= 14


class TestEditRequest:
    def test_changes_words_and_what_search_finds(self, mina: User) -> None:
        row = RequestFactory.create()

        requests.edit_request(
            request_id=row.pk, version=1, title="ONE TAP", owner=mina, by=mina, at=NOON
        )

        row.refresh_from_db()
        assert (row.title, row.owner, row.version) == ("ONE TAP", mina, 2)
        assert row.search_text.startswith("one tap\n")
        assert events.last().data == {"changed": ["owner", "title"], "owner_was": None}

    def test_records_nothing_when_nothing_changes(self, mina: User) -> None:
        row = RequestFactory.create(title="One tap")
        requests.edit_request(request_id=row.pk, title="One tap", by=mina, at=NOON)
        row.refresh_from_db()
        assert (row.version, events.kinds()) == (1, [])

    def test_refuses_when_somebody_edited_meanwhile(self, mina: User) -> None:
        row = RequestFactory.create(version=3, title="One tap")
        with pytest.raises(errors.VersionConflict, match=row.key) as refused:
            requests.edit_request(request_id=row.pk, version=2, title="Two", by=mina, at=NOON)
        row.refresh_from_db()
        assert (refused.value.details, row.title) == ({"version": 3}, "One tap")

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [({"title": ""}, ValidationError), ({"root_cause": "\x00"}, errors.UnstorableText)],
    )
    def test_refuses_what_is_not_valid(
        self, mina: User, changes: dict[str, Any], refusal: type[Exception]
    ) -> None:
        row = RequestFactory.create()
        with pytest.raises(refusal):
            requests.edit_request(request_id=row.pk, by=mina, at=NOON, **changes)
        row.refresh_from_db()
        assert (row.version, events.kinds()) == (1, [])


class TestSetDepartmentStep:
    def test_is_set_replaced_and_taken_back(self, mina: User) -> None:
        row, sales = RequestFactory.create(), DepartmentFactory.create()
        seen = []
        for step in ("Ask ten shops.", "Ask ten shops.", "Ask twenty.", "  ", ""):
            requests.set_department_step(
                request_id=row.pk, department_id=sales.pk, step=step, by=mina, at=NOON
            )
            seen.append(list(DepartmentStep.objects.values_list("step", flat=True)))

        assert seen == [["Ask ten shops."], ["Ask ten shops."], ["Ask twenty."], [], []]
        assert events.kinds() == ["request.step_set"] * 3
        assert (events.last().request, events.last().data) == (row, {"department": sales.pk})

    def test_refuses_what_cannot_be_stored(self, mina: User) -> None:
        row, sales = RequestFactory.create(), DepartmentFactory.create()
        with pytest.raises(errors.UnstorableText):
            requests.set_department_step(
                request_id=row.pk, department_id=sales.pk, step="\x00", by=mina, at=NOON
            )


def change(row: CustomerRequest, **how: Any) -> CustomerRequest:
    requests.change_status(request_id=row.pk, **{"by": None, "at": LATER} | how)
    row.refresh_from_db()
    return row


class TestChangeStatus:
    def test_moves_the_request_and_says_why(self, mina: User) -> None:
        row = change(
            RequestFactory.create(status="under_review"),
            status="deferred",
            cause="decision",
            review_on=JUNE,
            by=mina,
        )

        assert (row.status, row.status_changed_at, row.review_on) == ("deferred", LATER, JUNE)
        assert row.version == 2
        event = events.last()
        assert (event.kind, event.actor) == ("request.status_changed", mina)
        assert event.data == {"from": "under_review", "to": "deferred", "cause": "decision"}

    def test_changes_nothing_where_it_is(self, db: None) -> None:
        row = change(
            RequestFactory.create(status="deferred", review_on=JUNE),
            status="deferred",
            cause="decision",
        )
        assert (row.review_on, row.version, events.kinds()) == (JUNE, 1, [])

    def test_can_put_off_the_review(self, db: None) -> None:
        row = change(
            RequestFactory.create(status="deferred", review_on=MAY),
            status="deferred",
            cause="decision",
            review_on=JUNE,
        )
        assert (row.review_on, row.version, row.status_changed_at) == (JUNE, 2, NOON)
        assert events.kinds() == ["request.status_changed"]

    def test_forgets_the_review_of_a_status_that_is_over(self, db: None) -> None:
        row = change(
            RequestFactory.create(status="deferred", review_on=MAY),
            status="approved",
            cause="decision",
        )
        assert row.review_on is None

    @pytest.mark.parametrize("status", ["verified", "merged", "asleep"])
    def test_refuses_a_way_that_does_not_exist(self, db: None, status: str) -> None:
        row = RequestFactory.create(status="under_review")
        with pytest.raises(errors.IllegalTransition, match=row.key) as refused:
            change(row, status=status, cause="decision")
        row.refresh_from_db()
        assert (row.status, refused.value.details) == ("under_review", {"status": "under_review"})


class TestOverrideStatus:
    def test_moves_a_request_by_hand_with_a_reason(self, mina: User) -> None:
        row = RequestFactory.create(status="declined")
        requests.override_status(
            request_id=row.pk, status="approved", reason="The law changed.", by=mina, at=LATER
        )
        row.refresh_from_db()
        event = events.last()
        assert (row.status, event.reason) == ("approved", "The law changed.")
        assert event.data["cause"] == "override"

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_refuses_without_a_reason(self, mina: User, reason: str) -> None:
        row = RequestFactory.create()
        with pytest.raises(errors.ReasonRequired):
            requests.override_status(
                request_id=row.pk, status="approved", reason=reason, by=mina, at=NOON
            )

    def test_cannot_wake_a_merged_request(self, mina: User) -> None:
        row = RequestFactory.create(status="merged", merged_into=RequestFactory.create(), rank=None)
        with pytest.raises(errors.IllegalTransition):
            requests.override_status(
                request_id=row.pk, status="new", reason="Again.", by=mina, at=NOON
            )
