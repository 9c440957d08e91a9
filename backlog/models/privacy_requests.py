"""Privacy requests: what people ask of us about their own data."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.customers import Customer
from backlog.models.users import User


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_privacyrequest") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("customer", "asked_by", "closed_by").order_by("-asked_at", "-pk")

    def open(self) -> Self:
        """Neither done nor withdrawn yet."""
        return self.filter(status=PrivacyRequest.Status.OPEN)

    def due_first(self) -> Self:
        return self.select_related("customer", "asked_by").order_by("due_on", "pk")


class PrivacyRequest(models.Model):
    """A person's wish for a copy of their data, or to be forgotten, with the day it is due.

    Without `asked_by` they asked themselves, by a signed link; else a colleague wrote it down.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("copy of their data")
        ERASURE = "erasure", _("to be forgotten")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        WITHDRAWN = "withdrawn", _("withdrawn")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="privacy_requests",
        verbose_name=_("customer"),
    )
    kind = fields.CharField(_("asked for"), max_length=8, choices=Kind)
    status = fields.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    asked_at = fields.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written down by"),
    )
    due_on = fields.DateField(_("due on"))
    closed_at = fields.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    # A copy that they asked for themselves leaves by mail: so often it was tried in vain.
    attempts = fields.PositiveSmallIntegerField(default=0, editable=False)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(status="open"),
                name="backlog_privacyrequest_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                name="backlog_privacyrequest_kind_known",
                condition=Q(kind__in=["export", "erasure"]),
            ),
            models.CheckConstraint(
                name="backlog_privacyrequest_status_known",
                condition=Q(status__in=["open", "done", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="backlog_privacyrequest_closed_iff_not_open",
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="backlog_privacyrequest_closed_after_asked",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("asked_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="backlog_privacyrequest_open",
                condition=Q(status="open"),
            ),
            models.Index(fields=["-asked_at", "-id"], name="backlog_privacyrequest_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.get_kind_display()}"

    def is_overdue(self, today: date) -> bool:
        return self.status == self.Status.OPEN and self.due_on < today
