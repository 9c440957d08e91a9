"""Colleagues, departments, and the tokens of external tools."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin
from backlog.models import Department, Membership, User
from backlog.operations import departments


class MemberInline(ReadOnlyInline[Membership, Department]):
    model = Membership
    fields = ("user", "starts_on", "ends_on")
    ordering = ("-starts_on", "-pk")
    joined = ("user", "department")


@admin.register(Department)
class DepartmentAdmin(RowActionAdmin[Department]):
    to_add = "backlog.manage_people"
    to_edit = "backlog.manage_people"

    add_fieldsets = ((None, {"fields": ("name",)}),)
    fields = ("name", "is_seated")
    readonly_fields = ("is_seated",)
    inlines = (MemberInline,)
    list_display = ("name", "is_seated")
    list_filter = (("is_seated", BooleanRadioFilter),)
    list_select_related = False
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Department:
        return departments.add_department(by=by, at=at, **data)

    def edit_row(self, row: Department, *, by: User, at: datetime, **changes: Any) -> None:
        departments.rename_department(department_id=row.pk, by=by, at=at, **changes)
