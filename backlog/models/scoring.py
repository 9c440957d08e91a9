"""How requests are scored: models, criteria, blind assessments, one voice a department."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backlog.models.people import Department, User
from backlog.rules import texts

if TYPE_CHECKING:
    from backlog.models.requests import CustomerRequest


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_scoringmodel") else self.none()


class ScoringModel(models.Model):
    """Named criteria, weights and a formula. A change makes a new version; old scores name theirs.

    The formula is in the language of `backlog.scoring.formula`, over `impact`, `feasibility` (0–100
    each) and the criteria's keys.
    """

    key = models.SlugField(_("key"), max_length=32)
    names = models.JSONField(_("name by language"))
    version = models.PositiveIntegerField(_("version"), default=1)
    formula = models.CharField(_("formula"), max_length=500)
    is_default = models.BooleanField(_("default for new products"), default=False)

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
    key = models.SlugField(_("key"), max_length=32)
    names = models.JSONField(_("name by language"))
    anchors = models.JSONField(_("anchors by language"), default=list, blank=True)
    axis = models.CharField(_("axis"), max_length=16, choices=Axis)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=3, default=1)
    direction = models.SmallIntegerField(
        _("direction"), choices=Direction, default=Direction.MORE_IS_BETTER
    )
    scale_low = models.DecimalField(_("scale from"), max_digits=14, decimal_places=4, default=1)
    scale_high = models.DecimalField(_("scale to"), max_digits=14, decimal_places=4, default=5)
    scale_step = models.DecimalField(_("step"), max_digits=14, decimal_places=4, default=1)
    unit = models.JSONField(_("unit by language"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

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


class Assessment(models.Model):
    """One colleague's value for one criterion of one request, given blind, for their department."""

    class Confidence(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    request: "models.ForeignKey[CustomerRequest, CustomerRequest]" = models.ForeignKey(
        "backlog.CustomerRequest",
        on_delete=models.CASCADE,
        related_name="assessments",
        verbose_name=_("request"),
    )
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("criterion"),
    )
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("assessor"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("department"),
    )
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    confidence = models.CharField(
        _("confidence"), max_length=8, choices=Confidence, default=Confidence.MEDIUM
    )
    note = models.TextField(_("note"), blank=True)
    assessed_at = models.DateTimeField(_("assessed at"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "criterion", "assessor"],
                name="backlog_assessment_one_per_assessor",
            ),
            models.CheckConstraint(
                name="backlog_assessment_confidence_known",
                condition=Q(confidence__in=["low", "medium", "high"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value.normalize():f}"


class DepartmentScore(models.Model):
    """The one voice of a department on one criterion of one request, with its bounds."""

    request: "models.ForeignKey[CustomerRequest, CustomerRequest]" = models.ForeignKey(
        "backlog.CustomerRequest",
        on_delete=models.CASCADE,
        related_name="department_scores",
        verbose_name=_("request"),
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="+", verbose_name=_("criterion")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    middle = models.FloatField(_("value"))
    low = models.FloatField(_("lowest"))
    high = models.FloatField(_("highest"))

    class Meta:
        verbose_name = _("department score")
        verbose_name_plural = _("department scores")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "criterion", "department"],
                name="backlog_departmentscore_one_voice",
            ),
            models.CheckConstraint(
                name="backlog_departmentscore_middle_within_bounds",
                condition=Q(low__lte=F("middle"), middle__lte=F("high")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.criterion}: {self.middle:g}"
