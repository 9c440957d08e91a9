"""Who has how much time in a sprint, and how much of it each commitment takes."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.commitments import Commitment
from backlog.models.departments import Department
from backlog.models.sprints import Sprint
from backlog.models.users import User


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(sprint__in=Sprint.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("department").order_by("department__name", "pk")


class Capacity(models.Model):
    """The person-days that one department has for a sprint."""

    sprint = models.ForeignKey(
        Sprint, on_delete=models.CASCADE, related_name="capacities", verbose_name=_("sprint")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    days = fields.DecimalField(_("person-days"), max_digits=6, decimal_places=1)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(
                fields=["sprint", "department"], name="backlog_capacity_one_per_department"
            ),
            models.CheckConstraint(
                name="backlog_capacity_more_than_nothing", condition=Q(days__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.days}"


class EffortQuerySet(models.QuerySet["Effort"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(commitment__in=Commitment.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("department").order_by("department__name", "pk")


class Effort(models.Model):
    """The person-days that a commitment takes of one department."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="efforts", verbose_name=_("commitment")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    days = fields.DecimalField(_("person-days"), max_digits=6, decimal_places=1)

    objects = EffortQuerySet.as_manager()

    class Meta:
        verbose_name = _("effort")
        verbose_name_plural = _("efforts")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "department"], name="backlog_effort_one_per_department"
            ),
            models.CheckConstraint(
                name="backlog_effort_more_than_nothing", condition=Q(days__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.days}"
