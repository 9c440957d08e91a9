"""Outcomes: what became of a commitment."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.announced import Announced
from backlog.models.commitments import Commitment
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.users import User
from backlog.rules import bounds


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def public(self) -> Self:
        """What everybody may read: changes that reached users, were announced and still stand."""
        return self.current().filter(
            announcement__announced_at__isnull=False,
            shipped_at__isnull=False,
            commitment__request__product__in=Product.objects.with_public_changelog(),
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_outcome"):
            return self.none()
        return self.filter(commitment__request__product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related(
            "commitment__request__product", "commitment__sprint", "announcement"
        ).order_by("-recorded_at", "-pk")


class Outcome(Announced):
    """What became of a commitment, in words a customer can read.

    A later result (a roll-back, say) is a new row that names the one it replaces; both stay.
    """

    class Result(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        PARTLY = "partly", _("partly delivered")
        NOT_DELIVERED = "not_delivered", _("not delivered")
        ROLLED_BACK = "rolled_back", _("rolled back")

    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        related_name="outcomes",
        verbose_name=_("commitment"),
    )
    result = fields.CharField(_("result"), max_length=16, choices=Result)
    summary = fields.TextByLanguageField(
        _("what was done, by language"),
        max_length=bounds.MESSAGE,
        help_text=_("What the customer reads, in Korean and English."),
    )
    missing = fields.TextByLanguageField(
        _("what is missing, by language"),
        max_length=bounds.MESSAGE,
        default=dict,
        blank=True,
        help_text=_("If not all was delivered: what is missing, why, and what comes next."),
    )
    shipped_at = fields.DateTimeField(_("shipped at"), is_past=True, null=True, blank=True)
    shipped_where = fields.CharField(
        _("shipped where"),
        max_length=100,
        blank=True,
        help_text=_("A version, a channel or a region, as customers know it: they read it too."),
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(is_current=True),
                name="backlog_outcome_one_current_per_commitment",
            ),
            models.CheckConstraint(
                name="backlog_outcome_result_known",
                condition=Q(result__in=["delivered", "partly", "not_delivered", "rolled_back"]),
            ),
            models.CheckConstraint(
                name="backlog_outcome_shipped_iff_it_reached_users",
                condition=Q(
                    result__in=["delivered", "partly", "rolled_back"], shipped_at__isnull=False
                )
                | Q(result="not_delivered", shipped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="backlog_outcome_shipped_somewhere_only_if_shipped",
                condition=Q(shipped_at__isnull=False) | Q(shipped_where=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-recorded_at", "-id"], name="backlog_outcome_newest"),
            models.Index(
                fields=["result", "-recorded_at", "-id"], name="backlog_outcome_by_result"
            ),
            models.Index(
                fields=["-recorded_at", "-id"],
                name="backlog_outcome_replaced",
                condition=Q(is_current=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.get_result_display()}"

    @property
    def request(self) -> CustomerRequest:
        return self.commitment.request
