import pytest

from backlog.scoring import formula, presets, score
from backlog.scoring.presets import PRESETS, Preset
from backlog.statistics.interval import Interval


def priority(preset: Preset, **values: float) -> float | None:
    points = {key: Interval.point(value) for key, value in values.items()}
    return preset.model().formula.evaluate(points).middle


def rice(reach: float, impact: float, confidence: float, effort: float) -> float | None:
    return priority(
        presets.RICE,
        reach=reach,
        impact_per_customer=impact,
        confidence=confidence,
        effort=effort,
    )


class TestRice:
    @pytest.mark.parametrize(
        ("inputs", "expected"),
        [
            # beginpm.com, "What is the RICE scoring model"
            ((1000, 2, 0.8, 5), 320),
            ((500, 1, 0.9, 2), 225),
            # beginpm.com, "Examples of RICE scoring": prints 26667, a misread decimal point.
            ((10_000, 1, 0.8, 3), 2666.67),
            # Intercom's own article on RICE, quoted in its translation.
            ((450, 3, 1, 2), 675),
            ((2000, 1, 0.8, 4), 400),
            ((800, 2, 0.5, 1), 800),
        ],
    )
    def test_gives_the_published_scores(
        self, inputs: tuple[float, float, float, float], expected: float
    ) -> None:
        assert rice(*inputs) == pytest.approx(expected, abs=0.005)

    def test_no_effort_is_not_on_the_scale_and_never_gives_infinity(self) -> None:
        effort = next(each for each in presets.RICE.model().criteria if each.key == "effort")

        assert 0 not in effort.scale
        assert rice(100, 1, 1, 0) == rice(100, 1, 1, 0.5) == 200


class TestIce:
    @pytest.mark.parametrize(
        ("inputs", "expected"),
        # klero.ai/glossary/ice-scoring-model and idaete.com/tools/ice-scoring-model
        [((8, 7, 6), 336), ((9, 8, 3), 216), ((8, 6, 3), 144)],
    )
    def test_multiplies_as_published(
        self, inputs: tuple[float, float, float], expected: float
    ) -> None:
        impact, confidence, ease = inputs
        found = priority(presets.ICE, expected_impact=impact, confidence=confidence, ease=ease)
        assert found == expected


class TestWsjf:
    @pytest.mark.parametrize(
        ("inputs", "expected"),
        # SAFe's scale; the table is derived from SAFe's formula. Order C, A, E, B, D.
        [
            ((8, 5, 3, 5), 3.2),
            ((13, 8, 5, 13), 2.0),
            ((3, 13, 2, 3), 6.0),
            ((5, 3, 1, 8), 1.125),
            ((1, 1, 1, 1), 3.0),
        ],
        ids="ABCDE",
    )
    def test_divides_the_sum_by_the_size(
        self, inputs: tuple[float, float, float, float], expected: float
    ) -> None:
        value, criticality, risk, size = inputs
        found = priority(
            presets.WSJF,
            business_value=value,
            time_criticality=criticality,
            risk_reduction=risk,
            job_size=size,
        )
        assert found == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("inputs", "expected"),
        # beginpm.com, "What is WSJF in agile": on a scale of its own; B goes before A.
        [((100, 50, 20, 10), 17), ((80, 30, 10, 5), 24)],
    )
    def test_the_formula_gives_the_published_scores(
        self, inputs: tuple[float, float, float, float], expected: float
    ) -> None:
        names = ("business_value", "time_criticality", "risk_reduction", "job_size")
        points = {name: Interval.point(value) for name, value in zip(names, inputs, strict=True)}

        assert formula.parse(presets.WSJF.formula, points).evaluate(points).middle == expected


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
class TestPresets:
    def test_build_a_model_that_has_a_value_for_every_input(self, preset: Preset) -> None:
        everything = preset.model().formula.evaluate({})

        assert everything.low >= 0
        assert everything.middle is None

    def test_have_five_anchors_or_a_unit_in_both_languages(self, preset: Preset) -> None:
        for each in preset.criteria:
            assert (len(each.anchors), each.unit is None) in [(5, True), (0, False)]
            texts = [each.name, *each.anchors, *([each.unit] if each.unit else [])]
            assert all(text["en"].strip() and text["ko"].strip() for text in texts)

    def test_rise_with_what_is_good_and_fall_with_what_is_bad(self, preset: Preset) -> None:
        model = preset.model()
        usual = {
            each.key: Interval.point((each.scale.low + each.scale.high) / 2)
            for each in model.criteria
        }
        for each in model.criteria:
            low, high = (
                priority_of(model, usual | {each.key: Interval.point(end)})
                for end in (each.scale.low, each.scale.high)
            )
            assert (high - low) * each.direction > 0


def priority_of(model: score.Model, values: dict[str, Interval]) -> float:
    said = {key: {1: value} for key, value in values.items()}
    return score.score(model, said, [1]).priority.low
