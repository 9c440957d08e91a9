"""Servers disagree about the time; the database has the last word."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from pytest_django import Settings

from backlog import tasks
from backlog.dispatch import checks, clock
from backlog.models import (
    Notice,
)
from backlog.operations import notice_composition, notices
from tests import audience

pytestmark = pytest.mark.django_db


def statuses() -> dict[str, int]:
    counted = dict[str, int]()
    for status in Notice.objects.values_list("status", flat=True):
        counted[status] = counted.get(status, 0) + 1
    return counted


class TestClocks:
    @pytest.mark.postgres
    def test_a_worker_whose_clock_is_ahead_takes_nothing_out_of_anothers_hands(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Seen to fail, with everybody told twice, while leases went by the workers' clocks."""
        audience.announce(asked_by=3)
        notice_composition.compose_notices(by=None, at=timezone.now())
        taken = notices.claim_notices(by=None, at=timezone.now())
        assert len(taken) == 3

        now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=10))
        tasks.deliver_notices()

        assert outbox.outbox == []
        assert statuses() == {"sending": 3}

    def test_a_lease_ends_early_rather_than_late_when_the_clock_is_set_forward(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = clock.shared()
        before = shown()
        now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=3))

        assert shown() - before >= timedelta(minutes=3)

    def test_a_clock_that_is_set_back_does_not_make_a_lease_longer(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = clock.shared()
        before = shown()
        now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: now() - timedelta(minutes=3))

        assert shown() >= before

    def test_a_wrong_clock_is_said_in_the_log_and_by_the_check(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        now = timezone.now
        monkeypatch.setattr(clock, "_of_database", lambda: now() + timedelta(minutes=10))

        clock.shared()
        [warning] = checks.clocks_agree(databases=["default"])

        assert "off the database's" in caplog.text
        assert warning.id == "backlog.W001"
        assert "-600 seconds ahead" in str(warning.msg)

    @pytest.mark.parametrize("sender", ["", "Hearback", "a@b@c <", "Hearback <hearback>x"])
    def test_a_sender_that_is_no_address_is_said_at_start(
        self, sender: str, settings: Settings
    ) -> None:
        assert checks.sender_is_an_address() == []
        settings.DEFAULT_FROM_EMAIL = sender

        assert [each.id for each in checks.sender_is_an_address()] == ["backlog.E001"]

    def test_clocks_that_agree_are_no_matter(self) -> None:
        assert checks.clocks_agree(databases=["default"]) == []
        assert checks.clocks_agree(databases=None) == []
