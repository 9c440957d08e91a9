"""Commitments: requests taken into a sprint, with what we expect of them."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.edited import Edited
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.sprints import Sprint
from backlog.models.users import User
from backlog.rules import bounds


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def live(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_commitment"):
            return self.none()
        return self.filter(sprint__product__in=Product.objects.visible_to(user))


class Commitment(Edited):
    """A request taken into a sprint, with what we expect from it and how we would know.

    `version` grows when somebody edits these terms.
    """

    sprint = models.ForeignKey(
        Sprint,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="commitments",
        verbose_name=_("sprint"),
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        related_name="commitments",
        verbose_name=_("request"),
    )
    hypothesis = fields.TextField(_("hypothesis"), max_length=bounds.TEXT, blank=True)
    measure = fields.CharField(_("success measure"), max_length=200, blank=True)
    baseline = fields.DecimalField(
        _("baseline"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    target = fields.DecimalField(
        _("target"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    is_pilot = models.BooleanField(_("is a pilot"), default=False)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("committed by"),
    )
    committed_at = fields.DateTimeField(_("committed at"))
    withdrawn_at = fields.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(
                fields=["sprint", "request"],
                condition=Q(withdrawn_at__isnull=True),
                name="backlog_commitment_one_live_per_sprint",
            ),
        ]
        indexes = [
            models.Index(fields=["sprint", "id"], name="backlog_commitment_by_sprint"),
            models.Index(
                fields=["id"], name="backlog_commitment_pilots", condition=Q(is_pilot=True)
            ),
            models.Index(
                fields=["id"],
                name="backlog_commitment_withdrawn",
                condition=Q(withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sprint} · {self.request}"

    @property
    def is_less_better(self) -> bool:
        """Which way the measure should go, as far as the target says; else up."""
        if self.baseline is None or self.target is None:
            return False
        return self.target < self.baseline
