"""Importing rows: each stored once, or reported, with the people who said it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError

from backlog import errors
from backlog.intake.problems import BadRow
from backlog.intake.rows import Said
from backlog.models import (
    Account,
    Consent,
    ContactPoint,
    Customer,
    Event,
    Feedback,
    Identity,
    ImportRun,
    Obligation,
    Reading,
    Source,
    User,
)
from backlog.operations import feedback, import_runs
from tests.at_once import at_once
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    ConsentFactory,
    ContactPointFactory,
    CustomerFactory,
    ProductFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def said(line: int = 2, **facts: object) -> Said:
    defaults = {
        "words": f"Paying fails, {line}",
        "author": "",
        "author_name": "",
        "account": "",
        "external_id": "",
        "said_at": None,
        "rating": None,
        "cells": {"text": f"Paying fails, {line}"},
    }
    return Said(line=line, **(defaults | facts))  # type: ignore[arg-type]


@pytest.fixture
def run() -> ImportRun:
    source = SourceFactory.create(key="survey", language="en", product=ProductFactory.create())
    return import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)


def store(run: ImportRun, *rows: Said | BadRow, size: int = 1_000) -> list[tuple[int, str]]:
    manner = import_runs.Manner(language="en", rating_kind="nps", batch_size=size)
    reported = import_runs.store_rows(run_id=run.pk, rows=rows, manner=manner, by=None, at=NOON)
    return [(row.line, row.code) for row in reported]


class TestStoreRows:
    def test_keeps_the_words_and_what_is_known_of_them(self, run: ImportRun) -> None:
        then = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)
        cells = {"text": " 결제가 안 돼요  ", "who": "u1"}

        store(
            run,
            said(
                words=" 결제가 안 돼요  ",
                external_id="r-1",
                author="u1",
                said_at=then,
                rating=Decimal(7),
                cells=cells,
            ),
        )

        stored = Feedback.objects.get()
        assert stored.verbatim == " 결제가 안 돼요  "
        assert stored.payload == cells
        assert (stored.said_at, stored.received_at) == (then, NOON)
        assert (stored.source, stored.product) == (run.source, run.source.product)
        assert (stored.external_id, stored.language, stored.import_run) == ("r-1", "en", run)
        assert stored.relation == "customer"
        assert len(stored.salt) == 32
        reading = Reading.objects.get()
        assert (reading.feedback, reading.kind, reading.value) == (stored, "nps", Decimal(7))

    def test_is_said_now_if_the_file_does_not_say_when(self, run: ImportRun) -> None:
        store(run, said())

        assert Feedback.objects.get().said_at == NOON

    def test_accounts_for_every_row(self, run: ImportRun) -> None:
        first = said(2, external_id="7")
        reported = store(run, first, BadRow(3, "no_words"), said(4), first._replace(line=5))

        assert reported == [(3, "no_words"), (5, "already_known")]
        run.refresh_from_db()
        assert (run.rows_read, run.rows_stored, run.rows_known, run.rows_refused) == (4, 2, 1, 1)

    def test_acknowledges_nothing_whatever_its_source_does(self, run: ImportRun) -> None:
        type(run.source).objects.update(acknowledges=True)

        store(run, said(author="mira@example.org"))

        assert not Obligation.objects.exists()

    def test_stores_nothing_the_second_time(self, run: ImportRun) -> None:
        rows = [
            said(2, author="a@example.com"),
            said(3, external_id="x"),
            said(4, rating=Decimal(3)),
        ]
        store(run, *rows)
        before = [it.objects.count() for it in (Feedback, Customer, Consent, Reading)]

        assert store(run, *rows, size=2) == [(line, "already_known") for line in (2, 3, 4)]

        assert [it.objects.count() for it in (Feedback, Customer, Consent, Reading)] == before

    def test_takes_the_same_words_of_others_at_other_times_for_new(self, run: ImportRun) -> None:
        same = {"words": "good"}
        rows = [
            said(2, **same),
            said(3, **same, author="a"),
            said(4, **same, author="b"),
            said(5, **same, author="b", said_at=NOON),
            said(6, **same, author="b", rating=Decimal(1)),
            said(7, **same, external_id="1"),
            said(8, **same, author="b", email="b@example.com"),
            said(9, **same, author="b", account="Acme"),
        ]

        # Of one file each, for in one they would differ by how often they stand there.
        assert [store(run, row) for row in rows] == [[]] * len(rows)

    def test_knows_what_came_by_another_way_under_the_same_number(self, run: ImportRun) -> None:
        incoming = feedback.FeedbackData(verbatim="Paying fails, 2", external_id="42")
        feedback.receive_feedback(source=run.source, incoming=incoming, by=None, at=NOON)

        assert store(run, said(2, external_id="42")) == [(2, "already_known")]

    def test_keeps_sources_apart(self, run: ImportRun) -> None:
        other = import_runs.start_import(
            source=SourceFactory.create(), file_name="b.csv", by=None, at=NOON
        )
        store(run, said(external_id="42", author="u1"))

        assert store(other, said(external_id="42", author="u1")) == []
        assert Customer.objects.count() == 2

    def test_records_one_event_for_each_batch(self, run: ImportRun) -> None:
        store(run, *(said(line) for line in range(2, 7)), size=2)
        store(run, *(said(line) for line in range(2, 7)))

        events = Event.objects.filter(kind="feedback.imported").order_by("pk")
        assert [event.data["stored"] for event in events] == [2, 2, 1]
        assert {event.subject_id for event in events} == {run.pk}

    def test_leaves_nothing_half_stored_when_a_row_is_impossible(self, run: ImportRun) -> None:
        off_scale = said(5, author="b@example.com", rating=Decimal(99))

        with pytest.raises(IntegrityError, match="on_its_scale"):
            store(run, said(2), said(3), said(4), off_scale, size=3)

        run.refresh_from_db()
        assert (run.rows_read, run.rows_stored) == (3, 3)
        assert Feedback.objects.count() == 3
        assert not Customer.objects.exists()

    def test_costs_the_same_queries_for_some_rows_and_for_many(
        self, run: ImportRun, queries: SameQueries
    ) -> None:
        def row(line: int) -> Said:
            who = f"u{line}@example.com" if line % 2 else f"u{line}"
            return said(line, author=who, account=f"A{line}", rating=Decimal(5))

        with queries() as few:
            store(run, *(row(line) for line in range(2, 24)))  # Of each more than INSERT takes.
        with queries() as many:
            store(run, *(row(line) for line in range(24, 54)))

        assert Feedback.objects.count() == 52
        assert len(many) == len(few)


class TestAuthors:
    def test_become_customers_with_an_address_and_consent_to_be_answered(
        self, run: ImportRun
    ) -> None:
        store(run, said(2, author="kim@example.com", author_name="김민지", account="Hanbit"))

        customer = Customer.objects.get()
        stored = Feedback.objects.get()
        assert stored.customer == customer
        assert (customer.name, customer.language, customer.account) == (
            "김민지",
            "en",
            Account.objects.get(name="Hanbit"),
        )
        assert len(customer.token) == 16
        point = customer.contact_points.get()
        assert (point.channel, point.address, point.state) == ("email", "kim@example.com", "usable")
        consent = customer.consents.get()
        assert (consent.purpose, consent.basis, consent.given_at) == ("loop", "own_request", NOON)
        assert consent.proof == {"feedback": stored.pk}

    def test_without_an_address_have_the_name_their_source_gives_them(self, run: ImportRun) -> None:
        store(run, said(2, author="user-7"), said(3, author="@kim"))

        assert list(Identity.objects.order_by("pk").values_list("external_id", "source__key")) == [
            ("user-7", "survey"),
            ("@kim", "survey"),
        ]
        assert not ContactPoint.objects.exists()

    def test_are_nobody_if_blank(self, run: ImportRun) -> None:
        store(run, said(2, author_name="Somebody"))

        assert Feedback.objects.get().customer is None
        assert not Customer.objects.exists()

    def test_are_one_person_however_often_they_write(self, run: ImportRun) -> None:
        store(run, said(2, author="a"), said(3, author="a"), said(4, author="a"), size=2)

        assert Customer.objects.get().feedback.count() == 3
        assert Consent.objects.count() == 1

    def test_who_are_known_are_found_again(self, run: ImportRun) -> None:
        by_address = ContactPointFactory.create(address="kim@example.com").customer
        by_name = CustomerFactory.create()
        Identity.objects.create(customer=by_name, source=run.source, external_id="user-7")
        merged = CustomerFactory.create(merged_into=by_name)
        Identity.objects.create(customer=merged, source=run.source, external_id="user-8")

        store(run, said(2, author="kim@example.com"), said(3, author="user-7"))
        store(run, said(4, author="user-8"))

        found = Feedback.objects.order_by("pk").values_list("customer", flat=True)
        assert list(found) == [by_address.pk, by_name.pk, by_name.pk]
        assert Customer.objects.count() == 3

    def test_who_withdrew_their_consent_are_not_taken_to_give_it_again(
        self, run: ImportRun
    ) -> None:
        customer = ContactPointFactory.create(address="kim@example.com").customer
        ConsentFactory.create(customer=customer, withdrawn_at=NOON + timedelta(days=1))

        store(run, said(2, author="kim@example.com"))

        assert not Consent.objects.live().exists()

    def test_of_a_known_account_join_it(self, run: ImportRun) -> None:
        oldest = AccountFactory.create(name="Hanbit")
        AccountFactory.create(name="Hanbit")

        store(run, said(2, author="a", account="Hanbit"), said(3, author="b", account="Haneul"))

        accounts = Customer.objects.order_by("pk").values_list("account__name", "account")
        assert next(iter(accounts)) == ("Hanbit", oldest.pk)
        assert Account.objects.count() == 3


class TestStartImport:
    def test_opens_the_books(self, mina: User) -> None:
        source = SourceFactory.create()

        run = import_runs.start_import(source=source, file_name="x" * 300, by=mina, at=NOON)

        assert (run.status, run.started_by, run.started_at) == ("running", mina, NOON)
        assert len(run.file_name) == 255
        assert Event.objects.get(kind="import.started").actor == mina

    def test_refuses_a_source_that_is_switched_off(self) -> None:
        with pytest.raises(errors.SourceClosed):
            import_runs.start_import(
                source=SourceFactory.create(is_active=False), file_name="a", by=None, at=NOON
            )


class TestFinishImport:
    def test_closes_the_books_once(self, run: ImportRun) -> None:
        later = NOON + timedelta(minutes=1)
        import_runs.finish_import(run_id=run.pk, status="finished", by=None, at=later)
        import_runs.finish_import(
            run_id=run.pk, status="failed", by=None, at=later + timedelta(days=1)
        )

        run.refresh_from_db()
        assert (run.status, run.finished_at) == ("finished", later)
        assert Event.objects.filter(kind__startswith="import.").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestRaces:
    ROWS = [
        said(line, external_id=str(line), author=f"u{line % 7}@example.com") for line in range(200)
    ]

    def _import(self, source: Source) -> None:
        run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)
        store(run, *self.ROWS, size=20)

    def test_two_imports_of_one_file_store_each_row_once(self) -> None:
        source = SourceFactory.create()

        failures = at_once([lambda: self._import(source)] * 2)

        assert failures == []
        assert Feedback.objects.count() == 200
        assert Customer.objects.count() == 7
        assert sum(ImportRun.objects.values_list("rows_stored", flat=True)) == 200

    def test_books_that_two_close_at_once_are_closed_by_one(self) -> None:
        """The import ends while it is taken for abandoned."""
        for _round in range(5):
            run = import_runs.start_import(
                source=SourceFactory.create(), file_name="a.csv", by=None, at=NOON
            )

            failures = at_once(
                partial(import_runs.finish_import, run_id=run.pk, status=it, by=None, at=NOON)
                for it in ("finished", "failed")
            )

            assert failures == []
            run.refresh_from_db()
            closed = Event.objects.filter(subject_id=run.pk, kind__startswith="import.f")
            assert closed.values_list("kind", flat=True).get() == f"import.{run.status}"

    def test_an_import_and_single_messages_store_each_row_once(self) -> None:
        source = SourceFactory.create()

        def receive() -> None:
            for row in self.ROWS:
                incoming = feedback.FeedbackData(verbatim=row.words, external_id=row.external_id)
                feedback.receive_feedback(source=source, incoming=incoming, by=None, at=NOON)

        failures = at_once([lambda: self._import(source), receive])

        assert failures == []
        assert Feedback.objects.count() == 200


class TestRowsThatTheColumnsCannotHold:
    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"said_at": NOON + timedelta(hours=9)}, "date_in_the_future"),
            ({"said_at": datetime(2099, 1, 1, tzinfo=UTC)}, "date_in_the_future"),
            ({"said_at": datetime(1970, 1, 1, tzinfo=UTC)}, "date_too_early"),
            ({"words": "가" * 100_001}, "words_too_long"),
            ({"cells": {"text": "가" * 500_001}}, "row_too_large"),
        ],
    )
    def test_are_reported_and_hold_up_no_other(
        self, run: ImportRun, facts: dict[str, object], code: str
    ) -> None:
        manner = import_runs.Manner(language="en", rating_kind="stars")
        batch = [said(2), said(3, **facts), said(4)]

        [reported] = import_runs.store_rows(
            run_id=run.pk, rows=batch, manner=manner, by=None, at=NOON
        )

        assert (reported.line, reported.code) == (3, code)
        assert reported.message
        assert Feedback.objects.count() == 2
        run.refresh_from_db()
        assert (run.rows_read, run.rows_stored, run.rows_refused) == (3, 2, 1)

    def test_are_not_those_of_a_clock_that_is_a_little_ahead(self, run: ImportRun) -> None:
        manner = import_runs.Manner(language="en", rating_kind="stars")
        batch = [said(2, said_at=NOON + timedelta(minutes=4))]

        assert not list(
            import_runs.store_rows(run_id=run.pk, rows=batch, manner=manner, by=None, at=NOON)
        )
