"""Scoring models: a change makes a new version."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import (
    Criterion,
    ScoringModel,
    User,
)
from backlog.operations import events
from backlog.scoring import presets


@transaction.atomic
def install_preset(*, key: str, by: User | None, at: datetime) -> ScoringModel:
    """The scoring model of this name, made from the preset when it is not there yet."""
    preset = presets.PRESETS.get(key)
    if preset is None:
        raise errors.Invalid(
            _("There is no preset “%(key)s”. There are: %(known)s.")
            % {"key": key, "known": ", ".join(presets.PRESETS)},
            field="key",
        )
    model = ScoringModel.objects.filter(key=preset.key).order_by("-version").first()
    if model is not None:
        return model
    is_first = not ScoringModel.objects.filter(is_default=True).exists()
    model = ScoringModel.objects.create(
        key=preset.key, names=dict(preset.name), formula=preset.formula, is_default=is_first
    )
    Criterion.objects.bulk_create(
        _criterion(model, position, each) for position, each in enumerate(preset.criteria)
    )
    events.record("scoring_model.added", subject=model, by=by, at=at)
    return model


def _criterion(model: ScoringModel, position: int, each: presets.CriterionPreset) -> Criterion:
    return Criterion(
        model=model,
        position=position,
        key=each.criterion.key,
        names=dict(each.name),
        anchors=[dict(anchor) for anchor in each.anchors],
        axis=each.criterion.axis.value,
        weight=Decimal(str(each.criterion.weight)),
        direction=each.criterion.direction,
        scale_low=Decimal(str(each.criterion.scale.low)),
        scale_high=Decimal(str(each.criterion.scale.high)),
        scale_step=Decimal(str(each.criterion.scale.step)),
        unit=dict(each.unit or {}),
    )


def default_model(*, by: User | None, at: datetime) -> ScoringModel:
    """What new products are scored with: impact × feasibility unless another was made default."""
    chosen = ScoringModel.objects.filter(is_default=True).first()
    return chosen or install_preset(key=presets.DEFAULT.key, by=by, at=at)
