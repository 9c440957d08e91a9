"""Sprints: the time boxes of a product."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.edited import Edited
from backlog.models.products import Product
from backlog.models.users import User
from backlog.rules import bounds


class SprintQuerySet(models.QuerySet["Sprint"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_sprint"):
            return self.none()
        return self.filter(product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("product").order_by("-starts_on", "-pk")


class Sprint(Edited, Searched):
    """A time box of one product."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="sprints", verbose_name=_("product")
    )
    name = fields.CharField(_("name"), max_length=100)
    goal = fields.TextField(_("goal"), max_length=bounds.TEXT, blank=True)
    starts_on = fields.DateField(_("from"))
    ends_on = fields.DateField(_("until"))
    status = fields.CharField(_("status"), max_length=8, choices=Status, default=Status.PLANNED)
    started_at = fields.DateTimeField(_("started at"), null=True, blank=True)
    closed_at = fields.DateTimeField(_("closed at"), null=True, blank=True)

    search_text = SearchField("name")

    objects = SprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("sprint")
        verbose_name_plural = _("sprints")
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="backlog_sprint_one_per_name"),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(status="active"),
                name="backlog_sprint_one_active_per_product",
            ),
            models.CheckConstraint(
                name="backlog_sprint_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_code="ends_before_start",
                violation_error_message=_("A sprint ends on the day it starts, or later."),
            ),
            models.CheckConstraint(
                name="backlog_sprint_dates_match_status",
                condition=Q(status="planned", started_at__isnull=True, closed_at__isnull=True)
                | Q(status="active", started_at__isnull=False, closed_at__isnull=True)
                | Q(status="closed", started_at__isnull=False, closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
