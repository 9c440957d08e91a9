"""What endpoints are told: ids and codes for tools, a line for chats, never a customer's words."""

import base64
import hashlib
import hmac
import html
import json
import re
from typing import Any

import pytest

from backlog import tasks
from backlog.delivery import http, webhooks
from backlog.models import Endpoint, Event, WebhookDelivery
from backlog.operations import webhook_deliveries
from backlog.queries import endpoints as endpoint_queries
from tests.backlog.delivery.test_http import say, server
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
# What Slack, Mattermost or Teams make a call, a mention, or a link of.
LOUD = re.compile(r"@\w|\]\(|\w:[/\w]|\w\.\w|[~#]\w|<[\w!@/]")


def event(title: str = "Pay <!channel> & go", **fields: Any) -> Event:
    request = make.RequestFactory.create(key="PAY-12", title=title)
    facts = {"kind": "outcome.recorded", "data": {"result": "delivered"}, "at": NOON}
    return make.EventFactory.create(request=request, **facts | fields)


def told(event: Event, **fields: Any) -> Any:
    return json.loads(webhooks.body_of(event, make.EndpointFactory.create(**fields)))


class TestBody:
    def test_of_a_tool_has_ids_and_codes(self) -> None:
        happened = event()

        assert told(happened) == {
            "type": "outcome.recorded",
            "timestamp": NOON.isoformat(),
            "data": {
                "result": "delivered",
                "event": happened.pk,
                "way": happened.way,
                "subject": {"type": happened.subject_type, "id": happened.subject_id},
                "request": {"id": happened.request_id, "key": "PAY-12"},
            },
        }

    def test_of_a_chat_is_one_line_and_where_to_read_on(self) -> None:
        text = told(event(), form="slack", language="en")["text"]

        assert text.startswith("PAY-12 Pay &lt;\u200b!channel&gt; &amp; go: It is on record")
        assert text.endswith("(delivered)\nhttp://testserver/requests/PAY-12/")

    def test_of_a_chat_is_in_its_language(self) -> None:
        assert "반영 완료" in told(event(), form="slack", language="ko")["text"]

    def test_of_teams_is_a_card(self) -> None:
        [card] = told(event(), form="teams", language="en")["attachments"]

        assert "PAY-12" in card["content"]["body"][0]["text"]
        assert card["content"]["actions"][0]["url"] == "http://testserver/requests/PAY-12/"

    @pytest.mark.parametrize("form", ["slack", "teams"])
    @pytest.mark.parametrize(
        "title",
        [
            "[Sign in again](https://evil.example) @all",
            "![seen](https://evil.example/seen.png)",
            "<!here> <@U024BE7LH> <https://evil.example|Sign in> <at>Mina</at>",
            "<https://evil.example> https://evil.example www.evil.example evil.example",
            "mina@evil.example mailto:mina@evil.example tel:112 ~town-square #pay",
            # Mattermost drops these before it reads.
            "@\ufeffall [Sign in]\ufeff(https:\ufeff//evil.example) www\u2028.evil.example",
        ],
    )
    def test_of_a_chat_lets_no_title_call_anybody_or_be_a_link(self, title: str, form: str) -> None:
        told_of = told(event(title), form=form, language="en")

        if form == "teams":
            words = read = told_of["attachments"][0]["content"]["body"][0]["text"]
        else:
            words = told_of["text"].partition("\n")[0]
            read = html.unescape(words)
        assert not LOUD.search(re.sub("[\ufeff\u2028]", "", words))
        assert " ".join(title.split()) in read.replace("\u200b", "")

    def test_of_a_chat_is_one_line_whatever_the_title(self) -> None:
        text = told(event("Pay\n[1]: /a\r\u2028b"), form="slack", language="en")["text"]

        assert len(text.splitlines()) == 2

    @pytest.mark.parametrize(
        ("kind", "data", "words"),
        [
            ("request.status_changed", {"to": "approved"}, "(approved)"),
            ("reply.received", {"verdict": "no"}, "(no)"),
            ("outcome.announced", {"customers": 2}, "(2 customers)"),
            ("decision.recorded", {}, "The council decided"),
            ("endpoint.tested", {}, "A test message"),
        ],
    )
    def test_of_a_chat_says_the_one_fact_that_matters(
        self, kind: str, data: dict[str, Any], words: str
    ) -> None:
        assert words in told(event(kind=kind, data=data), form="slack", language="en")["text"]


