"""Affiliations: which accounts a customer belonged to, and when."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.accounts import Account
from backlog.models.customers import Customer
from backlog.models.users import User
from backlog.rules.affiliations import Span


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_customer") else self.none()

    def current(self) -> Self:
        return self.filter(ends_on__isnull=True)

    def for_listing(self) -> Self:
        """The present ones first, then the latest."""
        latest = F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True)
        return self.select_related("account").order_by(*latest, "-pk")


class Affiliation(models.Model):
    """A customer's time with an account; they may be with several at once.

    `ends_on` is the first day on which they no longer are. Which one counts on a day is said in
    `backlog.rules.affiliations`; what was said while it lasted keeps its account (`Feedback`).
    """

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("customer"),
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="affiliations", verbose_name=_("account")
    )
    starts_on = fields.DateField(
        _("from"),
        null=True,
        blank=True,
        help_text=_("Empty: for as long as we have known them."),
    )
    ends_on = fields.DateField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "account"],
                condition=Q(ends_on__isnull=True),
                name="backlog_affiliation_one_current_per_account",
            ),
            models.CheckConstraint(
                name="backlog_affiliation_ends_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_code="ends_before_start",
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def span(self) -> Span:
        return Span(self.pk, self.account_id, self.starts_on, self.ends_on)
