"""Receiving many at once: the same rows as one by one, in a constant number of queries."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from backlog import errors
from backlog.db import bulk
from backlog.models import (
    Consent,
    ContactPoint,
    Customer,
    Event,
    Feedback,
    Identity,
    Reading,
    Source,
    User,
)
from backlog.operations import feedback
from backlog.operations.customers_in_bulk import CustomerIdentifier, NewCustomer
from backlog.operations.feedback import Fault, FeedbackData
from backlog.operations.feedback_in_bulk import Stored
from tests.conftest import SameQueries
from tests.factories import NOON, backlog


@pytest.fixture
def survey(db: None) -> Source:
    return backlog.SourceFactory.create(product=backlog.ProductFactory.create(), language="ko")


Message = tuple[Source, FeedbackData]
Arrive = Callable[..., Message]


@pytest.fixture
def arrival(survey: Source) -> Arrive:
    """A message of the survey: what it says, who said it, what else is known of them."""

    def make(
        words: str = "느려요",
        identifier: CustomerIdentifier | None = None,
        new_customer: NewCustomer | None = None,
        source: Source = survey,
        **more: Any,
    ) -> Message:
        return source, FeedbackData(
            verbatim=words, identifier=identifier, new_customer=new_customer, **more
        )

    return make


def receive(*messages: Message, by: User | None = None) -> list[Stored | Fault]:
    return feedback.receive_many(messages=messages, by=by, at=NOON)


def _content() -> dict[str, list[Any]]:
    """All that was stored, without numbers and random tokens."""
    who = ("customer__name", "customer__language", "customer__time_zone")
    said = [field.name for field in Feedback._meta.fields if field.name not in {"id", "salt"}]
    said.remove("customer")
    columns = {
        Feedback: (*said, *who),
        Reading: ("feedback__verbatim", "kind", "value"),
        Identity: ("source", "external_id", *who),
        ContactPoint: ("address", "state", *who),
        Consent: ("purpose", "basis", "given_at", *who),
        Event: ("kind", "subject_type", "actor", "at", "reason"),
    }
    return {
        model.__name__: sorted(map(repr, model._default_manager.values_list(*names)))
        for model, names in columns.items()
    }


class TestReceiveMany:
    def test_stores_what_receiving_them_singly_stores(self, arrival: Arrive, mina: User) -> None:
        new_customer = NewCustomer(name="민수", language="en")
        known = backlog.CustomerFactory.create(name="지우", language="en")
        other = backlog.SourceFactory.create(language="en")
        messages = [
            arrival("첫째", CustomerIdentifier("u-1", "a@example.com"), new_customer),
            arrival(
                "둘째", CustomerIdentifier("u-1"), NewCustomer(name="다른 이름", language="ko")
            ),
            arrival("셋째", CustomerIdentifier(email="a@example.com"), new_customer, language="ko"),
            arrival("넷째", CustomerIdentifier("u-2", "a@example.com"), new_customer),
            arrival("다섯째", customer=known, readings={"nps": Decimal(9), "csat": Decimal(2)}),
            arrival("여섯째", filed_by=mina, relation="former", journey_stage="use"),
            arrival("일곱째", external_id="7", payload={"q": ["느려요", None]}),
            arrival("일곱째", external_id="7"),
            arrival(
                "Eighth", CustomerIdentifier("u-1"), new_customer, source=other, external_id="7"
            ),
        ]
        for source, incoming in messages:
            feedback.receive_feedback(source=source, incoming=incoming, by=mina, at=NOON)
        singly = _content()
        for model in (Event, Reading, Consent, Feedback, Identity, ContactPoint):
            model._default_manager.all().delete()
        Customer.objects.exclude(pk=known.pk).delete()

        receive(*messages, by=mina)

        assert _content() == singly

    def test_says_of_each_what_became_of_it(self, arrival: Arrive) -> None:
        before, _is_new = feedback.receive_feedback(
            source=arrival()[0],
            incoming=FeedbackData(verbatim="전에", external_id="0"),
            by=None,
            at=NOON,
        )

        results = receive(
            arrival("전에", external_id="0"),
            arrival(external_id="0"),
            arrival(external_id="1"),
            arrival(" "),
            arrival(readings={"csat": Decimal(0)}),
            arrival(journey_stage="nowhere"),
            arrival(source=backlog.SourceFactory.create(is_active=False)),
            arrival(external_id="1"),
        )

        assert results[0] == Stored(before.pk, is_new=False)
        assert results[1] == Stored(before.pk, is_new=False, notes=("other_words",))
        assert isinstance(results[2], Stored)
        assert results[2].is_new
        assert [type(each) for each in results[3:7]] == [
            errors.Invalid,
            errors.Invalid,
            ValidationError,
            errors.SourceClosed,
        ]
        assert results[7] == Stored(results[2].id, is_new=False)
        assert Feedback.objects.count() == 2

    def test_follows_merges(self, arrival: Arrive) -> None:
        survivor = backlog.CustomerFactory.create()
        merged = backlog.CustomerFactory.create(merged_into=survivor)
        backlog.ContactPointFactory.create(customer=merged, address="a@example.com")

        receive(
            arrival(
                identifier=CustomerIdentifier(email="a@example.com"), new_customer=NewCustomer()
            )
        )

        assert Feedback.objects.get().customer == survivor

    def test_asks_the_database_no_more_often_for_more_rows(
        self, arrival: Arrive, queries: SameQueries
    ) -> None:
        def come(many: range) -> list[Message]:
            new_customer = NewCustomer(name="민수", language="ko")
            return [
                arrival(
                    f"느려요 {n}",
                    CustomerIdentifier(f"u-{n}", f"u{n}@example.com"),
                    new_customer,
                    external_id=str(n),
                )
                for n in many
            ]

        with queries() as few:
            receive(*come(range(20)))  # More than go by INSERT on PostgreSQL.
        with queries() as many:
            receive(*come(range(20, 60)))  # SQLite takes up to 49 such rows by one statement.

        assert len(many) == len(few)
        assert Feedback.objects.count() == 60

    def test_stores_the_others_when_one_lost_a_race(
        self, arrival: Arrive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        insert, lost = bulk.insert_numbered, iter([True])

        def beaten(model: Any, rows: Any) -> list[int]:
            if model is Feedback and next(lost, False):
                raise IntegrityError("backlog_feedback_one_per_source_key")
            return insert(model, rows)

        monkeypatch.setattr(bulk, "insert_numbered", beaten)

        results = receive(*(arrival(str(n), external_id=str(n)) for n in range(5)))

        assert [each for each in results if isinstance(each, Stored) and each.is_new] == results
        assert Feedback.objects.count() == 5
        assert Event.objects.filter(kind="feedback.received").count() == 5
