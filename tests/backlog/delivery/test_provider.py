"""A provider's API instead of a mail server: the same messages, and the same kinds of failures."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from anymail.signals import AnymailTrackingEvent
from pytest_django import Settings

from backlog.delivery import mail, message_items, message_templates, provider, rendering, selftest
from backlog.models import Customer, Notice, Occasion
from tests.factories import NOON

MESSAGE_ID = "<notice-7.0123456789ab@testserver>"
MESSAGE = rendering.Message(
    subject="Nurimart: what became of what you told us",
    text="Paying takes two taps now.",
    html="<p>Paying takes two taps now.</p>",
    headers={"Message-ID": MESSAGE_ID, "List-Unsubscribe": "<http://testserver/u/>"},
)


class Api(ThreadingHTTPServer):
    """As much of Postmark's API as sending takes: it says what the test wants it to say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.calls = list[dict[str, object]]()
        self.answer: tuple[int, object] = (
            200,
            {"ErrorCode": 0, "Message": "OK", "To": "mira@example.org"},
        )


class _Call(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(json.loads(body))
        status, answer = self.server.answer
        self.send_response(status)
        self.end_headers()
        if isinstance(answer, dict):
            answer = {"MessageID": "b7bc2f4a", **answer}
        said = answer if isinstance(answer, str) else json.dumps(answer)
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    with Api() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "backlog.delivery.provider.ProviderBackend"
        settings.EMAIL_PROVIDER = "postmark"
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "only for tests",
            "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
            "REQUESTS_TIMEOUT": 5,
        }
        yield server
        server.shutdown()


def send() -> None:
    with mail.Sender() as sender:
        sender.send(MESSAGE, to="mira@example.org")


def failure(of: type[mail.NotSent] = mail.NotSent) -> mail.NotSent:
    with pytest.raises(of) as raised:
        send()
    return raised.value


def test_the_same_message_leaves_with_what_reports_are_known_by(api: Api) -> None:
    send()

    [call] = api.calls
    assert (call["To"], call["Subject"]) == ("mira@example.org", MESSAGE.subject)
    assert (call["TextBody"], call["HtmlBody"]) == (MESSAGE.text, MESSAGE.html)
    assert call["Metadata"] == {provider.METADATA: MESSAGE_ID}
    assert {"Name": "Message-ID", "Value": MESSAGE_ID} in call["Headers"]  # type: ignore[operator]


def test_an_address_that_the_provider_refuses_is_no_good(api: Api) -> None:
    said = (
        "You tried to send to a recipient that has been marked as inactive.\n"
        "Found inactive addresses: mira@example.org.\n"
        "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
    )
    api.answer = (422, {"ErrorCode": 406, "Message": said})

    assert failure().is_permanent


def test_a_sender_that_the_provider_does_not_know_is_no_fault_of_the_address(
    api: Api, settings: Settings
) -> None:
    """Mandrill refuses both in the same way."""
    settings.EMAIL_PROVIDER = "mandrill"
    settings.ANYMAIL = {
        "MANDRILL_API_KEY": "only for tests",
        "MANDRILL_API_URL": f"http://127.0.0.1:{api.server_port}/",
    }
    refused = {"email": "mira@example.org", "status": "rejected", "_id": "1"}

    api.answer = (200, [{**refused, "reject_reason": "unsigned"}])
    assert not failure().is_permanent
    api.answer = (200, [{**refused, "reject_reason": "rule: looks like spam"}])
    assert not failure().is_permanent
    api.answer = (200, [{**refused, "reject_reason": "hard-bounce"}])
    assert failure().is_permanent
    api.answer = (200, [{**refused, "reject_reason": "unsub"}])
    assert failure().is_permanent


def test_a_sender_that_cannot_be_read_is_no_fault_of_the_address(
    api: Api, settings: Settings
) -> None:
    """Seen to close the address where anything that cannot be read is taken for the recipient's."""
    settings.DEFAULT_FROM_EMAIL = "Hearback <hearback"

    told = failure()

    assert not told.is_permanent
    assert told.meaning == "sender"


def test_an_answer_that_says_yes_and_cannot_be_read_is_a_yes(api: Api) -> None:
    api.answer = (200, "<html>Sent.</html>")

    send()


def test_no_header_goes_that_a_provider_refuses(api: Api) -> None:
    notice = Notice(pk=7, customer=Customer(language="en"), template="outcome", language="en")
    item = message_items.MessageItem(Occasion.DELIVERED, None, "", (), "Two taps.", "")
    message = rendering.render(notice, [item], message_templates.MessageTexts(), at=NOON)

    with mail.Sender() as sender:
        sender.send(message, to="mira@example.org")

    names = {header["Name"] for header in api.calls[0]["Headers"]}  # type: ignore[attr-defined]
    assert "Date" not in names
    assert {"Message-ID", "List-Unsubscribe"} <= names


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_provider_that_takes_nothing_now_is_no_fault_of_the_address(
    api: Api, status: int
) -> None:
    api.answer = (status, {"ErrorCode": 10, "Message": "No or incorrect API token"})

    assert f"{status}" in str(failure(mail.Unreachable))


def test_a_provider_that_is_not_there_is_said_to_be_so(api: Api, settings: Settings) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": "http://127.0.0.1:1/"}

    assert "refused" in str(failure(mail.Unreachable))


def test_a_message_that_is_refused_is_tried_again_and_others_leave(api: Api) -> None:
    api.answer = (422, {"ErrorCode": 300, "Message": "Invalid 'From' address"})

    told = failure()

    assert not told.is_permanent
    assert not isinstance(told, mail.Unreachable)
    assert "422" in str(told)


def test_the_test_message_says_why_it_did_not_leave(api: Api) -> None:
    api.answer = (401, {"ErrorCode": 10, "Message": "No or incorrect API token"})

    [result] = selftest.send_test_message(to="ines@example.org")

    assert result.step == selftest.Step.HAND_OVER
    assert "incorrect API token" in result.failure


@pytest.mark.parametrize(
    ("event_type", "reason", "said", "kind"),
    [
        ("delivered", None, "", "delivered"),
        ("bounced", "bounced", "smtp;550 5.1.1 No such user", "bounced"),
        ("bounced", "bounced", "smtp;552 5.2.2 Mailbox full", "returned"),
        ("bounced", "bounced", "", "returned"),
        ("bounced", "invalid", "", "bounced"),
        ("bounced", "blocked", "550 5.7.1 Blocked", "returned"),
        ("bounced", "bounced", "smtp;550 Message refused", "returned"),
        ("bounced", "bounced", "smtp;550 relay not permitted", "returned"),
        ("bounced", "bounced", "smtp;550 5.2.1 The account is disabled", "bounced"),
        ("bounced", "invalid", "550 5.7.1 Blocked", "returned"),
        ("rejected", "bounced", "Sender is not allowed", "returned"),
        ("rejected", "bounced", "", "bounced"),
        ("rejected", "unsubscribed", "", "complained"),
        ("rejected", "blocked", "", "returned"),
        ("complained", "spam", "", "complained"),
        ("failed", None, "", "returned"),
        ("opened", None, "", ""),
        ("deferred", None, "451 Later", ""),
    ],
)
def test_what_a_report_says(event_type: str, reason: str | None, said: str, kind: str) -> None:
    event = AnymailTrackingEvent(
        event_type=event_type, reject_reason=reason, mta_response=said or None
    )

    assert provider.kind_of(event) == kind
