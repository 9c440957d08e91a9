from datetime import UTC, datetime

import pytest

from backlog.rules.natures import lacking

DAY, NIGHT = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (12, 22))


@pytest.mark.parametrize("nature", ["answer", "service"])
def test_answers_and_services_lack_no_consent_at_any_hour(nature: str) -> None:
    assert lacking(nature, agreed_to=(), local=DAY) == set()
    assert lacking(nature, agreed_to=(), local=NIGHT) == set()


def test_advertising_takes_a_consent_of_its_own() -> None:
    assert lacking("advertising", agreed_to=["loop", "research"], local=DAY) == {"advertising"}
    assert lacking("advertising", agreed_to=["advertising"], local=DAY) == set()


def test_at_night_it_takes_a_second_one_beside_the_first() -> None:
    night = "advertising_at_night"

    assert lacking("advertising", agreed_to=["advertising"], local=NIGHT) == {night}
    assert lacking("advertising", agreed_to=[night], local=NIGHT) == {"advertising"}
    assert lacking("advertising", agreed_to=["advertising", night], local=NIGHT) == set()


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"),
    [(20, 59, False), (21, 0, True), (0, 0, True), (7, 59, True), (8, 0, False)],
)
def test_the_night_is_from_nine_to_eight(hour: int, minute: int, is_night: bool) -> None:
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    assert bool(lacking("advertising", agreed_to=["advertising"], local=moment)) is is_night
