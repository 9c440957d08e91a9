"""Workers that reach for the same customers, or the same answer, at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.utils import timezone

from backlog import errors
from backlog.models import Event, Feedback, Notice, NoticeItem, Obligation, Outcome, Reply
from backlog.operations import announcements, notice_composition, notices, obligations, replies
from tests import audience
from tests.at_once import at_once
from tests.factories import NOON, people
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def compose_all() -> None:
    while notice_composition.compose_notices(by=None, at=timezone.now(), limit=7):
        pass


def record(claim: notices.Claim) -> Callable[[], object]:
    return lambda: notices.record_sent(
        notice_ids=[claim.notice.pk], lease_token=claim.token, by=None, at=timezone.now()
    )


def answer(obligation: Obligation, words: str = "") -> Callable[[], object]:
    return lambda: replies.take_answer(
        obligation_id=obligation.pk, verdict="no", words=words, by=None, at=timezone.now()
    )


def test_composing_at_once_writes_to_everybody_once() -> None:
    audience.announce(asked_by=100)

    assert at_once([compose_all] * WORKERS) == []

    assert Notice.objects.count() == NoticeItem.objects.count() == 100
    assert Notice.objects.values("customer").distinct().count() == 100


def test_claiming_at_once_hands_each_message_to_one_worker() -> None:
    audience.announce(asked_by=100)
    compose_all()
    handed = Counter[int]()

    def claim_all() -> None:
        while claims := notices.claim_notices(by=None, at=timezone.now(), limit=7):
            handed.update(claim.notice.pk for claim in claims)

    assert at_once([claim_all] * WORKERS) == []

    assert len(handed) == 100
    assert set(handed.values()) == {1}


def test_sending_and_composing_and_waiving_at_once_never_deadlock() -> None:
    audience.announce(asked_by=60)
    mina = people.UserFactory.create()
    first = iter(list(Obligation.objects.values_list("pk", flat=True)))
    lock = threading.Lock()

    def work() -> None:
        compose_all()
        while claims := notices.claim_notices(by=None, at=timezone.now(), limit=5):
            with lock:
                waived = next(first)
            with suppress(errors.BeingSent, errors.ObligationSettled):
                obligations.waive_obligation(obligation_id=waived, reason="x", by=mina, at=NOON)
            for claim in claims:
                record(claim)()

    assert at_once([work] * WORKERS) == []

    told = Obligation.objects.filter(status="told").count()
    assert told + Obligation.objects.filter(status="waived").count() == 60
    assert Event.objects.filter(kind="customer.told").count() == told


def test_recording_at_once_tells_once() -> None:
    audience.announce(asked_by=1)
    compose_all()
    [claim] = notices.claim_notices(by=None, at=timezone.now())

    assert at_once([record(claim)] * WORKERS) == []

    assert Event.objects.filter(kind="customer.told").count() == 1


def test_an_answer_sent_twice_at_once_is_kept_once() -> None:
    outcome = make.OutcomeFactory.create(commitment__request__status="delivered")
    obligation = make.ObligationFactory.create(
        event=make.EventFactory.create(request=outcome.commitment.request),
        outcome=outcome,
        status="told",
        settled_at=NOON,
    )

    assert at_once([answer(obligation, words="Still slow")] * WORKERS) == []

    assert Reply.objects.count() == Feedback.objects.count() == 1
    assert Event.objects.filter(kind="request.status_changed").count() == 1


def test_an_answer_while_the_message_is_recorded_is_not_overwritten() -> None:
    for _ in range(10):
        outcome = audience.announce(asked_by=1)
        compose_all()
        [claim] = notices.claim_notices(by=None, at=timezone.now())
        obligation = outcome.obligations.get()

        assert at_once([record(claim), answer(obligation)]) == []

        obligation.refresh_from_db()
        assert obligation.status == Obligation.Status.DISPUTED


def test_of_an_answer_and_a_waiver_at_once_one_is_refused() -> None:
    colleague = people.UserFactory.create()
    for _ in range(10):
        outcome = make.OutcomeFactory.create()
        obligation = make.ObligationFactory.create(
            event=make.EventFactory.create(request=outcome.commitment.request), outcome=outcome
        )

        def waive(obligation: Obligation = obligation) -> None:
            obligations.waive_obligation(
                obligation_id=obligation.pk, reason="By phone", by=colleague, at=timezone.now()
            )

        [refused] = at_once([answer(obligation), waive])

        assert isinstance(refused, errors.NotAnswerable | errors.ObligationSettled)


@pytest.mark.parametrize("is_written", [False, True])
def test_cancelling_at_the_first_sending_does_one_or_the_other(*, is_written: bool) -> None:
    for _ in range(10):
        outcome = audience.record(asked_by=3)
        announcements.announce(subject=outcome, by=None, at=timezone.now())
        if is_written:
            compose_all()

        def send() -> None:
            compose_all()
            for claim in notices.claim_notices(by=None, at=timezone.now(), limit=1):
                record(claim)()

        def cancel(outcome: Outcome = outcome) -> None:
            with suppress(errors.AlreadyTold, errors.BeingSent):
                announcements.cancel(subject=outcome, by=None, at=timezone.now())

        assert at_once([send, cancel]) == []

        outcome.refresh_from_db()
        told = outcome.obligations.filter(status="told").count()
        held = outcome.obligations.filter(status="owed", released_at=None).count()
        assert (told, held) == ((0, 3) if outcome.announced_at is None else (1, 0))
        if outcome.announced_at is None:
            about_it = Notice.objects.filter(items__obligation__announcement__outcome=outcome)
            assert not about_it.filter(sent_at__isnull=False).exists()
            assert not Notice.objects.queued(at=timezone.now()).exists()
        Notice.objects.filter(status="queued").update(status="cancelled")
