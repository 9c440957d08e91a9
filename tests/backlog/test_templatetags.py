"""Waits and shares in words."""

from datetime import timedelta

import pytest
from django.utils import translation

from backlog.queries.wait_texts import wait
from backlog.statistics.hearing_back import Between
from backlog.templatetags import hearback, loop


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, ""),
        (timedelta(seconds=70), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=90, hours=13), "91 days"),
    ],
)
def test_a_wait_is_in_the_unit_that_says_enough(time: timedelta | None, words: str) -> None:
    with translation.override("en"):
        assert wait(time) == words


def test_bounds_say_what_nobody_knows() -> None:
    two, three = timedelta(days=2), timedelta(days=3)
    with translation.override("en"):
        assert loop.between(Between(None, None)) == "not known yet"
        assert loop.between(Between(two, None)) == "2 days or longer"
        assert loop.between(Between(two, three)) == "between 2 days and 3 days"


@pytest.mark.parametrize(("language", "words"), [("en", "87 %"), ("ko", "87%")])
def test_a_share_has_its_sign_as_the_language_writes_it(language: str, words: str) -> None:
    with translation.override(language):
        assert hearback.percent(86.9) == words
