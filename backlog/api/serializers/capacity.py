"""Sprints, commitments and outcomes."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import (
    DepartmentRef,
)
from backlog.models import (
    Department,
    Effort,
)


class EffortRead(fields.Read[Effort]):
    department = DepartmentRef()

    class Meta:
        model = Effort
        fields = ["department", "days"]


class DaysSet(fields.Input):
    """Person-days of one department; 0 takes them back. They take the place of `before`."""

    department = related_rows.RelatedRow(Department, "name")
    days = fields.of(Effort, "days", min_value=0)
    before = fields.of(Effort, "days", min_value=0, default=0)


class LoadRead(fields.Output):
    """In person-days. `planned` and `left` are null where nobody said how much time there is."""

    department = DepartmentRef()
    planned = fields.Number(source="days.planned", max_digits=6, decimal_places=1, allow_null=True)
    used = fields.Number(source="days.used", max_digits=15, decimal_places=1)
    left = fields.Number(source="days.left", max_digits=15, decimal_places=1, allow_null=True)
    is_over = serializers.BooleanField(source="days.is_over")


class BurnUpDay(fields.Output):
    """When the day ended; `scope` and `done` are null of days to come."""

    on = fields.Day()
    scope = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField(allow_null=True)
    pace = serializers.FloatField()
