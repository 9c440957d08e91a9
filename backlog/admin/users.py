"""Colleagues, departments, and the tokens of external tools."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog import tasks
from backlog.admin.framework.nouns import NounForm, ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.models import Department, Membership, User
from backlog.operations import memberships, users
from backlog.queries import memberships as membership_queries
from backlog.rules import roles

# What a role may do is in `backlog.rules.roles`; who holds it is chosen on the colleague's page.
admin.site.unregister(Group)

ROLES = {
    roles.VIEWER: _("viewer"),
    roles.COUNCIL_MEMBER: _("council member"),
    roles.SECRETARY: _("secretary"),
    roles.PRODUCT_MANAGER: _("product manager"),
    roles.ADMIN: _("administrator"),
    roles.INTEGRATION: _("integration"),
}


class ColleagueForm(NounForm[User]):
    roles = forms.MultipleChoiceField(
        label=_("roles"),
        choices=list(ROLES.items()),
        required=False,
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("department"),
        required=False,
        widget=picker(Membership, "department"),
        help_text=_("Moving to another department ends the present membership today."),
    )

    is_invited = forms.BooleanField(
        label=_("Invite them by e-mail"),
        required=False,
        initial=True,
        widget=widgets.UnfoldBooleanSwitchWidget,
        help_text=_("With a link by which they set their password."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            department = membership_queries.department_of(self.instance)
            self.initial.update(roles=sorted(self.instance.roles), department=department)
            # One can move to another department, not out of all of them.
            self.fields["department"].required = department is not None
        else:
            self.fields["email"].widget.attrs["autofocus"] = True


class PasswordForm(SetPasswordMixin, RowActionForm):  # type: ignore[type-arg]  # Only its stub is generic.
    password1, password2 = SetPasswordMixin.create_password_fields()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].widget = widgets.UnfoldAdminPasswordWidget(
                {"autocomplete": "new-password"}
            )

    def clean(self) -> dict[str, Any] | None:
        self.validate_passwords()
        self.validate_password_for_user(self.rows[0], "password1")
        return super().clean()


class MembershipInline(ReadOnlyInline[Membership, User]):
    model = Membership
    fields = ("department", "starts_on", "ends_on")
    ordering = ("-starts_on", "-pk")
    joined = ("user", "department")


@admin.register(User)
class ColleagueAdmin(RowActionAdmin[User]):
    to_add = "backlog.manage_people"
    to_edit = "backlog.manage_people"

    form = ColleagueForm
    add_fieldsets = (
        (None, {"fields": ("email", "name", "language", "roles", "department", "is_invited")}),
    )
    fields = ("email", "name", "language", "time_zone", "is_active", "roles", "department")
    inlines = (MembershipInline,)
    actions_detail = ("invite", "set_password")
    list_display = ("name", "email", "department", "held_roles", "is_active")
    list_filter = (("is_active", BooleanRadioFilter),)
    list_select_related = False
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ("email",) if obj else ()

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Whoever gives work to a colleague can find them; the list is the administrators'.
        match = request.resolver_match
        is_choice = match is not None and match.url_name == "autocomplete"
        return is_choice or super().has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        present = Membership.objects.current().select_related("department")
        return (
            super()
            .get_queryset(request)
            .prefetch_related("groups", Prefetch("memberships", present, to_attr="present"))
        )

    @admin.display(description=_("department"))
    def department(self, user: User) -> str:
        return ", ".join(str(it.department) for it in getattr(user, "present", []))

    @admin.display(description=_("roles"))
    def held_roles(self, user: User) -> str:
        return ", ".join(str(ROLES.get(group.name, group.name)) for group in user.groups.all())

    def add_row(self, *, by: User, at: datetime, is_invited: bool = False, **data: Any) -> User:
        user = users.add_colleague(by=by, at=at, **data)
        if is_invited:
            self._invite(user, by=by, at=at)
        return user

    def _invite(self, user: User, *, by: User, at: datetime) -> None:
        users.invite_colleague(user_id=user.pk, by=by, at=at)
        transaction.on_commit(partial(tasks.send_invitation.delay, user.pk), robust=True)

    def edit_row(self, row: User, *, by: User, at: datetime, **changes: Any) -> None:
        changes.pop("is_invited", None)
        held, department = changes.pop("roles", None), changes.pop("department", None)
        users.edit_colleague(user_id=row.pk, by=by, at=at, **changes)
        if held is not None:
            users.set_roles(user_id=row.pk, roles=held, by=by, at=at)
        if department is not None:
            memberships.join_department(user_id=row.pk, department_id=department.pk, by=by, at=at)

    @row_action(
        _("Invite by e-mail"),
        permission="backlog.manage_people",
        icon="outgoing_mail",
        done=_("The invitation is on its way. Its link works for a few days, once."),
        is_offered=lambda user: user.is_active and not roles.is_of_a_tool(user.roles),
    )
    def invite(self, user: User, *, by: User, at: datetime) -> None:
        self._invite(user, by=by, at=at)

    @row_action(
        _("Set a password"),
        permission="backlog.manage_people",
        form=PasswordForm,
        icon="password",
        done=_("The new password is set."),
    )
    def set_password(
        self, user: User, *, by: User, at: datetime, password1: str, password2: str
    ) -> None:
        users.set_password(user_id=user.pk, password=password1, by=by, at=at)
