"""Department steps: what each department would do towards the solution."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.departments import Department
from backlog.models.requests import CustomerRequest
from backlog.rules import bounds


class DepartmentStep(models.Model):
    """What one department would do towards the perfectly solved picture."""

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.CASCADE,
        related_name="department_steps",
        verbose_name=_("request"),
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    step = fields.TextField(_("step"), max_length=bounds.TEXT)

    class Meta:
        verbose_name = _("department's step")
        verbose_name_plural = _("departments' steps")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "department"], name="backlog_departmentstep_one_per_department"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.step[:60]}"
