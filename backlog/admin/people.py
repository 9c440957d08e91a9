"""Colleagues, departments, and the tokens of external tools."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.models import Group
from django.db.models import ForeignKey, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.base import NounForm, ReadOnlyInline, person
from backlog.admin.columns import readable
from backlog.admin.narrowing import RowFilter
from backlog.admin.steps import StepAdmin, StepForm, picker, step
from backlog.models import ApiToken, Department, Membership, User
from backlog.operations import people, tokens
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


VALID_FOR = [(30, _("30 days")), (90, _("90 days")), (365, _("one year"))]


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            department = people.department_of(self.instance)
            self.initial.update(roles=sorted(self.instance.roles), department=department)
            # One can move to another department, not out of all of them.
            self.fields["department"].required = department is not None


class PasswordForm(SetPasswordMixin, StepForm):  # type: ignore[type-arg]  # Only its stub is generic.
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
class ColleagueAdmin(StepAdmin[User]):
    to_add = "backlog.manage_people"
    to_edit = "backlog.manage_people"

    form = ColleagueForm
    add_fieldsets = ((None, {"fields": ("email", "name", "language", "roles", "department")}),)
    fields = ("email", "name", "language", "time_zone", "is_active", "roles", "department")
    inlines = (MembershipInline,)
    actions_detail = ("set_password",)
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

    def add_row(self, *, by: User, at: datetime, **facts: Any) -> User:
        return people.add_colleague(by=by, at=at, **facts)

    def edit_row(self, row: User, *, by: User, at: datetime, **changes: Any) -> None:
        held, department = changes.pop("roles", None), changes.pop("department", None)
        people.edit_colleague(user_id=row.pk, by=by, at=at, **changes)
        if held is not None:
            people.set_roles(user_id=row.pk, roles=held, by=by, at=at)
        if department is not None:
            people.join_department(user_id=row.pk, department_id=department.pk, by=by, at=at)

    @step(
        _("Set a password"),
        permission="backlog.manage_people",
        form=PasswordForm,
        icon="password",
        done=_("The new password is set."),
    )
    def set_password(
        self, user: User, *, by: User, at: datetime, password1: str, password2: str
    ) -> None:
        people.set_password(user_id=user.pk, password=password1, by=by, at=at)


class MemberInline(ReadOnlyInline[Membership, Department]):
    model = Membership
    fields = ("user", "starts_on", "ends_on")
    ordering = ("-starts_on", "-pk")
    joined = ("user", "department")


@admin.register(Department)
class DepartmentAdmin(StepAdmin[Department]):
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

    def add_row(self, *, by: User, at: datetime, **facts: Any) -> Department:
        return people.add_department(by=by, at=at, **facts)

    def edit_row(self, row: Department, *, by: User, at: datetime, **changes: Any) -> None:
        people.rename_department(department_id=row.pk, by=by, at=at, **changes)


class RotateForm(StepForm):
    hours = forms.TypedChoiceField(
        label=_("the old token works on for"),
        choices=[(0, _("not at all")), (24, _("one day")), (168, _("one week"))],
        initial=24,
        coerce=int,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    days = forms.TypedChoiceField(
        label=_("the new one is valid for"),
        choices=VALID_FOR,
        initial=90,
        coerce=int,
        widget=widgets.UnfoldAdminSelectWidget,
    )


def _works(token: ApiToken) -> bool:
    return not token.is_over(at=timezone.now())


def _shown_once(secret: str) -> SafeString:
    words = _("Copy the token now, it is not shown again: {secret}")
    return format_html(str(words), secret=format_html("<code>{}</code>", secret))


class TokenForm(NounForm[ApiToken]):
    scopes = forms.MultipleChoiceField(
        label=_("scopes"),
        choices=[(scope, scope) for scope in tokens.SCOPES],
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )
    days = forms.TypedChoiceField(
        label=_("valid for"),
        choices=VALID_FOR,
        initial=90,
        coerce=int,
        widget=widgets.UnfoldAdminSelectWidget,
    )


@admin.register(ApiToken)
class TokenAdmin(StepAdmin[ApiToken]):
    to_add = "backlog.manage_tokens"

    form = TokenForm
    add_fieldsets = ((None, {"fields": ("user", "name", "scopes", "days")}),)
    fields = (
        "name",
        "user",
        "made_by",
        "begins_with",
        "scopes_in_words",
        "made_at",
        "valid_until",
        "last_used_at",
        "revoked_at",
    )
    readonly_fields = ("scopes_in_words", "begins_with", "made_at", "valid_until")
    scopes_in_words = readable(ApiToken, "scopes")
    actions = ("revoke",)
    actions_detail = ("rotate", "revoke")
    list_display = (
        "name",
        "user",
        "made_by",
        "begins_with",
        "made_at",
        "valid_until",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (("user", RowFilter),)
    list_select_related = ("user", "made_by")
    ordering = ("-created", "pk")
    search_fields = ("search_text", "user__search_text")

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = people.token_owners(person(request))
            field.initial = person(request)
        return field

    # Knox names its columns in English only.
    @admin.display(description=_("begins with"))
    def begins_with(self, token: ApiToken) -> str:
        return str(token.token_key)

    @admin.display(description=_("made at"))
    def made_at(self, token: ApiToken) -> Any:
        return token.created

    @admin.display(description=_("valid until"))
    def valid_until(self, token: ApiToken) -> Any:
        return token.expiry

    def save_model(
        self,
        request: HttpRequest,
        obj: ApiToken,
        form: forms.ModelForm[ApiToken],
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        facts = form.cleaned_data
        token, secret = tokens.issue_token(
            owner=facts["user"],
            name=facts["name"],
            scopes=facts["scopes"],
            lasts=timedelta(days=facts["days"]),
            by=person(request),
            at=timezone.now(),
        )
        obj.pk = token.pk
        obj.refresh_from_db()
        self.message_user(request, _shown_once(secret), messages.WARNING)

    @step(
        _("Replace"),
        permission="backlog.manage_tokens",
        form=RotateForm,
        icon="key_vertical",
        is_offered=_works,
    )
    def rotate(
        self, token: ApiToken, *, by: User, at: datetime, hours: int, days: int
    ) -> SafeString:
        _token, secret = tokens.rotate_token(
            token_pk=token.pk,
            overlap=timedelta(hours=hours),
            lasts=timedelta(days=days),
            by=by,
            at=at,
        )
        return _shown_once(secret)

    @step(
        _("Revoke"),
        permission="backlog.manage_tokens",
        icon="key_off",
        is_offered=_works,
        done=_("The token works no more."),
    )
    def revoke(self, token: ApiToken, *, by: User, at: datetime) -> None:
        tokens.revoke_token(token_pk=token.pk, by=by, at=at)
