"""How the figures of a report read."""

import pytest
from django.utils import translation

from council.queries import report_texts
from council.queries.reports import Figure, Name, Unit


@pytest.mark.parametrize(
    ("name", "unit", "number", "english", "korean"),
    [
        (Name.CLOSED, Unit.PERCENT, 86.9, "87 %", "87%"),
        (Name.NPS, Unit.POINTS, -63.6, "-64", "-64"),
        (Name.CES, Unit.POINTS, 5.26, "5.3", "5.3"),
        (Name.WORDS, Unit.NUMBER, 289, "289", "289"),
    ],
)
def test_a_figure_is_rounded_to_the_nearest(
    name: Name, unit: Unit, number: float, english: str, korean: str
) -> None:
    figure = Figure(name, unit, number, n=100)

    for language, words in (("en", english), ("ko", korean)):
        with translation.override(language):
            assert report_texts.value(figure, number) == words
