"""Colleagues, departments, and the tokens of external tools."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from backlog.admin.framework.columns import readable
from backlog.admin.framework.nouns import NounForm, user_of
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import ApiToken, User
from backlog.operations import api_tokens
from backlog.queries import api_tokens as api_token_queries

VALID_FOR = [(30, _("30 days")), (90, _("90 days")), (365, _("one year"))]


class RotateForm(RowActionForm):
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
        choices=[(scope, scope) for scope in api_tokens.SCOPES],
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
class TokenAdmin(RowActionAdmin[ApiToken]):
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
            field.queryset = api_token_queries.token_owners(user_of(request))
            field.initial = user_of(request)
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
        data = form.cleaned_data
        token, secret = api_tokens.issue_token(
            owner=data["user"],
            name=data["name"],
            scopes=data["scopes"],
            lasts=timedelta(days=data["days"]),
            by=user_of(request),
            at=timezone.now(),
        )
        obj.pk = token.pk
        obj.refresh_from_db()
        self.message_user(request, _shown_once(secret), messages.WARNING)

    @row_action(
        _("Replace"),
        permission="backlog.manage_tokens",
        form=RotateForm,
        icon="key_vertical",
        is_offered=_works,
    )
    def rotate(
        self, token: ApiToken, *, by: User, at: datetime, hours: int, days: int
    ) -> SafeString:
        _token, secret = api_tokens.rotate_token(
            token_pk=token.pk,
            overlap=timedelta(hours=hours),
            lasts=timedelta(days=days),
            by=by,
            at=at,
        )
        return _shown_once(secret)

    @row_action(
        _("Revoke"),
        permission="backlog.manage_tokens",
        icon="key_off",
        is_offered=_works,
        done=_("The token works no more."),
    )
    def revoke(self, token: ApiToken, *, by: User, at: datetime) -> None:
        api_tokens.revoke_token(token_pk=token.pk, by=by, at=at)
