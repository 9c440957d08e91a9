"""The private address: shown once, revocable, and a calendar reads under it."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from backlog.forms import sent_once
from backlog.models import User
from council.models import CalendarFeed
from council.pages import calendar
from council.rules import calendar_feeds
from tests.factories import council as make

pytestmark = pytest.mark.django_db


def make_address(client: Client) -> str:
    page = client.get("/calendar/").content.decode()
    shown = re.search(rf'name="{sent_once.FIELD}" value="(\d+)"', page)
    assert shown is not None
    said = {sent_once.FIELD: shown[1]}
    address: str = client.post("/calendar/make/", said).context["address"]
    return address.removeprefix(settings.SITE_URL)


def test_has_ones_meetings_and_promises_and_nobody_elses(
    noor_pages: Client, noor: User, client: Client
) -> None:
    soon = timezone.now() + timedelta(days=2)
    make.InvitationFactory.create(user=noor, meeting__title="Mine", meeting__starts_at=soon)
    make.InvitationFactory.create(meeting__title="Theirs", meeting__starts_at=soon)
    make.ActionItemFactory.create(owner=noor, title="Ask the bank")
    make.ActionItemFactory.create(title="Not mine")

    answer = client.get(make_address(noor_pages))

    found = icalendar.Calendar.from_ical(answer.content.decode()).walk("VEVENT")
    names = " ".join(str(each["SUMMARY"]) for each in found)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Mine" in names
    assert "Ask the bank" in names
    assert "Theirs" not in names
    assert "Not mine" not in names


def test_is_kept_as_a_digest_and_shown_once(noor_pages: Client) -> None:
    secret = make_address(noor_pages).removeprefix("/calendar/").removesuffix(".ics")

    assert secret not in noor_pages.get("/calendar/").content.decode()
    assert secret not in CalendarFeed.objects.get().digest


def test_does_not_work_any_more_when_revoked_or_replaced(
    noor_pages: Client, client: Client
) -> None:
    first = make_address(noor_pages)
    second = make_address(noor_pages)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)

    noor_pages.post("/calendar/revoke/")

    assert client.get(second).status_code == 404


def test_does_not_work_for_who_is_not_here_any_more(
    noor_pages: Client, noor: User, client: Client
) -> None:
    address = make_address(noor_pages)
    noor.is_active = False
    noor.save()

    assert client.get(address).status_code == 404


def test_is_not_sent_again_while_it_is_the_same(noor_pages: Client, client: Client) -> None:
    address = make_address(noor_pages)
    etag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_is_read_only_so_often(
    noor_pages: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_address(noor_pages)
    limit = calendar.PER_FEED
    for _time in range(limit.times):
        limit.take(calendar_feeds.digest(address[10:-4]), at=timezone.now())

    answer = client.get(address)

    assert answer.status_code == 429
    assert answer["Retry-After"]
