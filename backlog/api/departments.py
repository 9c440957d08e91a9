"""Departments and API tokens."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base, versions
from backlog.api.serializers import departments as serializers
from backlog.models import Department
from backlog.operations import departments


class DepartmentViewSet(base.Listed[Department]):
    """A part of the organisation; at the council and in the scores it has one voice."""

    queryset = Department.objects.none()
    serializer_class = serializers.DepartmentRead
    is_versioned = True
    orderings = ("id", "name")
    default_ordering = "name"
    access = {
        **base.reading("backlog.view_department"),
        "create": base.ActionPolicy(base.ADMIN, "backlog.manage_people"),
        "partial_update": base.ActionPolicy(base.ADMIN, "backlog.manage_people"),
    }

    def get_queryset(self) -> QuerySet[Department]:
        return Department.objects.visible_to(self.user)

    @extend_schema(request=serializers.DepartmentAdd, responses={201: serializers.DepartmentRead})
    def create(self, request: Request) -> Response:
        """Add a department."""
        data = self.body(serializers.DepartmentAdd)
        department = departments.add_department(**data, by=self.user, at=timezone.now())
        return self.answer(department, status=201)

    @extend_schema(request=serializers.DepartmentEdit, responses=serializers.DepartmentRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename a department."""
        department, data = self.get_object(), self.body(serializers.DepartmentEdit)
        department = departments.rename_department(
            department_id=department.pk,
            version=versions.named_in(request, department),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(department)
