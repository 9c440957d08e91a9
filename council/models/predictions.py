"""Predictions: what a decision is expected to bring about, as figures to be looked up later."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backlog.db import fields
from backlog.models import User
from backlog.models.feedback import new_salt
from council.models.decisions import Decision
from council.rules.calibration import Answer
from council.rules.predictions import Expected


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(decision__in=Decision.objects.visible_to(user))


class Prediction(models.Model):
    """A figure that somebody expects to move: from where to where, by when, and how sure they are.

    What is expected in words is the decision's `expected_effect`. It is sealed with the decision;
    what came of it (`result`, `actual`) is known only later, and is said by a review.
    """

    class Result(models.TextChoices):
        HIT = Answer.HIT.value, pgettext_lazy("prediction", "came true")
        PARTLY = Answer.PARTLY.value, pgettext_lazy("prediction", "came true in part")
        MISSED = Answer.MISSED.value, pgettext_lazy("prediction", "did not come true")
        UNKNOWN = Answer.UNKNOWN.value, _("cannot be told")

    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        related_name="predictions",
        verbose_name=_("decision"),
    )
    measure = fields.CharField(_("success measure"), max_length=200)
    baseline = fields.DecimalField(_("baseline"), max_digits=15, decimal_places=4)
    target = fields.DecimalField(_("target"), max_digits=15, decimal_places=4)
    due_on = fields.DateField(_("due on"))
    probability = fields.PositiveSmallIntegerField(
        _("probability in percent"), help_text=_("How sure they are that it comes true.")
    )
    predicted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("predicted by"),
    )
    predicted_at = fields.DateTimeField(_("predicted at"))
    result = fields.CharField(_("what came of it"), max_length=16, choices=Result, blank=True)
    actual = fields.DecimalField(
        _("measured"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    # Of the measure's digest in the chain; gone once somebody who is named in it was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    objects = PredictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "measure", "due_on", "predicted_by"],
                name="council_prediction_one_of_each_for_a_day",
            ),
            models.CheckConstraint(
                name="council_prediction_names_its_measure", condition=~Q(measure="")
            ),
            models.CheckConstraint(
                name="council_prediction_expects_a_change", condition=~Q(target=F("baseline"))
            ),
            models.CheckConstraint(
                name="council_prediction_probability_from_1_to_99",
                condition=Q(probability__gte=1, probability__lte=99),
            ),
            models.CheckConstraint(
                name="council_prediction_result_known",
                condition=Q(result__in=["", "hit", "partly", "missed", "unknown"]),
            ),
            models.CheckConstraint(
                name="council_prediction_measured_only_with_result",
                condition=Q(actual__isnull=True) | ~Q(result=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.expected)

    @property
    def expected(self) -> Expected:
        """What is sealed of it."""
        return Expected(self.measure, self.baseline, self.target, self.due_on, self.probability)
