"""Invitations leave once, to who is asked, and not for what has begun."""

from datetime import timedelta
from time import monotonic

import pytest
from django.core import mail
from django.utils import timezone

from backlog.delivery import mail as delivery
from council.dispatch import invitations
from council.models import Invitation
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Invitation:
    meeting = make.MeetingFactory.create(starts_at=timezone.now() + timedelta(days=3))
    return make.InvitationFactory.create(meeting=meeting)


def send() -> None:
    invitations.send_invitations(until=monotonic() + 30)


def test_each_leaves_once(row: Invitation) -> None:
    send()
    send()

    assert [it.to for it in mail.outbox] == [[row.user.email]]
    row.refresh_from_db()
    assert (row.status, row.claimed_until) == ("sent", None)


def test_what_has_begun_is_not_asked_to(row: Invitation) -> None:
    row.meeting.starts_at = timezone.now() - timedelta(minutes=1)
    row.meeting.save()

    send()

    row.refresh_from_db()
    assert (row.status, mail.outbox) == ("outdated", [])


def test_who_is_not_here_any_more_gets_none(row: Invitation) -> None:
    row.user.is_active = False
    row.user.save()

    send()

    row.refresh_from_db()
    assert (row.status, mail.outbox) == ("failed", [])


def test_a_server_that_refuses_is_tried_again_later(
    row: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_facts: object) -> None:
        raise delivery.NotSent("450 later")

    monkeypatch.setattr(delivery.Sender, "send", refuse)
    send()

    row.refresh_from_db()
    assert (row.status, row.attempts) == ("owed", 1)
    assert row.due_at > timezone.now()