class TestTellEndpoints:
    """The task itself, with a real server."""

    @pytest.fixture(autouse=True)
    def inside(self, settings: Any) -> None:
        settings.PRIVATE_ENDPOINTS = True

    def owed(self, url: str) -> WebhookDelivery:
        endpoint = make.EndpointFactory.create(url=url)
        return make.WebhookDeliveryFactory.create(endpoint=endpoint, event__kind="endpoint.tested")

    def test_signs_what_it_tells(self) -> None:
        with server(say(204)) as (url, asked):
            owed = self.owed(url)
            tasks.tell_endpoints()

        [(_path, headers, body)] = asked
        key = base64.b64decode(endpoint_queries.secret_of(owed.endpoint).removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        owed.refresh_from_db()
        assert owed.status == WebhookDelivery.Status.DELIVERED

    def test_tells_all_that_is_owed_however_much_it_is(self) -> None:
        """Seen to fail, by a batch in five minutes, when the endpoint is not given back."""
        with server(say(204)) as (url, asked):
            endpoint = self.owed(url).endpoint
            make.WebhookDeliveryFactory.create_batch(
                webhook_deliveries.BATCH, endpoint=endpoint, event__kind="endpoint.tested"
            )
            tasks.tell_endpoints()

        assert len(asked) == webhook_deliveries.BATCH + 1

    def test_leaves_alone_who_is_down_and_tells_the_others(self) -> None:
        with server(say(503, "later")) as (down, asked), server(say(200)) as (up, _asked):
            waits, arrives = self.owed(down), self.owed(up)
            make.WebhookDeliveryFactory.create(
                endpoint=waits.endpoint, event__kind="endpoint.tested"
            )
            tasks.tell_endpoints()

        assert len(asked) == 1
        waits.refresh_from_db()
        arrives.refresh_from_db()
        assert (waits.status, waits.failure) == ("waiting", "503 later")
        assert arrives.status == "delivered"

    def test_says_no_more_to_who_is_gone_and_records_it_once(self) -> None:
        with server(say(410)) as (url, asked):
            endpoint = self.owed(url).endpoint
            make.WebhookDeliveryFactory.create(endpoint=endpoint, event__kind="endpoint.tested")
            tasks.tell_endpoints()

        assert len(asked) == 1
        assert Event.objects.filter(kind="endpoint.switched_off").count() == 1

    def test_leads_into_no_private_network(self, settings: Any) -> None:
        settings.PRIVATE_ENDPOINTS = False
        with server(say(200)) as (url, asked):
            owed = self.owed(url.replace("http:", "https:"))
            tasks.tell_endpoints()

        owed.refresh_from_db()
        assert not asked
        assert owed.failure


def test_a_secret_that_leaks_is_of_one_endpoint_only() -> None:
    one, other = make.EndpointFactory.create_batch(2)

    assert endpoint_queries.secret_of(one) != endpoint_queries.secret_of(other)
    assert Endpoint.objects.count() == 2


@pytest.mark.parametrize(
    ("status", "is_general"),
    [(408, True), (425, True), (429, True), (500, True), (400, False), (404, False)],
)
def test_who_asks_for_patience_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, status: int, is_general: bool
) -> None:
    monkeypatch.setattr(http, "post", lambda *_: http.Answer(status, "no"))

    failure = webhooks.call(
        make.EndpointFactory.build(), b"{}", webhook_id="msg_1", keys=[b"k"], at=NOON
    )

    assert failure is not None
    assert (failure.words, failure.is_general) == (f"{status} no", is_general)
