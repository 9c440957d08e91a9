"""The pieces that pages are made of."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from backlog.models import Obligation, RequestStatus, User
from backlog.rules import calendars
from backlog.templatetags import components

DAY = timedelta(days=1)


@pytest.fixture(params=["en", "ko"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-20), ("just now", "방금")),
        (timedelta(minutes=-1), ("1 minute ago", "1분 전")),
        (timedelta(minutes=5, seconds=3), ("in 5 minutes", "5분 뒤")),
        (timedelta(hours=-3), ("3 hours ago", "3시간 전")),
    ],
)
def test_a_moment_says_how_far_away_it_is(
    distance: timedelta, words: tuple[str, str], language: str
) -> None:
    assert components.relative(timezone.now() + distance) == words[language == "ko"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, ("today", "오늘")),
        (1, ("tomorrow", "내일")),
        (-1, ("yesterday", "어제")),
        (-12, ("12 days ago", "12일 전")),
        (9, ("in 9 days", "9일 뒤")),
        (-152, ("5 months ago", "5개월 전")),
        (1100, ("in 3 years", "3년 뒤")),
    ],
)
def test_a_day_is_counted_on_the_calendar(days: int, words: tuple[str, str], language: str) -> None:
    day = calendars.day_of(timezone.now()) + days * DAY

    assert components.relative_day(day) == words[language == "ko"]


def test_a_moment_says_when_it_is_as_well() -> None:
    with translation.override("en"):
        shown = components.moment(date(2020, 2, 29))

    assert 'datetime="2020-02-29"' in shown
    assert "years ago <small>" in shown


def test_no_moment_is_nothing() -> None:
    assert components.moment(None) == ""


def test_what_people_wrote_is_escaped() -> None:
    assert "<b>" not in components.pill("no", "<b>")


def test_the_style_guide_shows_every_state(client: Client, omar: User) -> None:
    client.force_login(omar, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("backlog:styleguide")).content.decode()

    for code in [*RequestStatus, *Obligation.Status]:
        assert f"hb-pill-{code}" in page
