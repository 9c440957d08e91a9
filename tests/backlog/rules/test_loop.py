"""When answers verify a request and when they open it again."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backlog.rules import loop
from backlog.rules.loop import Answers

counts = st.integers(0, 200)
any_answers = st.builds(Answers, counts, counts, counts)


@pytest.mark.parametrize(
    ("answers", "reopened"),
    [
        (Answers(), False),
        (Answers(confirmed=9), False),
        (Answers(confirmed=8, disputed=1), True),
        (Answers(confirmed=9, disputed=1), True),
        (Answers(confirmed=10, disputed=1), False),
        (Answers(confirmed=18, partly=1, disputed=2), False),
        (Answers(confirmed=17, partly=1, disputed=2), True),
    ],
)
def test_one_no_is_enough_under_ten_answers_and_a_tenth_of_them_beyond(
    answers: Answers, reopened: bool
) -> None:
    assert loop.reopens(answers, percent=10) is reopened


@pytest.mark.parametrize(
    ("answers", "verified"),
    [
        (Answers(confirmed=2), False),
        (Answers(confirmed=3), True),
        (Answers(confirmed=3, partly=5), True),
        (Answers(confirmed=300, disputed=1), False),
    ],
)
def test_enough_yes_verify_unless_somebody_says_no(answers: Answers, verified: bool) -> None:
    assert loop.verifies(answers, after=3) is verified


@given(any_answers, st.integers(1, 100), st.integers(1, 50))
def test_answers_never_verify_and_reopen_at_once(
    answers: Answers, percent: int, after: int
) -> None:
    assert not (loop.reopens(answers, percent=percent) and loop.verifies(answers, after=after))


@given(any_answers, st.integers(1, 100))
def test_one_more_no_never_closes_what_was_open(answers: Answers, percent: int) -> None:
    # From the tenth answer on a percentage decides, and it may ask for more than one “no”.
    assume(answers.total != loop.FEW - 1)
    more = Answers(answers.confirmed, answers.partly, answers.disputed + 1)

    assert loop.reopens(more, percent=percent) or not loop.reopens(answers, percent=percent)
