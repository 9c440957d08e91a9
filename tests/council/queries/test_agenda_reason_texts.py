"""Every reason reads as a sentence, in both languages."""

import pytest
from django.utils import translation

from council.queries.agenda_reason_texts import carried_over, sentence
from council.rules.agenda_reasons import Code, Reason


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_reason_is_a_sentence(code: Code, language: str) -> None:
    with translation.override(language):
        text = sentence(Reason(code, n=2, since="2026-03-02"))

    assert text.endswith(".")
    assert "%" not in text
    assert text.isascii() == (language == "en")


def test_a_rank_is_lower_or_higher_than_its_score() -> None:
    with translation.override("en"):
        low, high = (sentence(Reason(Code.DRIFT, n=points)) for points in (32, -32))

    assert low == "It is ranked 32 points lower than its score."
    assert high == "It is ranked 32 points higher than its score."


def test_how_often_something_was_carried_over_is_said_as_people_say_it() -> None:
    with translation.override("en"):
        said = [carried_over(times) for times in range(4)]

    assert said == ["", "Carried over once.", "Carried over twice.", "Carried over 3 times."]
