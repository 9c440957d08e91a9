"""Letters as they arrive: in the reader's language, once, and with the head of the ledger."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail

from backlog.models import User
from council.dispatch import letters
from council.models import Letter, Minutes
from council.operations import ledger_seals, minutes
from council.queries import ledger_seals as ledger_queries
from council.rules import anchors
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def approved(sora: User, noor: User) -> Minutes:
    """Of a meeting where Noor, who reads English, was alone; one item is of a closed product."""
    written = make.MinutesFactory.create(meeting__council__secretary=sora, meeting__title="May")
    make.AttendanceFactory.create(meeting=written.meeting, user=noor, left_at=LATER)
    make.AgendaItemFactory.create(
        meeting=written.meeting,
        request=backlog.RequestFactory.create(title="Pay faster"),
        status="deferred",
        note="The bank waits.",
    )
    make.AgendaItemFactory.create(
        meeting=written.meeting,
        request=backlog.RequestFactory.create(title="ZZSECRET", product__is_open=False),
        status="deferred",
    )
    minutes.propose_minutes(meeting_id=written.meeting_id, by=sora, at=LATER)
    Letter.objects.all().delete()
    return minutes.approve_minutes(meeting_id=written.meeting_id, by=noor, at=LATER)


def send() -> list[Any]:
    letters.send_letters(now=lambda: LATER)
    return list(getattr(django_mail, "outbox"))  # noqa: B009 -- made by Django's test runner


def test_approved_minutes_are_mailed_once_with_all_that_is_in_them(
    approved: Minutes, noor: User
) -> None:
    ledger_seals.seal_ledger(by=None, at=LATER)
    send()

    (copy,) = send()
    assert copy.to == [noor.email]
    assert "May" in copy.subject
    html = copy.alternatives[0][0]
    for text in (copy.body, html):
        assert "Pay faster" in text
        assert "The bank waits." in text
        assert "ZZSECRET" not in text
    letter = Letter.objects.get()
    assert (letter.status, letter.sent_at) == ("sent", LATER)


def test_a_copy_is_an_anchor_of_the_ledger(approved: Minutes) -> None:
    ledger_seals.seal_ledger(by=None, at=LATER)

    (copy,) = send()

    head = ledger_queries.head()
    assert head is not None
    assert anchors.read(copy.body) == [anchors.Anchor(head.number, head.digest)]
    assert copy.extra_headers["X-Hearback-Ledger"] == f"{head.number} {head.digest}"
    letter = Letter.objects.get()
    assert (letter.anchor_number, letter.anchor_digest) == (head.number, head.digest)
    assert ledger_queries.find_break(anchors.read(copy.body)) is None


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", ["review", "overdue_minutes", "minutes"])
def test_each_kind_can_be_written_in_each_language(
    approved: Minutes, noor: User, kind: str, language: str
) -> None:
    noor.language = language
    noor.save()
    Letter.objects.update(kind=kind)

    (copy,) = send()

    assert "May" in copy.subject
    assert f"/meetings/{approved.meeting_id}/minutes/" in copy.body


def test_what_cannot_be_sent_is_on_record_and_waits(
    approved: Minutes, noor: User, settings: Any
) -> None:
    User.objects.filter(pk=noor.pk).update(email="no address")

    assert send() == []
    letter = Letter.objects.get()
    assert (letter.status, letter.failure) == ("dead", "not an e-mail address")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", ["action_due", "action_overdue"])
def test_an_owner_is_reminded_in_their_language(noor: User, kind: str, language: str) -> None:
    noor.language = language
    noor.save()
    action = make.ActionItemFactory.create(owner=noor, title="Ask the bank")
    make.LetterFactory.create(kind=kind, user=noor, minutes=None, action_item=action)

    (copy,) = send()

    assert "Ask the bank" in copy.subject
    assert f"/action-items/{action.pk}/" in copy.body
