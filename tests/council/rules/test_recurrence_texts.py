"""A rule reads as a person would say it, in both languages."""

from datetime import date, time

import pytest
from django.utils import translation

from council.rules import recurrence, recurrence_texts

FRIDAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("rule", "english", "korean"),
    [
        (
            "FREQ=MONTHLY;BYDAY=-1FR",
            "Every month on the last Friday at 10:00",
            "매월 마지막 금요일 10:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=2TU",
            "Every month on the second Tuesday at 10:00",
            "매월 둘째 화요일 10:00",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE",
            "Every week on Monday, Wednesday at 10:00",
            "매주 월요일, 수요일 10:00",
        ),
        ("FREQ=WEEKLY;INTERVAL=2", "Every other week on Friday at 10:00", "격주 금요일 10:00"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "Every month on the last day at 10:00",
            "매월 마지막 날 10:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3",
            "Every month on day 31 at 10:00, 3 times",
            "매월 31일 10:00, 3번",
        ),
        ("FREQ=DAILY", "Every day at 10:00", "매일 10:00"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days at 10:00", "3일마다 10:00"),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "Every working day at 10:00",
            "평일마다 10:00",
        ),
        ("FREQ=YEARLY", "Every year on 2 January at 10:00", "매년 1월 2일 10:00"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "Every 3 months on the last working day at 10:00",
            "3개월마다 마지막 평일 10:00",
        ),
    ],
)
def test_reads_as_a_person_would_say_it(rule: str, english: str, korean: str) -> None:
    for language, words in (("en", english), ("ko", korean)):
        with translation.override(language):
            found = recurrence_texts.sentence(recurrence.read(rule), FRIDAY, time(10))
        assert found == words


def test_shows_a_rule_that_has_no_such_words_as_it_is_written() -> None:
    rule = "FREQ=YEARLY;BYDAY=MO;BYMONTH=1,3"
    with translation.override("en"):
        found = recurrence_texts.sentence(recurrence.read(rule), FRIDAY, time(10))

    assert found == f"By the rule {rule} at 10:00"
