"""Who moves takes none of their past with them; what was wrong from the start is put right."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog import errors
from backlog.models import (
    Account,
    Affiliation,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Obligation,
    Source,
    User,
)
from backlog.operations import affiliations, customers, feedback, import_runs, obligations_in_bulk
from backlog.operations.customers_in_bulk import CustomerIdentifier
from backlog.operations.feedback import FeedbackData
from backlog.queries import loop_metrics
from council.pages import request_panels
from council.queries import snapshots
from tests import examples
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
EARLIER = TODAY - timedelta(days=100)


@pytest.fixture
def bank() -> Account:
    return make.AccountFactory.create(name="Bank", segment="Finance", annual_revenue=1_000)


@pytest.fixture
def shop() -> Account:
    return make.AccountFactory.create(name="Shop", segment="Retail", annual_revenue=30)


@pytest.fixture
def kim(bank: Account) -> Customer:
    return make.CustomerFactory.create(account=bank)


def move(customer: Customer, account: Account, **said: Any) -> Customer:
    return affiliations.start_affiliation(
        customer_id=customer.pk, account=account, **{"by": None, "at": NOON} | said
    )


def say(customer: Customer, said_at: datetime = NOON, words: str = "Too slow.") -> Feedback:
    source = Source.objects.first() or make.SourceFactory.create()
    incoming = FeedbackData(verbatim=words, customer=customer, said_at=said_at)
    return feedback.receive_feedback(source=source, incoming=incoming, by=None, at=NOON)[0]


def spans(customer: Customer) -> list[tuple[int, date | None, date | None]]:
    rows = customer.affiliations.order_by("pk")
    return list(rows.values_list("account", "starts_on", "ends_on"))


class TestStartAffiliation:
    def test_ends_the_one_before_and_keeps_which_one_is_theirs(
        self, kim: Customer, bank: Account, shop: Account, mina: User
    ) -> None:
        moved = move(kim, shop, starts_on=EARLIER, by=mina)

        assert spans(kim) == [(bank.pk, None, EARLIER), (shop.pk, EARLIER, None)]
        assert moved.account == shop
        assert events.facts(events.last()) == {
            "kind": "affiliation.started",
            "by": mina,
            "at": NOON,
            "data": {"account": shop.pk, "starts_on": EARLIER.isoformat()},
        }

    def test_beside_another_the_first_stays_theirs(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        moved = move(kim, shop, is_beside=True)

        assert spans(kim) == [(bank.pk, None, None), (shop.pk, TODAY, None)]
        assert moved.account == bank
        assert say(kim).account == bank

    def test_twice_changes_nothing(self, kim: Customer, shop: Account) -> None:
        once = move(kim, shop)
        twice = move(kim, shop)

        assert (twice.version, len(spans(kim))) == (once.version, 2)
        assert events.kinds() == ["affiliation.ended", "affiliation.started"]

    def test_on_a_day_to_come_is_refused(self, kim: Customer, shop: Account) -> None:
        with pytest.raises(errors.Invalid) as refused:
            move(kim, shop, starts_on=TODAY + timedelta(days=1))
        assert (refused.value.field, refused.value.code) == ("starts_on", "in_the_future")

    def test_of_somebody_forgotten_is_refused(self, shop: Account) -> None:
        gone = make.CustomerFactory.create(name="", erased_at=NOON)
        with pytest.raises(errors.ErasedOnRequest):
            move(gone, shop)

    def test_makes_no_score_stale(self, kim: Customer, shop: Account) -> None:
        evidence = make.EvidenceFactory.create(feedback__customer=kim)

        move(kim, shop)

        evidence.request.refresh_from_db()
        assert not evidence.request.is_score_stale


class TestEndAffiliation:
    def test_leaves_them_with_the_next_or_with_none(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        move(kim, shop, is_beside=True)
        first, second = kim.affiliations.order_by("pk")

        left = affiliations.end_affiliation(affiliation_id=first.pk, by=None, at=NOON)
        assert left.account == shop
        left = affiliations.end_affiliation(affiliation_id=second.pk, by=None, at=NOON)
        assert left.account is None
        again = affiliations.end_affiliation(affiliation_id=second.pk, by=None, at=NOON)
        assert again.version == left.version
        assert events.kinds()[-2:] == ["affiliation.ended"] * 2


class TestSettleAccount:
    def test_with_none_ends_all(self, kim: Customer, shop: Account) -> None:
        move(kim, shop, is_beside=True)

        settled = affiliations.settle_account(customer_id=kim.pk, account=None, by=None, at=NOON)

        assert settled.account is None
        assert not kim.affiliations.current().exists()


class TestCorrectAffiliation:
    def correct(self, customer: Customer, **said: Any) -> Customer:
        row = customer.affiliations.order_by("pk")[0]
        facts: dict[str, Any] = {"reason": "A typing slip", "by": None, "at": NOON}
        return affiliations.correct_affiliation(affiliation_id=row.pk, **facts | said)

    def test_gives_past_words_the_account_that_they_should_have_had(
        self, kim: Customer, bank: Account, shop: Account, mina: User
    ) -> None:
        words = say(kim)
        request = make.EvidenceFactory.create(feedback=words).request
        owed = make.ObligationFactory.create(request=request, customer=kim)
        receipt = make.ObligationFactory.create(request=None, feedback=words, customer=kim)

        corrected = self.correct(kim, account=shop, by=mina)

        for row in (words, owed, receipt, request):
            row.refresh_from_db()
        assert {words.account, owed.account, receipt.account, corrected.account} == {shop}
        assert request.is_score_stale
        event = events.last()
        assert (event.kind, event.reason) == ("affiliation.corrected", "A typing slip")
        assert {**event.data, "affiliation": 0} == {
            "affiliation": 0,
            "was": bank.pk,
            "account": shop.pk,
            "words": 1,
        }

    def test_of_its_days_moves_only_what_was_said_on_them(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        long_ago, lately = (say(kim, NOON - timedelta(days=days)) for days in (200, 50))
        move(kim, shop)
        first, second = kim.affiliations.order_by("pk")

        days: list[tuple[Affiliation, dict[str, Any]]] = [
            (first, {"ends_on": EARLIER}),
            (second, {"starts_on": EARLIER}),
        ]
        for row, day in days:
            affiliations.correct_affiliation(
                affiliation_id=row.pk, reason="It was in spring", by=None, at=NOON, **day
            )

        for words in (long_ago, lately):
            words.refresh_from_db()
        assert (long_ago.account, lately.account) == (bank, shop)

    def test_to_none_takes_it_away(self, kim: Customer) -> None:
        words = say(kim)

        corrected = self.correct(kim, account=None)

        words.refresh_from_db()
        assert (spans(kim), words.account, corrected.account) == ([], None, None)

    def test_of_nothing_changes_nothing(self, kim: Customer, bank: Account) -> None:
        assert self.correct(kim, account=bank, starts_on=None).version == kim.version
        assert events.kinds() == []

    def test_says_why(self, kim: Customer, shop: Account) -> None:
        with pytest.raises(errors.ReasonRequired):
            self.correct(kim, account=shop, reason=" ")

    @pytest.mark.parametrize(
        "day", [{"starts_on": TODAY + timedelta(days=1)}, {"ends_on": TODAY + timedelta(days=1)}]
    )
    def test_to_a_day_to_come_is_refused(self, kim: Customer, day: dict[str, date]) -> None:
        with pytest.raises(errors.Invalid):
            self.correct(kim, **day)


class TestTheAccountOfWords:
    """One, many at once, or from a file: each piece keeps the account of when it was said."""

    def test_is_that_of_the_day_on_which_they_were_said(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        move(kim, shop, starts_on=EARLIER)

        assert say(kim, NOON - timedelta(days=101)).account == bank
        assert say(kim, NOON - timedelta(days=100)).account == shop

    def test_goes_by_the_day_of_the_installation(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        """Seoul is nine hours ahead: it is the third there while UTC still has the second."""
        move(kim, shop, starts_on=date(2026, 2, 3))

        assert say(kim, datetime(2026, 2, 2, 14, 59, tzinfo=UTC)).account == bank
        assert say(kim, datetime(2026, 2, 2, 15, 1, tzinfo=UTC)).account == shop

    def test_is_the_same_whichever_way_they_came(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        source = make.SourceFactory.create()
        make.ContactPointFactory.create(customer=kim, address="kim@example.com")
        move(kim, shop, starts_on=EARLIER)
        known = CustomerIdentifier(email="kim@example.com")
        moments = (NOON - timedelta(days=300), NOON)
        messages = [
            (source, FeedbackData(verbatim=f"Slow {at}", identifier=known, said_at=at))
            for at in moments
        ]
        for message in messages:
            feedback.receive_feedback(source=source, incoming=message[1], by=None, at=NOON)
        again = [
            (source, FeedbackData(verbatim="X", identifier=known, said_at=at)) for at in moments
        ]
        feedback.receive_many(messages=again, by=None, at=NOON)
        run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)
        rows = [
            make_said(2 + place, said_at=at, email="kim@example.com")
            for place, at in enumerate(moments)
        ]
        manner = import_runs.Manner(language="en")
        list(import_runs.store_rows(run_id=run.pk, rows=rows, manner=manner, by=None, at=NOON))

        accounts = Feedback.objects.order_by("pk").values_list("account", flat=True)
        assert list(accounts) == [bank.pk, shop.pk] * 3

    def test_of_somebody_new_is_the_one_named_with_them(self, bank: Account) -> None:
        customer = customers.add_customer(name="Lee", account=bank, by=None, at=NOON)

        assert say(customer, NOON - timedelta(days=900)).account == bank

    def test_of_what_is_owed_is_that_of_the_latest_words(
        self, kim: Customer, bank: Account, shop: Account
    ) -> None:
        first = make.EvidenceFactory.create(feedback=say(kim, NOON - timedelta(days=300)))
        move(kim, shop, starts_on=EARLIER)
        request = first.request
        event = make.EventFactory.create(request=request)
        obligations_in_bulk.create_obligations(event=event, request=request, by=None, at=NOON)
        make.EvidenceFactory.create(request=request, counts_for=request, feedback=say(kim))
        later = make.EventFactory.create(request=request)
        obligations_in_bulk.create_obligations(event=later, request=request, by=None, at=NOON)

        accounts = Obligation.objects.order_by("pk").values_list("account", flat=True)
        assert list(accounts) == [bank.pk, shop.pk]


def make_said(line: int, **facts: Any) -> Any:
    from tests.backlog.operations.test_import_runs import said

    return said(line, words=f"Words {line}", **facts)


def shares(request: CustomerRequest) -> dict[str, Any]:
    """Every figure that says who asked, and for whom."""
    row: Any = CustomerRequest.objects.with_askers().get(pk=request.pk)
    return {
        "askers": (row.customers, row.accounts, row.revenue, row.currency, row.is_score_stale),
        "asking": request_panels.asking(row),
        "frozen": snapshots.take(row),
        "words": list(Feedback.objects.order_by("pk").values_list("account", flat=True)),
        "evidence": list(Evidence.objects.values_list(Evidence.ACCOUNT).order_by("pk")),
        "segments": loop_metrics.metrics(Obligation.objects.all(), at=NOON).segments,
        "loop": list(Obligation.objects.order_by("pk").values_list("account", flat=True)),
    }


PEOPLE, ACCOUNTS = 3, 3
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["move", "beside", "leave", "edit"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, ACCOUNTS - 1),
        st.integers(0, 400),
    ),
    max_size=8,
)


@settings(max_examples=examples.WITH_DATABASE)
@given(moves=MOVES)
def test_who_changes_jobs_changes_no_past_share_score_or_explanation(moves: Any) -> None:
    accounts = [
        make.AccountFactory.create(annual_revenue=10**place, segment=f"S{place}")
        for place in range(ACCOUNTS)
    ]
    people = [make.CustomerFactory.create(account=account) for account in accounts]
    request = make.RequestFactory.create()
    for person in people:
        make.EvidenceFactory.create(request=request, counts_for=request, feedback=say(person))
        make.ObligationFactory.create(
            request=request, event__request=request, customer=person, released_at=NOON
        )
    before = shares(request)

    for how, person, account, days in moves:
        day = TODAY - timedelta(days=days)
        go(people[person], accounts[account], how, day)
        known = Customer.objects.get(pk=people[person].pk)
        assert say(known, words=f"{Event.objects.count()}").account == known.account
        Feedback.objects.order_by("-pk")[0].delete()

    assert shares(request) == before


def go(customer: Customer, account: Account, how: str, day: date) -> None:
    match how:
        case "move" | "beside":
            move(customer, account, starts_on=day, is_beside=how == "beside")
        case "leave":
            for row in customer.affiliations.filter(account=account):
                affiliations.end_affiliation(affiliation_id=row.pk, ends_on=day, by=None, at=NOON)
        case "edit":
            customers.edit_customer(customer_id=customer.pk, account=account, by=None, at=NOON)
