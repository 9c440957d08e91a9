"""One connection for many messages, and the right lesson from each way of failing."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from pytest_django import Settings

from backlog.delivery import mail
from backlog.delivery.rendering import Message
from tests import smtp

MESSAGE = Message("Hello", "Text", "<p>HTML</p>", {"Message-ID": "<1@example.org>"})
ROOT = Path(__file__).resolve().parents[3]
MIRA, NOBODY, OTHER = "mira@example.org", "nobody@example.org", "other@example.org"


@pytest.fixture
def box(settings: Settings) -> Iterator[smtp.Postbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 2
    with smtp.postbox() as box:
        settings.EMAIL_PORT = box.port
        yield box


def test_sends_many_messages_over_one_connection(box: smtp.Postbox) -> None:
    with mail.Sender() as sender:
        for to in (MIRA, OTHER, MIRA):
            sender.send(MESSAGE, to=to)

    assert [delivery.to for delivery in box.deliveries] == [MIRA, OTHER, MIRA]
    assert len({delivery.session for delivery in box.deliveries}) == 1
    assert box.deliveries[0].message_id == "<1@example.org>"
    assert box.deliveries[0].mail["To"] == MIRA


def test_the_patience_for_one_message_ends_with_it(box: smtp.Postbox) -> None:
    """Else it would hang up on a later one."""
    with mail.Sender() as sender:
        sender.send(MESSAGE, to=MIRA)

        timers = [it for it in threading.enumerate() if isinstance(it, threading.Timer)]
        assert all(it.finished.is_set() for it in timers)


@pytest.mark.parametrize(
    ("reply", "is_permanent"),
    [
        ("550 5.1.1 No such user", True),
        ("550 no such user here", True),
        ("553 mailbox name not allowed", True),
        ("550 5.7.1 Rejected by policy", False),
        ("550 relay not permitted", False),
        ("550-Verification failed for <us@example.org>\r\n550 Sender verify failed", False),
        ("550 Invalid recipient", False),
        ("550 5.2.2 <nobody@example.org> Mailbox full", False),
        ("550 5.1.8 Sender address rejected", False),
        ("550 Go away", False),
        ("551 Go away", False),
        ("553 Go away", False),
        ("556 Go away", False),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", True),
        ("550 5.2.1 The email account that you tried to reach is disabled.", True),
        ("554 5.7.1 Relay access denied", False),
        ("552 5.2.2 Mailbox full", False),
        ("450 4.2.1 Try again later", False),
        ("451 Greylisted", False),
    ],
)
def test_knows_a_dead_address_from_a_bad_moment(
    box: smtp.Postbox, reply: str, is_permanent: bool
) -> None:
    box.answer_to = lambda to: reply if to == NOBODY else "250 OK"

    with mail.Sender() as sender:
        with pytest.raises(mail.NotSent, match=reply[:3]) as caught:
            sender.send(MESSAGE, to=NOBODY)
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_permanent is is_permanent
    assert not isinstance(caught.value, mail.Unreachable)
    assert [delivery.to for delivery in box.deliveries] == [MIRA]


def test_a_message_refused_for_its_content_does_not_condemn_the_address(
    box: smtp.Postbox,
) -> None:
    box.answer_data = lambda to: "550 5.6.0 Looks like spam"

    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_permanent is False


@pytest.mark.parametrize("step", ["answer_from", "answer_data"])
def test_only_the_answer_to_the_recipients_name_condemns_the_address(
    box: smtp.Postbox, step: str
) -> None:
    setattr(box, step, lambda _whom: "550 5.1.1 User unknown")

    with mail.Sender() as sender, pytest.raises(mail.NotSent, match="in reply to") as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_permanent is False


def test_does_not_blame_a_domain_for_what_is_said_of_our_sender_or_relay(
    box: smtp.Postbox,
) -> None:
    box.answer_to = lambda to: "454 4.7.1 Relay access denied"

    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_of_domain is False
    assert caught.value.meaning == "relay"


def test_opens_a_new_session_when_the_server_ends_one(box: smtp.Postbox) -> None:
    replies = iter(["250 OK", "421 Too many messages in one session", "250 OK"])
    box.answer_to = lambda to: next(replies)

    with mail.Sender() as sender:
        sender.send(MESSAGE, to=MIRA)
        sender.send(MESSAGE, to=OTHER)

    assert [delivery.to for delivery in box.deliveries] == [MIRA, OTHER]
    assert len({delivery.session for delivery in box.deliveries}) == 2


def test_stops_when_the_server_ends_every_session(box: smtp.Postbox) -> None:
    box.answer_to = lambda to: "421 Closing for the day"

    with mail.Sender() as sender, pytest.raises(mail.Unreachable):
        sender.send(MESSAGE, to=MIRA)


def test_does_not_repeat_what_the_server_may_have_taken(box: smtp.Postbox) -> None:
    lines = iter(["", "250 OK", "250 OK"])
    box.answer_data = lambda to: next(lines)

    with mail.Sender() as sender:
        with pytest.raises(mail.NotSent) as caught:
            sender.send(MESSAGE, to=MIRA)
        sender.send(MESSAGE, to=OTHER)

    assert caught.value.is_permanent is False
    assert [delivery.to for delivery in box.deliveries] == [OTHER]


def test_waits_for_a_server_that_looks_at_the_whole_message_first(
    settings: Settings, box: smtp.Postbox
) -> None:
    """Who gives up sends it again. Seen to fail with the time-out of the other answers."""
    settings.EMAIL_TIMEOUT = 1

    def looks(_to: str) -> str:
        sleep(1.5)
        return "250 OK"

    box.answer_taken = looks
    with mail.Sender() as sender:
        sender.send(MESSAGE, to=MIRA)
        sender.send(MESSAGE, to=OTHER)

    assert [delivery.to for delivery in box.deliveries] == [MIRA, OTHER]


def test_says_when_there_is_no_server(settings: Settings, box: smtp.Postbox) -> None:
    settings.EMAIL_PORT = 1

    with mail.Sender() as sender, pytest.raises(mail.Unreachable):
        sender.send(MESSAGE, to=MIRA)


@pytest.mark.parametrize(
    ("reply", "is_of_domain"),
    [
        ("451 4.7.1 Greylisted", True),
        ("451 Try again later", True),
        ("", True),
        (smtp.HANG, True),
        ("450 4.2.1 Mailbox busy", False),
        ("450 Mailbox busy", False),
        ("452 Mailbox full", False),
        ("550 5.1.1 No such user", False),
        ("554 5.7.1 Relay access denied", False),
    ],
)
def test_knows_a_bad_moment_of_a_domain_from_one_of_a_mailbox(
    settings: Settings, box: smtp.Postbox, reply: str, is_of_domain: bool
) -> None:
    settings.EMAIL_TIMEOUT = 1
    box.answer_to = lambda to: reply

    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_of_domain is is_of_domain
    assert caught.value.is_silent is (reply in ("", smtp.HANG))


def test_does_not_blame_a_domain_for_what_is_said_of_the_sender(box: smtp.Postbox) -> None:
    box.answer_from = lambda sender: "451 4.3.0 Our queue is full"

    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_of_domain is False


def test_loses_patience_with_a_server_that_dribbles(
    box: smtp.Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to hang without the alarm: each byte comes before the time-out for one answer."""
    monkeypatch.setattr(mail, "LONGEST", 0.5)
    box.answer_to = lambda to: smtp.DRIBBLE

    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=MIRA)

    assert caught.value.is_silent


