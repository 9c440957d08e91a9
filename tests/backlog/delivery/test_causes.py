"""What a failure means, in words."""

import pytest
from django.utils import translation

from backlog.delivery import causes


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        ("550 5.1.1 No such user here", "550", "There is no such mailbox"),
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
        cause = causes.cause_of(failure)
        assert (cause.code, words in str(cause.words)) == (code, True)


def test_failures_of_one_kind_are_one_cause() -> None:
    assert causes.cause_of("550 5.1.1 <kim@x>: unknown") == causes.cause_of("550 nobody here")
