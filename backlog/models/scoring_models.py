"""What requests are scored by: models with their criteria and formulas."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.users import User
from backlog.rules import bounds, texts


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_scoringmodel") else self.none()


class ScoringModel(Searched):
    """Named criteria, weights and a formula. A change makes a new version; old scores name theirs.

    The formula is in the language of `backlog.scoring.formula`, over `impact`, `feasibility` (0–100
    each) and the criteria's keys.
    """

    key = fields.SlugField(_("key"), max_length=32)
    names = fields.TextByLanguageField(_("name by language"), max_length=100)
    version = fields.PositiveIntegerField(_("version"), default=1)
    formula = fields.CharField(_("formula"), max_length=500)
    is_default = models.BooleanField(_("default for new products"), default=False)

    search_text = SearchField("key", "names")

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring model")
        verbose_name_plural = _("scoring models")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="backlog_scoringmodel_one_per_version"
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="backlog_scoringmodel_one_default",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def name(self) -> str:
        return texts.pick(self.names, get_language())


class Criterion(models.Model):
    """One question that assessors answer, on five written anchors or on a number with a unit.

    `names` and `anchors` hold the texts by language code: `{"en": "Reach", "ko": "영향 범위"}` and
    `[{"en": …, "ko": …}, … five of them]`; without anchors the scale is a number in `unit`.
    """

    class Axis(models.TextChoices):
        IMPACT = "impact", _("impact")
        FEASIBILITY = "feasibility", _("feasibility")

    class Direction(models.IntegerChoices):
        MORE_IS_BETTER = 1, _("more is better")
        LESS_IS_BETTER = -1, _("less is better")

    model = models.ForeignKey(
        ScoringModel,
        on_delete=models.CASCADE,
        related_name="criteria",
        verbose_name=_("scoring model"),
    )
    key = fields.SlugField(_("key"), max_length=32)
    names = fields.TextByLanguageField(_("name by language"), max_length=100)
    anchors = fields.JSONField(
        _("anchors by language"), max_size=bounds.TEXT, default=list, blank=True
    )
    axis = fields.CharField(_("axis"), max_length=16, choices=Axis)
    weight = fields.DecimalField(_("weight"), max_digits=6, decimal_places=3, default=1)
    direction = fields.SmallIntegerField(
        _("direction"), choices=Direction, default=Direction.MORE_IS_BETTER
    )
    scale_low = fields.DecimalField(_("scale from"), max_digits=14, decimal_places=4, default=1)
    scale_high = fields.DecimalField(_("scale to"), max_digits=14, decimal_places=4, default=5)
    scale_step = fields.DecimalField(_("step"), max_digits=14, decimal_places=4, default=1)
    unit = fields.TextByLanguageField(
        _("unit by language"), max_length=100, default=dict, blank=True
    )
    position = fields.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key"], name="backlog_criterion_one_key_per_model"
            ),
            models.CheckConstraint(
                name="backlog_criterion_axis_known",
                condition=Q(axis__in=["impact", "feasibility"]),
            ),
            models.CheckConstraint(
                name="backlog_criterion_direction_known", condition=Q(direction__in=[1, -1])
            ),
            models.CheckConstraint(
                name="backlog_criterion_weight_positive", condition=Q(weight__gt=0)
            ),
            models.CheckConstraint(
                name="backlog_criterion_scale_has_length",
                condition=Q(scale_high__gt=F("scale_low"), scale_step__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def name(self) -> str:
        return texts.pick(self.names, get_language())

    @property
    def unit_name(self) -> str:
        return texts.pick(self.unit, get_language())

    @property
    def anchor_texts(self) -> list[str]:
        """The written anchors from the lowest value to the highest, in the reader's language."""
        return [texts.pick(anchor, get_language()) for anchor in self.anchors]
