"""Contact points: where a customer may be reached."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.customers import Customer
from backlog.rules import addresses


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def usable(self) -> Self:
        return self.filter(state=ContactPoint.State.USABLE)

    def unusable(self) -> Self:
        return self.filter(state__in=set(ContactPoint.State) - {ContactPoint.State.USABLE})


class ContactPoint(Searched):
    """One address of a customer; a bad one stays on record so that nobody writes there again."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    class State(models.TextChoices):
        USABLE = "usable", _("usable")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("complained")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="contact_points",
        verbose_name=_("customer"),
    )
    channel = fields.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.EMAIL)
    address = fields.CharField(_("address"), max_length=254)
    state = fields.CharField(_("state"), max_length=16, choices=State, default=State.USABLE)
    state_changed_at = fields.DateTimeField(_("state since"), null=True, blank=True)
    verified_at = fields.DateTimeField(_("verified at"), null=True, blank=True)

    search_text = SearchField("address")

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address"], name="backlog_contactpoint_one_customer_per_address"
            ),
            models.CheckConstraint(
                name="backlog_contactpoint_channel_known", condition=Q(channel__in=["email"])
            ),
            models.CheckConstraint(
                name="backlog_contactpoint_state_known",
                condition=Q(state__in=["usable", "unsubscribed", "bounced", "complained"]),
            ),
        ]
        indexes = [
            # How many addresses went bad, and how: few among many.
            models.Index(
                fields=["state", "id"],
                name="backlog_contactpoint_unusable",
                condition=Q(state__in=["unsubscribed", "bounced", "complained"]),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def domain(self) -> str:
        """Whose server takes what is sent here."""
        return addresses.domain_of(self.address)
