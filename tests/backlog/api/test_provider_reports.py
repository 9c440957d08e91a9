"""What a mail provider reports, in its own form (Postmark's published one): see anymail."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from backlog.delivery import provider, rendering
from backlog.models import ContactPoint, Event, Notice
from backlog.operations import notices
from tests.backlog.operations.notices import written
from tests.factories import NOON

pytestmark = pytest.mark.django_db
SECRET = "reports:only-for-tests"
HARD_BOUNCE = {
    "RecordType": "Bounce",
    "ID": 4323372036854775807,
    "Type": "HardBounce",
    "TypeCode": 1,
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Description": "The server was unable to deliver your message.",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    "Email": "mira@example.org",
    "BouncedAt": "2026-03-02T12:00:05Z",
}


@pytest.fixture(autouse=True)
def _configured(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.ROOT_URLCONF = "tests.backlog.api.provider_urls"


@pytest.fixture
def told() -> Notice:
    notice = written()
    [claim] = notices.claim_notices(by=None, at=NOON)
    notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
    return notice


def report(event: dict[str, Any], secret: str = SECRET) -> int:
    proof = base64.b64encode(secret.encode()).decode()
    answer = Client().post(
        "/provider/postmark/tracking/",
        json.dumps(event),
        content_type="application/json",
        headers={"Authorization": f"Basic {proof}"},
    )
    return answer.status_code


def bounce(notice: Notice) -> dict[str, Any]:
    return {**HARD_BOUNCE, "Metadata": {provider.METADATA: rendering.message_id(notice)}}


def test_a_bounce_stops_all_mail_to_the_address(told: Notice) -> None:
    assert report(bounce(told)) == 200

    told.refresh_from_db()
    assert told.status == Notice.Status.BOUNCED
    assert "does not exist" in told.failure
    assert ContactPoint.objects.get().state == ContactPoint.State.BOUNCED


def test_what_is_said_again_changes_nothing(told: Notice) -> None:
    report(bounce(told))
    count = Event.objects.count()

    assert report(bounce(told)) == 200

    assert Event.objects.count() == count


def test_a_message_of_others_is_passed_over(told: Notice) -> None:
    assert report(HARD_BOUNCE) == 200

    told.refresh_from_db()
    assert told.status == Notice.Status.SENT


@pytest.mark.parametrize("secret", ["", "reports:guessed"])
def test_nobody_else_can_report(told: Notice, secret: str) -> None:
    assert report(bounce(told), secret) == 400

    told.refresh_from_db()
    assert told.status == Notice.Status.SENT


def test_looking_changes_nothing(told: Notice) -> None:
    assert Client().get("/provider/postmark/tracking/").status_code == 405
