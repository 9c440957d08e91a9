"""Accounts: the organisations of customers, and partners who share a goal."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.edited import Edited
from backlog.models.users import User


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_account") else self.none()

    def for_listing(self) -> Self:
        return self.order_by("name", "pk")

    def segments(self) -> "models.QuerySet[Account, str]":
        """The segments there are, each once."""
        named = self.exclude(segment="").order_by("segment")
        return named.values_list("segment", flat=True).distinct()


class Account(Edited, Searched):
    """An organisation: a customer, or a partner or supplier who shares a goal with us."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        PARTNER = "partner", _("partner")
        SUPPLIER = "supplier", _("supplier")

    class ChurnRisk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    name = fields.CharField(_("name"), max_length=200)
    kind = fields.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.CUSTOMER)
    segment = fields.CharField(_("segment"), max_length=64, blank=True)
    annual_revenue = fields.DecimalField(
        _("annual revenue"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    currency = fields.CharField(_("currency"), max_length=3, default="KRW")
    churn_risk = fields.CharField(_("churn risk"), max_length=8, choices=ChurnRisk, blank=True)

    search_text = SearchField("name", "segment")

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="backlog_account_kind_known",
                condition=Q(kind__in=["customer", "partner", "supplier"]),
            ),
            models.CheckConstraint(
                name="backlog_account_churn_risk_known",
                condition=Q(churn_risk__in=["", "low", "medium", "high"]),
            ),
            models.CheckConstraint(
                name="backlog_account_revenue_not_negative",
                condition=Q(annual_revenue__isnull=True) | Q(annual_revenue__gte=0),
                violation_error_code="negative",
                violation_error_message=_("The annual revenue is zero or more."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="backlog_account_by_name"),
            models.Index(fields=["kind", "name", "id"], name="backlog_account_by_kind"),
            models.Index(fields=["segment", "name", "id"], name="backlog_account_by_segment"),
            models.Index(fields=["churn_risk", "name", "id"], name="backlog_account_by_risk"),
        ]

    def __str__(self) -> str:
        return self.name
