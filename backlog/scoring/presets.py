"""Scoring models to begin with: impact × feasibility, RICE, ICE and WSJF."""

from dataclasses import dataclass
from typing import Literal

from backlog.scoring import anchors, score
from backlog.scoring.aggregate import Scale
from backlog.scoring.anchors import Text
from backlog.scoring.score import Axis


@dataclass(frozen=True, slots=True)
class CriterionPreset:
    """Either five written anchors, or a number with a unit."""

    name: Text
    criterion: score.Criterion
    anchors: tuple[Text, ...] = ()
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    key: str
    name: Text
    formula: str
    criteria: tuple[CriterionPreset, ...]

    def model(self) -> score.Model:
        return score.Model.build([each.criterion for each in self.criteria], self.formula)


def _anchored(
    key: str, axis: Axis, name: Text, texts: anchors.Anchors, direction: Literal[1, -1] = 1
) -> CriterionPreset:
    criterion = score.Criterion(key, axis, Scale(1, 5), direction=direction)
    return CriterionPreset(name, criterion, anchors=texts)


def _measured(
    key: str, axis: Axis, name: Text, scale: Scale, unit: Text, direction: Literal[1, -1] = 1
) -> CriterionPreset:
    criterion = score.Criterion(key, axis, scale, direction=direction)
    return CriterionPreset(name, criterion, unit=unit)


_POINTS: Text = {"en": "points", "ko": "점"}

IMPACT_FEASIBILITY = Preset(
    key="impact_feasibility",
    name={"en": "Impact × feasibility", "ko": "영향도 × 실현 가능성"},
    formula="sqrt(impact * feasibility)",
    criteria=(
        _anchored(
            "customer_pain",
            Axis.IMPACT,
            {"en": "Customer pain", "ko": "고객 불편"},
            anchors.CUSTOMER_PAIN,
        ),
        _anchored("reach", Axis.IMPACT, {"en": "Reach", "ko": "영향 범위"}, anchors.REACH),
        _anchored(
            "strategic_fit",
            Axis.IMPACT,
            {"en": "Strategic fit", "ko": "전략 부합"},
            anchors.STRATEGIC_FIT,
        ),
        _anchored(
            "effort", Axis.FEASIBILITY, {"en": "Effort", "ko": "투입 노력"}, anchors.EFFORT, -1
        ),
        _anchored(
            "technical_risk",
            Axis.FEASIBILITY,
            {"en": "Technical risk", "ko": "기술 위험"},
            anchors.TECHNICAL_RISK,
            -1,
        ),
        _anchored(
            "readiness",
            Axis.FEASIBILITY,
            {"en": "Readiness of departments", "ko": "부서 준비도"},
            anchors.READINESS,
        ),
    ),
)

# Intercom's: its "impact" has a longer key here, since `impact` is the name of an axis. Effort
# begins above zero, so that nothing is ever divided by zero.
RICE = Preset(
    key="rice",
    name={"en": "RICE", "ko": "RICE"},
    formula="reach * impact_per_customer * confidence / effort",
    criteria=(
        _measured(
            "reach",
            Axis.IMPACT,
            {"en": "Reach", "ko": "도달 고객 수"},
            Scale(0, 10_000, 100),
            {"en": "customers per quarter", "ko": "분기당 고객 수"},
        ),
        _measured(
            "impact_per_customer",
            Axis.IMPACT,
            {"en": "Impact per customer", "ko": "고객당 영향"},
            Scale(0.25, 3, 0.25),
            {"en": "0.25 minimal to 3 massive", "ko": "0.25 미미함 ~ 3 매우 큼"},
        ),
        _measured(
            "confidence",
            Axis.IMPACT,
            {"en": "Confidence", "ko": "확신도"},
            Scale(0, 1, 0.1),
            {"en": "0 to 1", "ko": "0 ~ 1"},
        ),
        _measured(
            "effort",
            Axis.FEASIBILITY,
            {"en": "Effort", "ko": "투입 노력"},
            Scale(0.5, 60, 0.5),
            {"en": "person-months", "ko": "인월"},
            -1,
        ),
    ),
)

# The product, as most tools compute it; Sean Ellis took the mean.
ICE = Preset(
    key="ice",
    name={"en": "ICE", "ko": "ICE"},
    formula="expected_impact * confidence * ease",
    criteria=(
        _measured(
            "expected_impact",
            Axis.IMPACT,
            {"en": "Expected impact", "ko": "예상 영향"},
            Scale(1, 10),
            _POINTS,
        ),
        _measured(
            "confidence", Axis.IMPACT, {"en": "Confidence", "ko": "확신도"}, Scale(1, 10), _POINTS
        ),
        _measured("ease", Axis.FEASIBILITY, {"en": "Ease", "ko": "용이성"}, Scale(1, 10), _POINTS),
    ),
)

# SAFe's: the cost of delay is a sum; the variant that multiplies is another model.
WSJF = Preset(
    key="wsjf",
    name={"en": "WSJF", "ko": "WSJF"},
    formula="(business_value + time_criticality + risk_reduction) / job_size",
    criteria=(
        _measured(
            "business_value",
            Axis.IMPACT,
            {"en": "User and business value", "ko": "사용자·비즈니스 가치"},
            Scale(1, 20),
            _POINTS,
        ),
        _measured(
            "time_criticality",
            Axis.IMPACT,
            {"en": "Time criticality", "ko": "시간 민감도"},
            Scale(1, 20),
            _POINTS,
        ),
        _measured(
            "risk_reduction",
            Axis.IMPACT,
            {"en": "Risk reduction, opportunity", "ko": "위험 감소·기회 창출"},
            Scale(1, 20),
            _POINTS,
        ),
        _measured(
            "job_size",
            Axis.FEASIBILITY,
            {"en": "Job size", "ko": "작업 크기"},
            Scale(1, 20),
            _POINTS,
            -1,
        ),
    ),
)

PRESETS = {preset.key: preset for preset in (IMPACT_FEASIBILITY, RICE, ICE, WSJF)}
DEFAULT = IMPACT_FEASIBILITY
