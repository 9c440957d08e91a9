"""What a report counts, and for whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from backlog.models import Customer, Outcome, Product, User
from backlog.statistics.significance import Verdict
from council.queries import reports
from council.queries.reports import Figure, Name
from council.rules.periods import MONTH, Period
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.council import DecisionFactory

PERIOD = Period.around(localdate(NOON), MONTH)
AT = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def of(user: User, name: Name, **more: Any) -> Figure:
    (found,) = reports.report(user, PERIOD, at=AT, **more).of(name)
    return found


def of_segment(segment: str) -> Customer:
    return make.CustomerFactory.create(account=make.AccountFactory.create(segment=segment))


def said(segment: str, *, times: int = 1, **fields: Any) -> None:
    for _ in range(times):
        customer = of_segment(segment)
        make.FeedbackFactory.create(customer=customer, account=customer.account, **fields)


def got(segment: str, *, times: int = 1, outcome: Outcome | None = None, **fields: Any) -> None:
    """An outcome was delivered to a customer of the segment."""
    outcome = outcome or make.OutcomeFactory.create()
    for _ in range(times):
        customer = of_segment(segment)
        make.ObligationFactory.create(
            customer=customer,
            account=customer.account,
            owed_at=NOON,
            outcome=outcome,
            event__request=outcome.request,
            **fields,
        )


class TestCounts:
    def test_are_of_the_period(self, mina: User) -> None:
        said("Food")
        said("Food", received_at=NOON - timedelta(days=40))
        DecisionFactory.create(decided_at=NOON)

        assert of(mina, Name.WORDS).value == 1
        assert of(mina, Name.DECISIONS).value == 1

    def test_know_the_period_before(self, mina: User) -> None:
        said("Food", received_at=NOON - timedelta(days=NOON.day + 1))

        assert (of(mina, Name.WORDS).value, of(mina, Name.WORDS).before) == (0, 1)

    def test_leave_out_closed_products(self, omar: User) -> None:
        closed = make.ProductFactory.create(is_open=False)
        said("Food", product=closed)
        make.RequestFactory.create(product=closed, opened_at=NOON)

        assert of(omar, Name.WORDS).value == 0
        assert of(omar, Name.REQUESTS).value == 0

    def test_are_of_one_product_where_it_is_chosen(self, mina: User) -> None:
        pay = make.ProductFactory.create()
        said("Food", product=pay)
        said("Food")

        chosen = Product.objects.filter(pk=pay.pk)

        assert of(mina, Name.WORDS, products=chosen).value == 1

    def test_stop_somewhere(self, mina: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reports, "COUNTED", 2)
        said("Food", times=5)

        found = of(mina, Name.WORDS)

        assert (found.value, found.is_at_least) == (3, True)


class TestRatings:
    def test_have_their_sample_and_their_bounds(self, mina: User) -> None:
        for value in (10, 9, 3, 8):
            make.FeedbackFactory.create().readings.create(kind="nps", value=value)

        found = of(mina, Name.NPS)

        assert (found.value, found.n, found.is_too_few) == (25, 4, True)
        assert found.low is not None
        assert found.high is not None
        assert found.low < 25 < found.high

    def test_are_not_there_where_nobody_rated(self, mina: User) -> None:
        assert reports.report(mina, PERIOD, at=AT).of(Name.NPS, Name.CSAT, Name.CES) == []


class TestFairness:
    def test_counts_each_customer_once(self, mina: User) -> None:
        customer = of_segment("Food")
        for _ in range(3):
            make.FeedbackFactory.create(customer=customer, account=customer.account)
        said("Fashion")

        found = reports.report(mina, PERIOD, at=AT).by_segment(Name.VOICE)

        assert {name: row["voice"].value for name, row in found.items()} == {
            "Fashion": 50,
            "Food": 50,
        }

    def test_says_who_got_less_than_they_spoke(self, mina: User) -> None:
        said("Loud", times=40)
        said("Quiet", times=40)
        got("Loud", times=38)
        got("Quiet", times=6)

        found = reports.report(mina, PERIOD, at=AT).by_segment(Name.DELIVERY)

        assert found["Loud"]["delivery"].verdict == Verdict.BETTER
        assert found["Quiet"]["delivery"].verdict == Verdict.WORSE

    def test_does_not_take_chance_for_unfairness(self, mina: User) -> None:
        said("Loud", times=40)
        said("Quiet", times=40)
        got("Loud", times=24)
        got("Quiet", times=20)

        found = reports.report(mina, PERIOD, at=AT).by_segment(Name.DELIVERY)

        assert {row["delivery"].verdict for row in found.values()} == {Verdict.NO_REAL_CHANGE}

    def test_does_not_count_what_was_not_delivered(self, mina: User) -> None:
        said("Food")
        got("Food", outcome=make.OutcomeFactory.create(result="not_delivered", shipped_at=None))

        found = reports.report(mina, PERIOD, at=AT).by_segment(Name.DELIVERY)

        assert found["Food"]["delivery"].n == 0


class TestMonths:
    def test_are_the_twelve_that_end_with_it(self, mina: User) -> None:
        said("Food")
        got("Food", status="told", settled_at=NOON, released_at=NOON)

        months = reports.report(mina, PERIOD, at=AT).months

        assert len(months) == 12
        assert (months[-1].first, months[-1].words, months[-1].told) == (PERIOD.first, 1, 1)


@pytest.mark.parametrize(("at", "is_running"), [(AT, True), (AT + timedelta(days=40), False)])
def test_knows_whether_the_period_lasts(mina: User, at: Any, is_running: bool) -> None:
    assert reports.report(mina, PERIOD, at=at).is_running == is_running
