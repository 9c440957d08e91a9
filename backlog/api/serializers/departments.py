"""Departments and tokens."""

from backlog.api.framework import fields
from backlog.models import Department


class DepartmentRead(fields.Read[Department]):
    class Meta:
        model = Department
        fields = ["id", "name", "is_seated"]


class DepartmentAdd(fields.Input):
    name = fields.of(Department, "name")


class DepartmentEdit(fields.Input):
    name = fields.of(Department, "name", required=False)
