"""Department scores: the one voice of each department."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.assessments import awaiting
from backlog.models.departments import Department
from backlog.models.requests import CustomerRequest
from backlog.models.scoring_models import Criterion
from backlog.models.users import User


class DepartmentScoreQuerySet(models.QuerySet["DepartmentScore"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """As blind as the assessments that they are made of."""
        if not user.has_perm("backlog.view_departmentscore"):
            return self.none()
        seen = self.filter(request__in=CustomerRequest.objects.visible_to(user))
        return seen.exclude(request__in=awaiting(user))


class DepartmentScore(models.Model):
    """The one voice of a department on one criterion of one request, with its bounds."""

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.CASCADE,
        related_name="department_scores",
        verbose_name=_("request"),
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="+", verbose_name=_("criterion")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    middle = fields.FloatField(_("value"))
    low = fields.FloatField(_("lowest"))
    high = fields.FloatField(_("highest"))

    objects = DepartmentScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("department score")
        verbose_name_plural = _("department scores")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "criterion", "department"],
                name="backlog_departmentscore_one_voice",
            ),
            models.CheckConstraint(
                name="backlog_departmentscore_middle_within_bounds",
                condition=Q(low__lte=F("middle"), middle__lte=F("high")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.criterion}: {self.middle:g}"
