"""A customer and an account, all around."""

from datetime import timedelta

import pytest
from django.test import Client

from backlog.models import Account, Customer, CustomerRequest, Obligation, User
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    AffiliationFactory,
    ConsentFactory,
    ContactPointFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    ObligationFactory,
    OutcomeFactory,
    ReplyFactory,
    RequestFactory,
)

DAY = timedelta(1)


@pytest.fixture
def pages(mina: User) -> Client:
    return signed_in(mina)


@pytest.fixture
def account(db: None) -> Account:
    return AccountFactory.create(name="Lumen")


@pytest.fixture
def kim(account: Account) -> Customer:
    return CustomerFactory.create(name="Kim", account=account)


def _ask(customer: Customer, words: str, *, day: int = 0) -> CustomerRequest:
    row = RequestFactory.create()
    feedback = FeedbackFactory.create(
        customer=customer,
        account=customer.account,
        verbatim=words,
        said_at=NOON + day * DAY,
        product=row.product,
    )
    EvidenceFactory.create(request=row, feedback=feedback, start=0, end=len(words))
    return row


def _tell(
    customer: Customer, row: CustomerRequest, *, day: int, status: str = "told"
) -> Obligation:
    return ObligationFactory.create(
        customer=customer,
        account=customer.account,
        event__request=row,
        outcome=OutcomeFactory.create(commitment__request=row),
        status=status,
        settled_at=NOON + day * DAY,
    )


class TestCustomer:
    def test_tells_what_became_of_each_of_their_words(self, pages: Client, kim: Customer) -> None:
        told, silent = _ask(kim, "Pay faster"), _ask(kim, "Print labels", day=1)
        owed = _tell(kim, told, day=2, status="disputed")
        answer = FeedbackFactory.create(customer=kim, verbatim="Still slow", said_at=NOON + 3 * DAY)
        ReplyFactory.create(obligation=owed, verdict="no", feedback=answer)

        response = pages.get(f"/customers/{kim.pk}/")

        last, second, first = response.context["said"]
        assert last.answers == told
        assert [(each.request, each.is_silent) for each in second.asked] == [(silent, True)]
        assert [(each.request, each.is_silent) for each in first.asked] == [(told, False)]
        assert [entry.answer.verdict for entry in first.asked[0].entries if entry.answer] == ["no"]
        page = response.content.decode()
        for words in ("Pay faster", "Print labels", "Still slow", "Silence", told.key, "Lumen"):
            assert words in page

    def test_calls_silence_what_was_told_only_before(self, pages: Client, kim: Customer) -> None:
        row = _ask(kim, "Pay faster", day=5)
        _tell(kim, row, day=2)

        [said] = pages.get(f"/customers/{kim.pk}/").context["said"]

        assert (said.asked[0].entries, said.asked[0].is_silent) == ([], True)

    def test_shows_how_they_are_reached_and_what_they_agreed_to(
        self, pages: Client, kim: Customer
    ) -> None:
        before = pages.get(f"/customers/{kim.pk}/").content.decode()
        ContactPointFactory.create(customer=kim, address="kim@example.org")
        ConsentFactory.create(customer=kim)
        after = pages.get(f"/customers/{kim.pk}/").content.decode()

        assert "They cannot be written to:" in before
        assert "kim@example.org" in after
        assert "hear what became of their own words" in after

    def test_counts_what_was_merged_into_them(self, pages: Client, kim: Customer) -> None:
        other = CustomerFactory.create(name="Kim again", merged_into=kim)
        row = _ask(other, "Pay faster")
        _tell(kim, row, day=2)

        [said] = pages.get(f"/customers/{kim.pk}/").context["said"]

        assert len(said.asked[0].entries) == 1

    def test_speaks_for_an_account_once_that_two_of_their_records_name(
        self, pages: Client, kim: Customer
    ) -> None:
        one = AccountFactory.create()
        for record in (kim, CustomerFactory.create(merged_into=kim)):
            AffiliationFactory.create(customer=record, account=one)

        shown = pages.get(f"/customers/{kim.pk}/").context["affiliations"]

        assert [each.account_id for each in shown].count(one.pk) == 1

    def test_shows_no_words_of_a_closed_product(self, mina: User, kim: Customer) -> None:
        row = _ask(kim, "Secret wish")
        row.product.is_open = False
        row.product.save()

        assert "Secret wish" not in signed_in(mina).get(f"/customers/{kim.pk}/").content.decode()

    @pytest.mark.parametrize("noun", ["customers", "accounts"])
    def test_is_closed_to_who_may_not_see_customers(
        self, omar: User, kim: Customer, account: Account, noun: str
    ) -> None:
        pk = kim.pk if noun == "customers" else account.pk

        assert signed_in(omar).get(f"/{noun}/{pk}/").status_code == 403

    def test_is_read_page_by_page_each_once(self, pages: Client, kim: Customer) -> None:
        for place in range(45):
            FeedbackFactory.create(customer=kim, said_at=NOON + place // 3 * DAY)

        seen, older = [], "?"
        while older:
            context = pages.get(f"/customers/{kim.pk}/{older}").context
            seen += [each.feedback.pk for each in context["said"]]
            older = context["older"]

        assert len(seen) == len(set(seen)) == 45
        assert pages.get(f"/customers/{kim.pk}/?from=nonsense").status_code == 200


class TestAccount:
    def test_says_what_it_asks_for_most_and_who_speaks_for_it(
        self, pages: Client, kim: Customer, account: Account
    ) -> None:
        once = _ask(kim, "Print labels")
        row = _ask(kim, "Pay faster")
        EvidenceFactory.create(
            request=row, feedback=FeedbackFactory.create(account=account, product=row.product)
        )
        _tell(kim, row, day=2)

        context = pages.get(f"/accounts/{account.pk}/").context

        assert [(each.request, each.pieces, each.told) for each in context["requests"]] == [
            (row, 2, 1),
            (once, 1, 0),
        ]
        assert list(context["people"]) == [kim]
        assert {each.feedback.verbatim for each in context["said"]} >= {"Pay faster"}

    def test_keeps_what_was_said_for_it_by_who_left(
        self, pages: Client, kim: Customer, account: Account
    ) -> None:
        _ask(kim, "Pay faster")
        Customer.objects.update(account=AccountFactory.create())

        context = pages.get(f"/accounts/{account.pk}/").context

        assert [each.feedback.verbatim for each in context["said"]] == ["Pay faster"]
        assert list(context["people"]) == []


@pytest.mark.parametrize("noun", ["customers", "accounts"])
def test_both_cost_the_same_for_few_words_and_for_many(
    pages: Client, kim: Customer, account: Account, queries: SameQueries, noun: str
) -> None:
    address = f"/{noun}/{kim.pk if noun == 'customers' else account.pk}/"

    def say(count: int) -> None:
        for _each in range(count):
            owed = _tell(kim, _ask(kim, "Pay faster"), day=1)
            ReplyFactory.create(obligation=owed, feedback=FeedbackFactory.create(customer=kim))
            ContactPointFactory.create(customer=kim)

    say(1)
    pages.get(address)
    with queries() as few:
        pages.get(address)
    say(6)
    with queries() as many:
        pages.get(address)

    assert len(many) == len(few)
