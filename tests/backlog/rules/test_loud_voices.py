"""When one voice drowns the others, and what is missing beside it."""

import pytest

from backlog.rules.loud_voices import Guard, Voices, guards


def heard(pieces: int, **more: int) -> Voices:
    """Balanced, but for what is said."""
    balanced = {"with_words": pieces, "with_ratings": 1, "by_non_customers": 1}
    return Voices(pieces=pieces, **{**balanced, **more})


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        (heard(0, with_ratings=0, by_non_customers=0), ()),
        (heard(10), ()),
        (heard(10, loudest_pieces=4), ()),
        (heard(10, loudest_pieces=5), (Guard.ONE_ACCOUNT,)),
        (heard(3, loudest_pieces=2), (Guard.ONE_ACCOUNT,)),
        (heard(2, loudest_pieces=2), ()),
        (heard(1, with_ratings=0), (Guard.ONLY_WORDS,)),
        (heard(1, with_words=0), (Guard.ONLY_NUMBERS,)),
        (heard(1, with_words=0, with_ratings=0), (Guard.ONLY_NUMBERS,)),
        (heard(4, by_non_customers=0), ()),
        (heard(5, by_non_customers=0), (Guard.NON_CUSTOMERS_UNHEARD,)),
        (
            heard(5, loudest_pieces=5, with_ratings=0, by_non_customers=0),
            (Guard.ONE_ACCOUNT, Guard.ONLY_WORDS, Guard.NON_CUSTOMERS_UNHEARD),
        ),
    ],
)
def test_says_what_to_be_careful_about(voices: Voices, expected: tuple[Guard, ...]) -> None:
    assert guards(voices) == expected


def test_of_no_pieces_nothing_is_a_share() -> None:
    assert heard(0).percent == 0
