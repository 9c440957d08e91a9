"""Evidence: the customers' words that speak for a request."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.feedback import Feedback
from backlog.models.products import Product
from backlog.models.users import User
from backlog.rules import passages


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def live(self) -> Self:
        return self.filter(unlinked_at__isnull=True)

    def without_repeats(self) -> Self:
        """Of the same part of the same words, linked to requests that were merged, the first."""
        earlier = Evidence.objects.live().filter(
            counts_for=OuterRef("counts_for"),
            feedback=OuterRef("feedback"),
            start=OuterRef("start"),
            end=OuterRef("end"),
            pk__lt=OuterRef("pk"),
        )
        return self.filter(~Exists(earlier))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What speaks for requests the person may see, in words the person may read."""
        if not user.has_perm("backlog.view_evidence"):
            return self.none()
        return self.filter(
            request__product__in=Product.objects.visible_to(user),
            feedback__in=Feedback.objects.visible_to(user),
        )


class Evidence(models.Model):
    """The link from a customer's words to a request: which part of them, and how much it matters.

    A link is ended by a date, never deleted. It keeps its request for ever; `counts_for` is the
    survivor when requests are merged.
    """

    class Importance(models.IntegerChoices):
        NONE = 0, _("not important")
        NICE = 1, _("nice to have")
        IMPORTANT = 2, _("important")
        CRITICAL = 3, _("critical")

    # Who said it: the survivor where customers were merged.
    CUSTOMER = Coalesce("feedback__customer__merged_into", "feedback__customer")
    # For which account: theirs when they said it, whatever became of them since.
    ACCOUNT = F("feedback__account")

    request = models.ForeignKey(
        "backlog.CustomerRequest",
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("request"),
    )
    counts_for = models.ForeignKey(
        "backlog.CustomerRequest",
        on_delete=models.PROTECT,
        related_name="counted_evidence",
        verbose_name=_("counts for"),
    )
    feedback = models.ForeignKey(
        Feedback,
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("feedback"),
    )
    start = fields.PositiveIntegerField(_("from character"))
    end = fields.PositiveIntegerField(_("to character"))
    importance = fields.PositiveSmallIntegerField(
        _("importance"), choices=Importance, default=Importance.NICE
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("linked by"),
    )
    linked_at = fields.DateTimeField(_("linked at"))
    unlinked_at = fields.DateTimeField(_("unlinked at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "feedback", "start", "end"],
                condition=Q(unlinked_at__isnull=True),
                name="backlog_evidence_one_live_link_per_excerpt",
            ),
            models.CheckConstraint(
                name="backlog_evidence_excerpt_not_empty", condition=Q(end__gt=F("start"))
            ),
            models.CheckConstraint(
                name="backlog_evidence_importance_from_0_to_3",
                condition=Q(importance__gte=0, importance__lte=3),
            ),
            models.CheckConstraint(
                name="backlog_evidence_ends_after_it_began",
                condition=Q(unlinked_at__isnull=True) | Q(unlinked_at__gte=F("linked_at")),
            ),
        ]
        indexes = [
            # Who asked? Every announcement and every score begins here.
            models.Index(
                fields=["counts_for", "feedback"],
                name="backlog_evidence_live",
                condition=Q(unlinked_at__isnull=True),
            ),
            models.Index(
                fields=["importance", "id"],
                name="backlog_evidence_by_importance",
                condition=~Q(importance=1),
            ),
        ]

    def __str__(self) -> str:
        return self.excerpt[:80]

    @property
    def excerpt(self) -> str:
        """The part of the customer's words that speaks for the request; needs `feedback` loaded."""
        return passages.excerpt(self.feedback.verbatim, self.start, self.end)

    @property
    def passage(self) -> str:
        """The excerpt with what stands around it, for quoting; needs `feedback` loaded."""
        return passages.passage(self.feedback.verbatim, self.start, self.end)
