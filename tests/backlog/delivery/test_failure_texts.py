"""What a failure means, in words."""

import pytest
from django.utils import translation

from backlog.delivery import failure_texts


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        ("550 5.1.1 No such user here", "550", "There is no such mailbox"),
        ("550 Sorry", "550", "does not say clearly why"),
        ("550 5.2.2 Mailbox full", "550", "mailbox is full"),
        ("454 4.7.1 Relay access denied", "454", "does not pass on our mail"),
        ("535 Sender is not authenticated", "535", "user name and password"),
        ("550 Go away (in reply to MAIL FROM)", "550", "Our sender address is not accepted"),
        ("554 5.7.1 Client host is blocked", "554", "policy"),
        ("the provider refuses our sender: '<us'", "", "Our sender address is not accepted"),
        ("421 Too many connections", "421", "too busy"),
        ("499 never seen before", "499", "try again later"),
        ("599 never seen before", "599", "refuses the message"),
        ("401 Unauthorized", "401", "does not accept our key"),
        ("429 Too many requests", "429", "no more messages for now"),
        ("the provider refuses it: rejected", "", "provider refuses"),
        ("the provider knows no such address", "", "no such address"),
        ("timed out", "", "did not answer in time"),
        ("[Errno 111] Connection refused", "", "Nothing listens"),
        ("Connection unexpectedly closed: timed out", "", "did not answer in time"),
        ("not an e-mail address", "", "not an e-mail address"),
        ("something new", "", "something new"),
        ("5501 is no reply", "", "5501 is no reply"),
    ],
)
def test_a_failure_is_told_in_words(failure: str, code: str, words: str) -> None:
    with translation.override("en"):
        cause = failure_texts.cause_of(failure)
        assert (cause.code, words in str(cause.words)) == (code, True)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("550 relay not permitted", "EMAIL_URL"),
        ("550 Sender verify failed", "EMAIL_FROM"),
        ("554 5.7.1 Listed at Spamhaus", "SPF"),
        ("550 Sorry", "whoever we write to"),
    ],
)
def test_what_to_look_at_is_told_with_it(failure: str, words: str) -> None:
    with translation.override("en"):
        assert words in str(failure_texts.remedy_of(failure))


def test_failures_of_one_kind_are_one_cause() -> None:
    assert failure_texts.cause_of("550 5.1.1 <kim@x>: unknown") == failure_texts.cause_of(
        "550 nobody here"
    )
