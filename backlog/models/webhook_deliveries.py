"""Webhook deliveries: each event on its way to an endpoint."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.endpoints import Endpoint
from backlog.models.events import Event
from backlog.models.users import User


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(endpoint__in=Endpoint.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("endpoint", "event__request").order_by("-pk")

    def due(self, *, at: datetime) -> Self:
        return self.filter(status=WebhookDelivery.Status.WAITING, not_before__lte=at)


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("arrived")
        GIVEN_UP = "given_up", _("given up")

    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="deliveries",
        verbose_name=_("endpoint"),
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("event")
    )
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.WAITING)
    owed_at = fields.DateTimeField(_("owed since"))
    not_before = fields.DateTimeField(_("not before"))
    attempts = fields.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = fields.DateTimeField(_("arrived at"), null=True, blank=True)
    failure = fields.CharField(_("last failure"), max_length=300, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"],
                name="backlog_webhookdelivery_one_per_endpoint_and_event",
            ),
            models.CheckConstraint(
                name="backlog_webhookdelivery_status_known",
                condition=Q(status__in=["waiting", "delivered", "given_up"]),
            ),
            models.CheckConstraint(
                name="backlog_webhookdelivery_arrived_iff_delivered",
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "not_before", "id"],
                name="backlog_delivery_waiting",
                condition=Q(status="waiting"),
            ),
            # Replaying goes through what was owed since a moment.
            models.Index(fields=["endpoint", "owed_at"], name="backlog_delivery_by_time"),
            models.Index(fields=["endpoint", "id"], name="backlog_delivery_by_endpoint"),
            models.Index(fields=["status", "id"], name="backlog_delivery_by_status"),
            models.Index(fields=["owed_at", "id"], name="backlog_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} · {self.event}"
