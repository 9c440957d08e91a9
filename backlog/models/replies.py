"""What customers answered to “Did this solve it?”."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.feedback import Feedback
from backlog.models.obligations import Obligation
from backlog.models.products import Product
from backlog.models.users import User


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Who may read customers' words may read their answers; whose they are is another right."""
        if not user.has_perm("backlog.view_reply"):
            return self.none()
        return self.filter(obligation__request__product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        rows = self.select_related(
            "obligation__request__product", "obligation__customer", "feedback"
        )
        rows = rows.prefetch_related("obligation__customer__contact_points")
        return rows.order_by("-answered_at", "-pk")

    def gravest_first(self) -> Self:
        """“No” before “partly” before “yes”, so that none is lost among thanks; then the newest."""
        gravity = Case(When(verdict="no", then=0), When(verdict="partly", then=1), default=2)
        return self.order_by(gravity, "-answered_at", "-pk")


class Reply(models.Model):
    """A customer's answer to “Did this solve it?”. All are kept; the last one counts.

    `satisfaction` is from 1 to 5, where they gave it.
    """

    class Verdict(models.TextChoices):
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    class Satisfaction(models.IntegerChoices):
        VERY_DISSATISFIED = 1, _("very dissatisfied")
        DISSATISFIED = 2, _("dissatisfied")
        NEITHER = 3, _("neither satisfied nor dissatisfied")
        SATISFIED = 4, _("satisfied")
        VERY_SATISFIED = 5, _("very satisfied")

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="replies", verbose_name=_("obligation")
    )
    verdict = fields.CharField(_("did this solve it?"), max_length=8, choices=Verdict)
    satisfaction = fields.PositiveSmallIntegerField(
        _("satisfaction"), choices=Satisfaction, null=True, blank=True
    )
    feedback = models.OneToOneField(
        Feedback,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reply",
        verbose_name=_("words"),
    )
    answered_at = fields.DateTimeField(_("answered at"))

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                name="backlog_reply_verdict_known",
                condition=Q(verdict__in=["yes", "partly", "no"]),
            ),
            models.CheckConstraint(
                name="backlog_reply_satisfaction_from_1_to_5",
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
            ),
        ]
        indexes = [
            models.Index(fields=["-answered_at", "-id"], name="backlog_reply_newest"),
            models.Index(
                fields=["verdict", "-answered_at", "-id"], name="backlog_reply_by_verdict"
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()