@pytest.mark.parametrize("address", ["", "mira", "mira@", "a b@example.org", "a@b.org\nX: y"])
def test_does_not_bother_the_server_with_what_is_no_address(
    box: smtp.Postbox, address: str
) -> None:
    with mail.Sender() as sender, pytest.raises(mail.NotSent) as caught:
        sender.send(MESSAGE, to=address)

    assert caught.value.is_permanent is True


@pytest.mark.parametrize(
    "words",
    ["Hello", "미라 님, 안녕하세요.", "안녕하세요, 미라 님. " * 200, "é" * 2000, "x" * 5000],
)
def test_leaves_in_seven_bits_whatever_it_says(box: smtp.Postbox, words: str) -> None:
    """A server without 8BITMIME must not get more, and one that converts breaks signatures."""
    message = Message(words[:100], words, f"<p>{words}</p>", {"Message-ID": "<1@example.org>"})

    with mail.Sender() as sender:
        sender.send(message, to=MIRA)

    [delivery] = box.deliveries
    raw = mail.automatic_mail(message, to=MIRA).message().as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998
    for part in delivery.mail.walk():
        assert part["Content-Transfer-Encoding"] in (None, "7bit", "quoted-printable", "base64")
    plain = delivery.mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == words.strip()


def test_every_message_of_ours_is_marked_as_sent_by_a_machine() -> None:
    """Whoever writes one elsewhere would forget it, and the seven bits."""
    places = {
        path.relative_to(ROOT).as_posix()
        for app in ("backlog", "council", "config")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\bEmail(?:Multi\w+|Message)\(|\bsend_mail\(", path.read_text())
    }

    assert places == set()  # All are automatic: `mail.AutomaticMail`.


@pytest.mark.parametrize(
    "header", ["two\nlines", "half a pair: \ud800"], ids=["line break", "surrogate"]
)
def test_what_cannot_be_encoded_is_that_messages_own_failure(
    box: smtp.Postbox, header: str
) -> None:
    """Seen to end the run of everybody behind it."""
    broken = Message(header, "Text", "<p>HTML</p>", {"Message-ID": "<1@example.org>"})

    with mail.Sender() as sender:
        with pytest.raises(mail.NotSent, match="cannot be written: ") as caught:
            sender.send(broken, to=MIRA)
        sender.send(MESSAGE, to=OTHER)

    assert not caught.value.is_permanent
    assert not isinstance(caught.value, mail.Unreachable)
    assert [delivery.to for delivery in box.deliveries] == [OTHER]
