"""How sure a council was against what came true."""

import pytest

from council.rules.calibration import Answer, Leaning, calibrate, overall


def test_hits_are_counted_of_what_can_be_told() -> None:
    found = calibrate([(70, "hit"), (70, "missed"), (70, "partly"), (99, "unknown")])

    assert (found.hits, found.partly, found.missed, found.unknown) == (1, 1, 1, 1)
    assert found.told == 3
    assert found.share is not None
    assert (found.share.part, found.share.n) == (1, 3)
    assert found.stated == 70


def test_below_thirty_nothing_is_said_of_it() -> None:
    assert calibrate([(95, "missed")] * 29).leaning == Leaning.TOO_FEW
    assert calibrate([(95, "missed")] * 30).leaning == Leaning.TOO_SURE


@pytest.mark.parametrize(
    ("hits", "leaning"),
    [(20, Leaning.TOO_SURE), (70, Leaning.TRUE), (75, Leaning.TRUE), (95, Leaning.TOO_UNSURE)],
)
def test_seventy_percent_is_held_against_the_interval_of_what_came_true(
    hits: int, leaning: Leaning
) -> None:
    answered = [(70, "hit")] * hits + [(70, "missed")] * (100 - hits)

    assert calibrate(answered).leaning == leaning


def test_each_is_in_the_band_of_how_sure_they_were() -> None:
    found = calibrate([(1, "hit"), (20, "hit"), (21, "missed"), (99, "hit")])

    assert [(it.low, it.share.n if it.share else 0) for it in found.bands] == [
        *((1, 2), (21, 1), (41, 0), (61, 0), (81, 1)),
    ]


def test_nothing_answered_is_not_zero_percent() -> None:
    found = calibrate([])

    assert (found.share, found.stated, found.leaning) == (None, None, Leaning.TOO_FEW)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([], None),
        (["hit", "hit"], Answer.HIT),
        (["missed", "unknown"], Answer.MISSED),
        (["hit", "missed"], Answer.PARTLY),
        (["unknown"], Answer.UNKNOWN),
    ],
)
def test_of_several_figures_the_whole_is_what_all_say(
    answers: list[str], result: Answer | None
) -> None:
    assert overall(answers) == result
