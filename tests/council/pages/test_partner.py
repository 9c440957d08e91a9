"""What a partner sees behind their link, and what they can say there."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from backlog.models import Event
from council.delivery import partner_links
from council.models import ActionItem
from tests.factories import council as make

ENGLISH = {"Accept-Language": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def action() -> ActionItem:
    return make.ActionItemFactory.create(
        title="Send the schedule",
        partner="Hanbit Bank",
        partner_link=1,
        due_on=timezone.localdate() + timedelta(days=3),
    )


def path(action: ActionItem) -> str:
    return partner_links.url_for(action).removeprefix("http://testserver")


def test_shows_that_item_alone_and_writes_nothing(client: Client, action: ActionItem) -> None:
    make.ActionItemFactory.create(title="A secret")

    answer = client.get(path(action))
    shown = answer.content.decode()

    assert "Send the schedule" in shown
    assert "A secret" not in shown
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "script" not in shown
    assert not Event.objects.exists()


def test_says_that_it_is_done_without_an_account(client: Client, action: ActionItem) -> None:
    answer = client.post(path(action), {"act": "done", "evidence": "Sent on Monday."})

    action.refresh_from_db()
    assert (answer.status_code, action.status) == (302, "claimed_done")
    assert "this is noted" in client.get(f"{path(action)}?thanks", headers=ENGLISH).content.decode()


def test_asks_for_more_time(client: Client, action: ActionItem) -> None:
    until = action.due_on + timedelta(days=7)

    client.post(path(action), {"act": "time", "until": until, "reason": "Holidays."})

    action.refresh_from_db()
    assert (action.asked_until, action.asked_why) == (until, "Holidays.")


def test_what_is_not_accepted_is_shown_again(client: Client, action: ActionItem) -> None:
    typed = {"act": "time", "until": action.due_on, "reason": "Holidays."}

    answer = client.post(path(action), typed, headers=ENGLISH)

    assert answer.status_code == 422
    assert "Holidays." in answer.content.decode()
    assert "later day" in answer.content.decode()


def test_an_old_a_replaced_and_a_forged_link_open_nothing(
    client: Client, action: ActionItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = path(action)
    ActionItem.objects.update(partner_link=2)
    assert client.get(first).status_code == 404
    forged = signing.TimestampSigner(sep=".", salt="other").sign(f"{action.pk}-2")
    assert client.get(f"/partner/{forged}/").status_code == 404

    action.refresh_from_db()
    assert client.get(path(action)).status_code == 200
    monkeypatch.setattr(partner_links, "LASTS", timedelta(seconds=-1))
    assert client.get(path(action)).status_code == 404
