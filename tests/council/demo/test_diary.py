from datetime import datetime, timedelta

import pytest

from council.demo.diary import Diary
from tests.factories import NOON

HOUR = timedelta(hours=1)


class TestDiary:
    def test_performs_in_the_order_of_time(self) -> None:
        diary, done = Diary(), list[str]()
        diary.on(NOON + HOUR, lambda _at: done.append("second"))
        diary.on(NOON, lambda _at: done.append("first"))

        diary.perform(until=NOON + HOUR, is_shown=False)

        assert done == ["first", "second"]

    def test_performs_what_happens_at_once_in_the_order_it_was_entered(self) -> None:
        diary, done = Diary(), list[str]()
        diary.on(NOON, lambda _at: done.append("opened"))
        diary.on(NOON, lambda _at: done.append("closed"))

        diary.perform(until=NOON, is_shown=False)

        assert done == ["opened", "closed"]

    def test_performs_what_follows_from_what_happens(self) -> None:
        diary, done = Diary(), list[datetime]()
        diary.on(NOON, lambda at: diary.on(at + HOUR, done.append))

        diary.perform(until=NOON + HOUR, is_shown=False)

        assert done == [NOON + HOUR]

    def test_refuses_consequences_before_their_cause(self) -> None:
        diary = Diary()
        diary.on(NOON, lambda at: diary.on(at - HOUR, lambda _at: None))

        with pytest.raises(ValueError, match="which it is to follow"):
            diary.perform(until=NOON, is_shown=False)

    def test_refuses_what_has_not_happened_yet(self) -> None:
        diary = Diary()
        diary.on(NOON + HOUR, lambda _at: None)

        with pytest.raises(ValueError, match="has not got there"):
            diary.perform(until=NOON, is_shown=False)
