"""Requests, the words that speak for them, and their way over the board."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import (
    DepartmentRef,
)
from backlog.models import (
    Department,
    DepartmentStep,
)


class DepartmentStepRead(fields.Read[DepartmentStep]):
    department = DepartmentRef()

    class Meta:
        model = DepartmentStep
        fields = ["department", "step"]


class DepartmentStepSet(fields.Input):
    """An empty step takes back what was said; `before` is the one whose place it takes."""

    department = related_rows.RelatedRow(Department, "name")
    step = fields.of(DepartmentStep, "step", allow_blank=True)
    before = fields.of(DepartmentStep, "step", allow_blank=True, default="")
