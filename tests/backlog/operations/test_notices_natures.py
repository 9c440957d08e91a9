"""Advertising leaves only to those who agreed to it, whatever else they allow."""

from datetime import datetime, timedelta

import pytest

from backlog import errors
from backlog.models import Customer, Notice
from backlog.operations import consents, notice_composition
from tests.backlog.operations.notices import asker, claim, obligation_of, owed, reload, written
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
NIGHT = NOON.replace(hour=22)


def agreed(customer: Customer, *purposes: str) -> None:
    for purpose in purposes:
        make.ConsentFactory.create(customer=customer, purpose=purpose, basis="opt_in")


def leaves(notice: Notice, at: datetime = NOON) -> bool:
    return [each.notice for each in claim(at)] == [notice]


@pytest.fixture
def mira() -> Customer:
    """By whose clock it is noon at noon."""
    return asker(time_zone="UTC")


def test_what_is_written_today_is_an_answer(mira: Customer) -> None:
    owed(mira)

    notice_composition.compose_notices(by=None, at=NOON)

    assert Notice.objects.get().nature == "answer"


@pytest.mark.parametrize("nature", ["answer", "service"])
def test_answers_and_services_leave_at_any_hour(mira: Customer, nature: str) -> None:
    assert leaves(written(mira, nature=nature), NIGHT)


def test_advertising_is_refused_without_a_consent_of_its_own(mira: Customer) -> None:
    notice = written(mira, nature="advertising")

    assert not leaves(notice)

    obligation = obligation_of(notice)
    assert reload(notice).status == "cancelled"
    assert (obligation.status, obligation.reason) == ("suppressed", "no_consent")


def test_advertising_leaves_by_day_to_who_agreed(mira: Customer) -> None:
    agreed(mira, "advertising")

    assert leaves(written(mira, nature="advertising"))


def test_advertising_at_night_takes_a_second_consent(mira: Customer) -> None:
    agreed(mira, "advertising")
    assert not leaves(written(mira, nature="advertising"), NIGHT)

    agreed(mira, "advertising_at_night")
    assert leaves(written(mira, nature="advertising"), NIGHT)


def test_the_night_is_that_of_the_reader(mira: Customer) -> None:
    """Noon in Greenwich is nine in the evening in Seoul."""
    Customer.objects.update(time_zone="Asia/Seoul")
    agreed(mira, "advertising")

    assert not leaves(written(mira, nature="advertising"))


def test_what_could_leave_a_minute_after_nine_does_not(mira: Customer) -> None:
    agreed(mira, "advertising")

    assert not leaves(written(mira, nature="advertising"), NOON.replace(hour=20, minute=59))


def test_a_consent_that_was_withdrawn_is_none(mira: Customer) -> None:
    agreed(mira, "advertising")
    later = NOON + timedelta(minutes=1)
    consents.withdraw_consent(customer_id=mira.pk, purpose="advertising", by=None, at=later)

    assert not leaves(written(mira, nature="advertising"), later)


def test_having_asked_for_something_agrees_to_no_advertising(mira: Customer) -> None:
    with pytest.raises(errors.Invalid) as refused:
        consents.give_consent(
            customer_id=mira.pk, purpose="advertising", basis="own_request", by=None, at=NOON
        )
    assert refused.value.code == "needs_opt_in"


def test_answers_ask_the_database_nothing_more(queries: SameQueries) -> None:
    written(asker())
    with queries() as answers:
        claim()
    written(asker(), nature="service")
    with queries() as services:
        claim()

    assert len(answers) == len(services)
    assert not [each for each in answers if "advertising" in each["sql"]]
