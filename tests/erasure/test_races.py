"""Erasing somebody while others write of them: nobody comes back, and nobody hangs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backlog import errors
from backlog.errors import BeingSent, ErasedOnRequest, NotAnswerable
from backlog.intake.rows import Said
from backlog.models import (
    ContactPoint,
    Customer,
    Feedback,
    Identity,
    Notice,
    Obligation,
    PrivacyRequest,
    Source,
)
from backlog.operations import (
    announcements,
    contact_points,
    customers,
    customers_in_bulk,
    erasure,
    feedback,
    import_runs,
    notice_composition,
    notices,
    privacy_requests,
    replies,
)
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = NOON + timedelta(days=1)
ADDRESS, NUMBER = "mira@quellenhof.example", "mq-77481"
ROUNDS = range(5)


@pytest.fixture
def source() -> Source:
    return make.SourceFactory.create()


@pytest.fixture
def mira(source: Source) -> Customer:
    mira = make.CustomerFactory.create(name="Mira Quellenhof")
    make.ContactPointFactory.create(customer=mira, address=ADDRESS)
    Identity.objects.create(customer=mira, source=source, external_id=NUMBER)
    make.ConsentFactory.create(customer=mira)
    return mira


def erasing(mira: Customer) -> Callable[[], object]:
    return lambda: erasure.erase_customer(customer_id=mira.pk, reason="Asked.", by=None, at=LATER)


def assert_is_gone(raised: list[Exception], *expected: type[Exception]) -> None:
    assert [error for error in raised if not isinstance(error, expected)] == []
    assert Customer.objects.filter(erased_at=None).count() == 0
    assert not ContactPoint.objects.exists()
    assert not Identity.objects.exists()
    assert not Feedback.objects.filter(erased_at=None).exists()


def said(source: Source, n: int) -> feedback.FeedbackData:
    identifier = customers_in_bulk.CustomerIdentifier(NUMBER if n % 2 else "", ADDRESS)
    return feedback.FeedbackData(verbatim=f"It froze {n} times.", identifier=identifier)


@pytest.mark.parametrize("round_", ROUNDS)
def test_what_they_ask_for_several_times_at_once_is_one_wish(mira: Customer, round_: int) -> None:
    def ask() -> object:
        return privacy_requests.ask(customer_id=mira.pk, kind="export", by=None, at=NOON)

    assert at_once([ask] * 4) == []

    assert PrivacyRequest.objects.count() == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_while_their_words_come_in(mira: Customer, source: Source, round_: int) -> None:
    def single(n: int) -> Callable[[], object]:
        return lambda: feedback.receive_feedback(
            source=source, incoming=said(source, n), by=None, at=LATER
        )

    def bulk(n: int) -> Callable[[], object]:
        messages = [(source, said(source, each)) for each in range(n, n + 5)]
        return lambda: feedback.receive_many(messages=messages, by=None, at=LATER)

    raised = at_once([single(1), bulk(10), erasing(mira), single(2), bulk(20)])

    assert_is_gone(raised, ErasedOnRequest)


@pytest.mark.parametrize("round_", ROUNDS)
def test_while_a_file_is_read(mira: Customer, source: Source, round_: int) -> None:
    run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)
    manner = import_runs.Manner(language="en", rating_kind="stars", batch_size=3)
    rows = [
        Said(n, f"It froze {n} times.", ADDRESS, "Mira Quellenhof", "", "", None, None, {})
        for n in range(12)
    ]

    def reading() -> object:
        return list(
            import_runs.store_rows(run_id=run.pk, rows=rows, manner=manner, by=None, at=LATER)
        )

    raised = at_once([reading, erasing(mira)])

    assert_is_gone(raised)
    run.refresh_from_db()
    assert run.rows_stored + run.rows_refused == 12


@pytest.mark.parametrize("round_", ROUNDS)
def test_while_they_answer_and_are_told(mira: Customer, source: Source, round_: int) -> None:
    outcome = make.OutcomeFactory.create()
    words = make.FeedbackFactory.create(customer=mira, source=source)
    make.EvidenceFactory.create(request=outcome.request, feedback=words)
    told = make.ObligationFactory.create(
        customer=mira,
        outcome=outcome,
        event__request=outcome.request,
        status="told",
        settled_at=NOON,
    )
    make.ObligationFactory.create(customer=mira, outcome=outcome, event__request=outcome.request)

    def answering() -> object:
        return replies.take_answer(
            obligation_id=told.pk, verdict="no", words="It still freezes.", by=None, at=LATER
        )

    def announcing_it() -> object:
        announcements.announce(subject=outcome, by=None, at=LATER)
        notice_composition.compose_notices(by=None, at=LATER)
        return None

    raised = at_once([answering, announcing_it, erasing(mira)])

    assert_is_gone(raised, NotAnswerable, ErasedOnRequest)
    notice_composition.compose_notices(by=None, at=LATER)
    assert notices.claim_notices(by=None, at=LATER) == []
    assert not Notice.objects.filter(status__in=["queued", "sending", "sent"]).exists()
    assert not Obligation.objects.filter(status="owed", released_at__isnull=False).exists()


@pytest.mark.parametrize("round_", ROUNDS)
def test_while_a_worker_takes_what_waits_for_them(mira: Customer, round_: int) -> None:
    notice = make.NoticeFactory.create(customer=mira)
    make.NoticeItemFactory.create(notice=notice)
    claims: list[notices.Claim] = []

    raised = at_once(
        [lambda: claims.extend(notices.claim_notices(by=None, at=LATER)), erasing(mira)]
    )

    assert all(isinstance(error, BeingSent) for error in raised)
    mira.refresh_from_db()
    assert (mira.erased_at is None) == bool(claims)


@pytest.mark.parametrize("round_", ROUNDS)
def test_while_they_are_added_by_hand(mira: Customer, source: Source, round_: int) -> None:
    raised = at_once(
        [
            lambda: customers.add_customer(email=ADDRESS, by=None, at=LATER),
            lambda: contact_points.add_contact_point(
                customer_id=mira.pk, email="second@quellenhof.example", by=None, at=LATER
            ),
            erasing(mira),
        ]
    )

    assert_is_gone(raised, ErasedOnRequest, errors.AddressTaken)
