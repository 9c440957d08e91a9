"""A customer's timeline: what they said, and what became of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from backlog.models import Customer, CustomerRequest, User
from backlog.operations import customers, evidence, feedback
from backlog.queries.customer_history import history_of
from tests.conftest import SameQueries
from tests.factories import NOON, backlog

LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def minsu(mina: User) -> Customer:
    return customers.add_customer(name="민수", email="minsu@example.com", by=mina, at=NOON)


def _speak(customer: Customer, words: str, request: CustomerRequest | None = None) -> None:
    said, _is_new = feedback.receive_feedback(
        source=backlog.SourceFactory.create(name="Survey"),
        incoming=feedback.FeedbackData(verbatim=words, customer=customer),
        by=None,
        at=LATER,
    )
    if request is not None:
        evidence.link_evidence(
            request_id=request.pk, feedback_id=said.pk, by=None, at=LATER + timedelta(hours=1)
        )


class TestTimelineOf:
    def test_tells_words_and_events_in_order(self, minsu: Customer, mina: User) -> None:
        request = backlog.RequestFactory.create()
        _speak(minsu, "느려요", request)

        told = [(str(each.title), each.request) for each in history_of(minsu, viewer=mina)]

        assert told == [
            ("Became known to us", None),
            ("Address added", None),
            ("They said", None),
            ("Consent given", None),
            ("Words linked as evidence", request),
        ]

    def test_tells_what_they_heard_and_answered(self, minsu: Customer, mina: User) -> None:
        owed = backlog.ObligationFactory.create(customer=minsu)
        heard = {"request": owed.request, "at": LATER}
        backlog.EventFactory.create(
            kind="customer.told", subject_type="obligation", subject_id=owed.pk, **heard
        )
        reply = backlog.ReplyFactory.create(obligation=owed)
        backlog.EventFactory.create(
            kind="reply.received", subject_type="reply", subject_id=reply.pk, **heard
        )

        kinds = [each.kind for each in history_of(minsu, viewer=mina)]

        assert kinds[-2:] == ["customer.told", "reply.received"]
        assert owed.event.kind in kinds

    def test_is_of_those_merged_into_them_too(self, minsu: Customer, mina: User) -> None:
        other = backlog.CustomerFactory.create(merged_into=minsu)
        _speak(other, "Too slow.")

        assert "Too slow." in [each.words for each in history_of(minsu, viewer=mina)]

    def test_is_of_nobody_else(self, minsu: Customer, mina: User) -> None:
        _speak(backlog.CustomerFactory.create(), "Too slow.", backlog.RequestFactory.create())

        assert len(history_of(minsu, viewer=mina)) == 2

    def test_shows_nothing_of_a_product_the_viewer_may_not_see(
        self, minsu: Customer, mina: User
    ) -> None:
        closed = backlog.ProductFactory.create(is_open=False)
        source = backlog.SourceFactory.create(product=closed)
        incoming = feedback.FeedbackData(verbatim="Secret plans", customer=minsu)
        said, _is_new = feedback.receive_feedback(
            source=source, incoming=incoming, by=None, at=LATER
        )
        request = backlog.RequestFactory.create(product=closed)
        evidence.link_evidence(request_id=request.pk, feedback_id=said.pk, by=None, at=LATER)

        shown = history_of(minsu, viewer=mina)

        assert "Secret plans" not in [each.words for each in shown]
        assert not [each for each in shown if each.request]

    def test_costs_the_same_for_a_long_one(
        self, minsu: Customer, mina: User, queries: SameQueries
    ) -> None:
        for words in ("하나", "둘"):
            _speak(minsu, words, backlog.RequestFactory.create())
        history_of(minsu, viewer=mina)  # Whose roles are read once.
        with queries() as few:
            history_of(minsu, viewer=mina)
        for number in range(10):
            _speak(minsu, str(number), backlog.RequestFactory.create())
        with queries() as many:
            history_of(minsu, viewer=mina)

        assert len(many) == len(few)


class TestApi:
    def test_shows_it(self, api: APIClient, minsu: Customer) -> None:
        _speak(minsu, "느려요", backlog.RequestFactory.create(key="PAY-7"))

        answer = api.get(f"/api/v1/customers/{minsu.pk}/history/")

        assert answer.status_code == 200
        assert [row["words"] for row in answer.data if row["words"]] == ["느려요"]
        assert answer.data[-1]["request"]["key"] == "PAY-7"
