"""How measurements read."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from backlog.models import Measurement
from backlog.queries import measurement_texts

SHARES = {"before_n": 2400, "before_conversions": 98, "after_n": 2380, "after_conversions": 140}
MEANS: dict[str, Any] = {
    "before_n": 120,
    "before_mean": Decimal("5.2000"),
    "after_n": 130,
    "after_mean": Decimal("1.1000"),
    "is_less_better": True,
}
SPREADS = {"before_spread": Decimal(2), "after_spread": Decimal("0.5")}


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (
            SHARES,
            "Conversion 4.1 % → 5.9 %: better, between +0.6 and +3.0 points, 95 % sure",
        ),
        (
            SHARES | {"after_conversions": 99},
            "Conversion 4.1 % → 4.2 %: no real change, between −1.1 and +1.2 points, 95 % sure",
        ),
        (
            {"before_n": 20, "before_conversions": 2, "after_n": 20, "after_conversions": 6},
            "Conversion 10.0 % → 30.0 %: too few to say, between −5.4 and +43.1 points, 95 % sure",
        ),
        (MEANS | SPREADS, "Conversion 5.2 → 1.1: better, between −4.5 and −3.7, 95 % sure"),
        (
            MEANS,
            (
                "Conversion 5.2 → 1.1: not tested, nobody can tell it from chance without the"
                " standard deviations"
            ),
        ),
        (
            {"before_n": 10**6, "before_conversions": 400, "after_n": 10**6}
            | {"after_conversions": 800},
            "Conversion 0.04 % → 0.08 %: better, between +0.03 and +0.05 points, 95 % sure",
        ),
    ],
)
def test_a_sentence_says_what_moved_how_far_and_how_sure(
    figures: dict[str, Any], told: str
) -> None:
    with translation.override("en"):
        assert measurement_texts.sentence(Measurement(**figures), measure="Conversion") == told


def test_the_samples_are_told_beside_it() -> None:
    with translation.override("en"):
        assert measurement_texts.samples(Measurement(**SHARES)) == "n = 2,400 → 2,380"
