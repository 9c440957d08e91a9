"""Workers: what they do with the clock, a mail server that misbehaves, and many nudges."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError

from backlog import tasks
from backlog.dispatch import lease
from backlog.models import (
    CustomerRequest,
    User,
)
from backlog.operations import drift, scores
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


class TestNudge:
    def test_many_become_one(self, nudges: list[str]) -> None:
        for _ in range(5):
            tasks.nudge()

        assert nudges == ["deliver"]

    def test_a_later_one_counts_again(self, nudges: list[str]) -> None:
        tasks.nudge()
        cache.clear()  # two seconds later
        tasks.nudge()

        assert nudges == ["deliver", "deliver"]


class TestScoreStaleRequests:
    def test_one_that_cannot_be_scored_holds_up_no_other(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        bad, *others = make.RequestFactory.create_batch(3, is_score_stale=True)
        rescore = scores.rescore

        def is_broken(*, request_id: int, by: User | None, at: datetime) -> CustomerRequest:
            if request_id == bad.pk:
                raise ZeroDivisionError
            return rescore(request_id=request_id, by=by, at=at)

        monkeypatch.setattr(scores, "rescore", is_broken)
        tasks.score_stale_requests()

        stale = CustomerRequest.objects.filter(is_score_stale=True)
        assert [each.pk for each in stale] == [bad.pk]
        assert all(each.pk != bad.pk for each in others)
        assert f"Request {bad.pk} cannot be scored" in caplog.text
        assert "ZeroDivisionError" in caplog.text

    def test_one_board_that_cannot_be_read_holds_up_no_other(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        bad, good = make.ProductFactory.create_batch(2)
        refresh = drift.refresh_drift

        def is_broken(*, product_id: int, by: User | None, at: datetime) -> int:
            if product_id == bad.pk:
                raise ZeroDivisionError
            return refresh(product_id=product_id, by=by, at=at)

        monkeypatch.setattr(drift, "refresh_drift", is_broken)
        tasks.score_stale_requests()

        good.refresh_from_db()
        assert good.drift_at is not None
        assert f"product {bad.pk}" in caplog.text


class TestInsist:
    def test_ends_with_what_the_database_says_when_the_lease_is_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lease, "PAUSE", 0)
        tries = iter(range(100))
        until = NOON + timedelta(seconds=5)

        def is_locked() -> None:
            raise OperationalError("database is locked")

        with pytest.raises(OperationalError, match="locked"):
            lease.insist(is_locked, until=until, now=lambda: NOON + timedelta(seconds=next(tries)))
        assert next(tries) == 6

    def test_is_patient_with_the_database_alone(self) -> None:
        def is_wrong() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            lease.insist(is_wrong, until=NOON, now=lambda: NOON)
