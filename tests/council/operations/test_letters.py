"""Letters: owed once, claimed by one worker, tried again, and given up at last."""

from datetime import timedelta

import pytest

from backlog.rules import retries
from council.models import Letter
from council.operations import letters
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


@pytest.fixture
def letter() -> Letter:
    letter: Letter = make.LetterFactory.create()
    return letter


class TestClaim:
    def test_gives_each_to_one_worker(self, letter: Letter) -> None:
        assert letters.claim(by=None, at=NOON) == [letter]
        assert letters.claim(by=None, at=NOON) == []

    def test_takes_over_what_a_dead_worker_left(self, letter: Letter) -> None:
        letters.claim(by=None, at=NOON)

        assert letters.claim(by=None, at=NOON + letters.LEASE) == [letter]

    def test_gives_up_what_was_tried_too_often(self, letter: Letter) -> None:
        Letter.objects.update(attempts=retries.MAX_ATTEMPTS)

        assert letters.claim(by=None, at=NOON) == []
        letter.refresh_from_db()
        assert letter.status == "dead"


class TestRecord:
    def test_a_failure_is_tried_again_later(self, letter: Letter) -> None:
        (claimed,) = letters.claim(by=None, at=NOON)
        letters.record_failure(
            letter=claimed, failure="451 busy", is_permanent=False, by=None, at=NOON
        )

        assert letters.claim(by=None, at=NOON) == []
        assert letters.claim(by=None, at=LATER) == [letter]

    def test_an_address_that_is_no_good_is_given_up(self, letter: Letter) -> None:
        (claimed,) = letters.claim(by=None, at=NOON)
        letters.record_failure(
            letter=claimed, failure="550 no", is_permanent=True, by=None, at=NOON
        )

        letter.refresh_from_db()
        assert (letter.status, letter.failure) == ("dead", "550 no")

    def test_says_nothing_of_what_another_worker_has_by_now(self, letter: Letter) -> None:
        (slow,) = letters.claim(by=None, at=NOON)
        letters.claim(by=None, at=NOON + letters.LEASE)

        letters.record_sent(letter=slow, anchor=None, by=None, at=NOON)

        letter.refresh_from_db()
        assert letter.status == "sending"
