"""What a reason is worth, and how long an item takes."""

from council.rules import agenda_reasons
from council.rules.agenda_reasons import Code, Reason


def test_every_reason_is_worth_something() -> None:
    assert set(agenda_reasons.WORTH) == set(Code)


def test_more_reasons_and_a_higher_priority_are_worth_more() -> None:
    top, silent = Reason(Code.TOP, 1), Reason(Code.SILENT, 3)

    assert agenda_reasons.value([top], None) == 40
    assert agenda_reasons.value([top], 60.0) == 70
    assert agenda_reasons.value([top, silent], 60.0) == 90
    assert agenda_reasons.value([top], 900.0) == 90


def test_minutes_are_learnt_from_enough_items_only() -> None:
    learnt = agenda_reasons.learnt_minutes({"decide": [21, 22, 24, 90, 3], "review": [60] * 4})

    assert learnt == {**agenda_reasons.MINUTES, "decide": 20}


def test_reasons_are_kept_and_read_again_the_strongest_first() -> None:
    reasons = [Reason(Code.TOP, 1), Reason(Code.CARRIED_OVER, 2)]

    kept = agenda_reasons.plain(reasons)

    assert kept[0] == {"code": "carried_over", "n": 2, "since": ""}
    assert agenda_reasons.read(kept) == reasons[::-1]


def test_what_is_due_for_review_is_reviewed_and_the_undecided_decided() -> None:
    def kind_of(code: Code, *, is_undecided: bool) -> str:
        return agenda_reasons.kind_of([Reason(code)], is_undecided=is_undecided)

    assert kind_of(Code.REVIEW_DUE, is_undecided=True) == "review"
    assert kind_of(Code.TOP, is_undecided=True) == "decide"
    assert kind_of(Code.DISPUTED, is_undecided=False) == "discuss"
