"""What was measured of an outcome: the figures as given, and what they say."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.outcomes import Outcome
from backlog.models.products import Product
from backlog.models.users import User
from backlog.statistics import significance
from backlog.statistics.interval import Interval


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_measurement"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(outcome__commitment__request__product__in=seen)

    def latest_first(self) -> Self:
        return self.select_related("measured_by").order_by("-measured_at", "-pk")


class Measurement(models.Model):
    """Two samples of one outcome's success measure. All are kept; the latest counts.

    Before and after it shipped, or without it (the control) and with it (the variant): the columns
    are the same. A sample is a share, so many conversions of `n`, or a mean of `n` values; what a
    mean says about chance, it says with the spread of both samples only.
    """

    class Design(models.TextChoices):
        BEFORE_AFTER = "before_after", _("before and after")
        AB = "ab", _("A/B: control and variant")

    class Verdict(models.TextChoices):
        BETTER = significance.Verdict.BETTER.value, _("better")
        WORSE = significance.Verdict.WORSE.value, _("worse")
        NO_REAL_CHANGE = significance.Verdict.NO_REAL_CHANGE.value, _("no real change")
        TOO_FEW = significance.Verdict.TOO_FEW.value, _("too few to say")
        UNTESTED = "untested", _("not tested")

    outcome = models.ForeignKey(
        Outcome,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("outcome"),
    )
    design = fields.CharField(
        _("compared"), max_length=12, choices=Design, default=Design.BEFORE_AFTER
    )
    before_n = fields.PositiveIntegerField(_("sample before, or of the control"))
    after_n = fields.PositiveIntegerField(_("sample after, or of the variant"))
    before_conversions = fields.PositiveIntegerField(
        _("conversions before, or of the control"), null=True, blank=True
    )
    after_conversions = fields.PositiveIntegerField(
        _("conversions after, or of the variant"), null=True, blank=True
    )
    before_mean = fields.DecimalField(
        _("average before, or of the control"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
    )
    after_mean = fields.DecimalField(
        _("average after, or of the variant"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
    )
    before_spread = fields.DecimalField(
        _("standard deviation before, or of the control"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
    )
    after_spread = fields.DecimalField(
        _("standard deviation after, or of the variant"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
    )
    is_less_better = models.BooleanField(_("less is better"), default=False)
    measured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measured by"),
    )
    measured_at = fields.DateTimeField(_("measured at"))

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.CheckConstraint(
                name="backlog_measurement_design_known",
                condition=Q(design__in=["before_after", "ab"]),
            ),
            models.CheckConstraint(
                name="backlog_measurement_has_two_samples",
                condition=Q(before_n__gte=1, after_n__gte=1),
            ),
            models.CheckConstraint(
                name="backlog_measurement_conversions_within_sample",
                condition=(
                    Q(before_conversions__isnull=True) | Q(before_conversions__lte=F("before_n"))
                )
                & (Q(after_conversions__isnull=True) | Q(after_conversions__lte=F("after_n"))),
            ),
            models.CheckConstraint(
                name="backlog_measurement_shares_or_means",
                condition=Q(
                    before_conversions__isnull=False,
                    after_conversions__isnull=False,
                    before_mean__isnull=True,
                    after_mean__isnull=True,
                )
                | Q(
                    before_conversions__isnull=True,
                    after_conversions__isnull=True,
                    before_mean__isnull=False,
                    after_mean__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="backlog_measurement_spreads_go_with_means",
                condition=Q(before_spread__isnull=True, after_spread__isnull=True)
                | Q(
                    before_mean__isnull=False,
                    before_spread__isnull=False,
                    before_spread__gte=0,
                    after_spread__isnull=False,
                    after_spread__gte=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} · {self.get_verdict_display()}"

    @property
    def is_of_shares(self) -> bool:
        return self.before_conversions is not None

    @property
    def before(self) -> float:
        """A share in percent, or a mean."""
        return _value(self.before_conversions, self.before_n, self.before_mean)

    @property
    def after(self) -> float:
        return _value(self.after_conversions, self.after_n, self.after_mean)

    @property
    def comparison(self) -> significance.Comparison | None:
        """None for means without a spread, of which nobody can tell a change from chance."""
        if self.before_conversions is not None and self.after_conversions is not None:
            return significance.compare(
                before=(self.before_conversions, self.before_n),
                after=(self.after_conversions, self.after_n),
                less_is_better=self.is_less_better,
            )
        if self.before_spread is None or self.after_spread is None:
            return None
        return significance.compare_means(
            before=significance.Mean(self.before_n, self.before, float(self.before_spread)),
            after=significance.Mean(self.after_n, self.after, float(self.after_spread)),
            less_is_better=self.is_less_better,
        )

    @property
    def verdict(self) -> str:
        comparison = self.comparison
        return comparison.verdict.value if comparison else self.Verdict.UNTESTED.value

    def get_verdict_display(self) -> str:
        return str(self.Verdict(self.verdict).label)

    @property
    def difference(self) -> Interval | None:
        """How far it can truly have moved at 95 %: in points for shares, else as the mean is."""
        comparison = self.comparison
        if comparison is None:
            return None
        scale = Interval.point(100.0 if self.is_of_shares else 1.0)
        return comparison.difference * scale

    @property
    def p_value(self) -> float | None:
        comparison = self.comparison
        return comparison.p_value if comparison else None


def _value(conversions: int | None, n: int, mean: Decimal | None) -> float:
    if conversions is not None:
        return 100 * conversions / n
    assert mean is not None
    return float(mean)
