"""Consents: what a customer lets us do, and on what basis."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.customers import Customer
from backlog.rules import bounds, natures


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """What a customer lets us do, on what basis, since when; withdrawn, never deleted."""

    class Purpose(models.TextChoices):
        LOOP = "loop", _("hear what became of their own words")
        RESEARCH = "research", _("be asked about needs and plans")
        ADVERTISING = natures.ADVERTISING, _("get advertising")
        ADVERTISING_AT_NIGHT = natures.ADVERTISING_AT_NIGHT, _("get advertising at night, too")

    class Basis(models.TextChoices):
        OWN_REQUEST = "own_request", _("answer to their own request")
        OPT_IN = "opt_in", _("agreed to it")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("customer"),
    )
    purpose = fields.CharField(_("purpose"), max_length=24, choices=Purpose)
    basis = fields.CharField(_("basis"), max_length=16, choices=Basis)
    given_at = fields.DateTimeField(_("given at"))
    withdrawn_at = fields.DateTimeField(_("withdrawn at"), null=True, blank=True)
    proof = fields.JSONField(_("proof"), max_size=bounds.TEXT, default=dict, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                condition=Q(withdrawn_at__isnull=True, basis="own_request"),
                name="backlog_consent_one_live_own_request_per_purpose",
            ),
            models.CheckConstraint(
                name="backlog_consent_purpose_known",
                condition=Q(
                    purpose__in=["loop", "research", "advertising", "advertising_at_night"]
                ),
            ),
            models.CheckConstraint(
                name="backlog_consent_to_advertising_was_agreed_to",
                condition=~Q(purpose__in=["advertising", "advertising_at_night"])
                | Q(basis="opt_in"),
            ),
            models.CheckConstraint(
                name="backlog_consent_basis_known",
                condition=Q(basis__in=["own_request", "opt_in"]),
            ),
            models.CheckConstraint(
                name="backlog_consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.get_basis_display()})"
