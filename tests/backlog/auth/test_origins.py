"""Every event says through what it was done: each way in is walked once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

import manage
from backlog import tasks
from backlog.api.serializers.events import EventRead
from backlog.auth import origins
from backlog.delivery import links, rendering
from backlog.models import Event, User
from backlog.operations import api_tokens, notices
from backlog.queries.origins import phrase
from backlog.rules.origins import COMMAND, PAGE
from tests.backlog.intake.mails import complaint
from tests.backlog.operations.notices import written
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db

ACCOUNTS = "/api/v1/accounts/"
ID = "edge-7f3a.42"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def last(kind: str) -> Event:
    return Event.objects.with_token_names().filter(kind=kind).latest("pk")


def origin(event: Event) -> tuple[str, str, str, int | None]:
    return event.way, event.token, event.process, event.on_behalf_of_id


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command closes its connection at its end, which is the test's, too."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


def may_all(permission: str) -> bool:
    return True


class TestWays:
    def test_by_a_page(self, as_mina: Client, mina: User) -> None:
        row = make.EvidenceFactory.create()
        address = reverse("council:unlink", args=[row.request.key, row.pk])

        as_mina.post(address, {"reason": "It says something else"}, headers={"X-Request-ID": ID})

        event = last("evidence.unlinked")
        assert (origin(event), event.correlation) == (("page", "", "", None), ID)
        assert event.actor == mina

    def test_by_the_api_from_a_browser_it_is_a_page(self, api: APIClient) -> None:
        answer = api.post(ACCOUNTS, {"name": "Hanbit"})

        event = last("account.added")
        assert origin(event) == ("page", "", "", None)
        assert event.correlation == answer["X-Request-ID"]

    def test_by_a_token_it_says_which(self, ines: User) -> None:
        token, secret = api_tokens.issue_token(
            owner=ines, name="Shop intake", scopes=["backlog:write"], lasts=None, by=None, at=NOON
        )
        headers = {"authorization": f"Bearer {secret}", "traceparent": f"00-{TRACE}-{'1' * 16}-01"}

        answer = Client().post(ACCOUNTS, {"name": "Hanbit"}, "application/json", headers=headers)

        event = last("account.added")
        assert origin(event) == ("token", token.token_key, "", None)
        assert event.correlation == answer["X-Request-ID"] == TRACE
        with translation.override("en"):  # The call was answered in the language of its reader.
            assert phrase(event, may_all) == "through the API, key “Shop intake”"

    def test_by_a_signed_link_it_says_on_whose_behalf(self, client: Client) -> None:
        notice = written()

        client.post(links.own_data_url(notice), {"kind": "export"})

        event = last("privacy.asked")
        assert origin(event) == ("link", "", "", notice.customer_id)
        assert event.actor is None

    def test_by_the_worker_it_says_by_which_task(self) -> None:
        source = make.SourceFactory.create(keeps_words_months=1)
        make.FeedbackFactory.create(source=source, received_at=NOON - timedelta(days=900))

        tasks.erase_expired_words()

        assert origin(last("words.expired")) == ("worker", "", "backlog.erase_expired_words", None)

    def test_by_a_command_it_says_by_which(self, ada: User, one_connection: None) -> None:
        manage.run(["manage.py", "create_token", ada.email, "--name", "CRM", "--scope", "read"])

        assert origin(last("token.issued")) == ("command", "", "create_token", None)

    def test_by_a_report_about_mail_it_says_who_brought_it(
        self, tmp_path: Path, one_connection: None
    ) -> None:
        notice = written()
        [claim] = notices.claim_notices(by=None, at=NOON)
        notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
        file = tmp_path / "report"
        about = rendering.message_id(notice)
        file.write_bytes(complaint(about, "abuse"))

        manage.run(["manage.py", "read_bounces", str(file)])

        assert origin(last("notice.complained")) == ("mail", "", "read_bounces", None)

    def test_two_calls_are_two_and_what_one_does_is_one(self, api: APIClient) -> None:
        customer = make.CustomerFactory.create()
        address = reverse("api:customer-affiliations", args=[customer.pk])
        for _ in range(2):
            api.post(address, {"account": make.AccountFactory.create().pk})

        calls = list(Event.objects.order_by("pk").values_list("correlation", flat=True))
        assert calls[1] == calls[2] != calls[0]


class TestAnEventWithoutOrigin:
    def test_is_not_recorded(self) -> None:
        reset = origins._current.set(None)
        try:
            with pytest.raises(LookupError, match="acting"):
                origins.current()
        finally:
            origins._current.reset(reset)

    @pytest.mark.parametrize(
        "facts",
        [
            {"way": "", "process": ""},
            {"way": "somehow"},
            {"way": "token", "process": ""},
            {"way": "page"},
            {"way": "link", "process": ""},
            {"way": "worker", "process": ""},
            {"correlation": ""},
            {"token": "abc"},
        ],
        ids=str,
    )
    def test_is_not_stored(self, facts: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make.EventFactory.create(**facts)


class TestActing:
    def test_ends_with_what_was_before(self) -> None:
        with origins.acting(COMMAND, process="outer") as outer:
            with origins.acting(PAGE):
                origins.is_by_token("abc")
                assert origins.current().way == "token"
            assert origins.current() == outer


def shown(event: Event, reader: User) -> dict[str, Any]:
    """As the API answers it to them."""
    context = {"request": SimpleNamespace(user=reader)}
    answer: dict[str, Any] = EventRead(context=context).to_representation(event)
    return answer


class TestShown:
    def test_keys_and_calls_are_for_those_who_keep_the_keys(
        self, mina: User, ada: User, omar: User
    ) -> None:
        event = make.EventFactory.create(way="token", token="abc", process="")
        event = Event.objects.with_token_names().get(pk=event.pk)

        assert shown(event, ada)["token"] == "abc"
        assert shown(event, ada)["correlation"] == event.correlation
        for reader in (mina, omar):
            seen = shown(event, reader)
            assert (seen["token"], seen["token_name"], seen["correlation"]) == (None, None, None)
            assert phrase(event, reader.has_perm) == "through the API"

    def test_whose_link_it_was_is_for_those_who_see_customers(self, mina: User, omar: User) -> None:
        kim = make.CustomerFactory.create()
        event = make.EventFactory.create(way="link", process="", on_behalf_of=kim)
        event = Event.objects.with_token_names().get(pk=event.pk)

        assert shown(event, mina)["on_behalf_of"] == kim.pk
        assert shown(event, omar)["on_behalf_of"] is None
