"""Reviews: what was expected of a decision beside what came of it, answered by somebody."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from backlog.rules import bounds
from council.models.decisions import Decision
from council.models.predictions import Prediction


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(decision__in=Decision.objects.visible_to(user))


class Review(models.Model):
    """Somebody looked at a decision again: what came of what was expected, and what follows.

    `result` is that of all its figures together, or of the words where there are no figures; empty
    where nothing was expected.
    """

    class Conclusion(models.TextChoices):
        STANDS = "stands", _("it stands")
        DECIDE_ANEW = "decide_anew", _("the council decides anew")

    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name=_("decision"),
    )
    result = fields.CharField(
        _("what came of it"), max_length=16, choices=Prediction.Result, blank=True
    )
    words = fields.TextField(_("what was learnt"), max_length=bounds.TEXT)
    conclusion = fields.CharField(_("what follows"), max_length=16, choices=Conclusion)
    next_on = fields.DateField(_("look again on"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = fields.DateTimeField(_("reviewed at"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                name="council_review_result_known",
                condition=Q(result__in=["", "hit", "partly", "missed", "unknown"]),
            ),
            models.CheckConstraint(
                name="council_review_conclusion_known",
                condition=Q(conclusion__in=["stands", "decide_anew"]),
            ),
            models.CheckConstraint(
                name="council_review_says_what_was_learnt", condition=~Q(words="")
            ),
            models.CheckConstraint(
                name="council_review_looks_again_only_if_it_stands",
                condition=Q(conclusion="stands") | Q(next_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_conclusion_display()}"
