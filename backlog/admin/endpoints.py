"""Endpoints: addresses of other tools, and what each of them is told."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
)

from backlog import tasks
from backlog.admin.framework.nouns import NounForm, ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.webhook_deliveries import MANAGE, shown
from backlog.models import Endpoint, User, WebhookDelivery
from backlog.models.endpoints import EventKind
from backlog.operations import endpoints, webhook_deliveries


class EndpointForm(NounForm[Endpoint]):
    kinds = forms.MultipleChoiceField(
        label=Endpoint.kinds.field.verbose_name,
        help_text=Endpoint.kinds.field.help_text,
        choices=EventKind.choices,
        required=False,
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )


class ReplayForm(RowActionForm):
    days = forms.TypedChoiceField(
        label=_("all that it was owed since"),
        choices=[(1, _("yesterday")), (7, _("a week ago")), (30, _("a month ago"))],
        coerce=int,
        widget=widgets.UnfoldAdminSelectWidget,
    )

    def note(self) -> StrOrPromise:
        return _("Each message keeps its id, by which the receiver knows a repeat.")


class WebhookDeliveryInline(ReadOnlyInline[WebhookDelivery, Endpoint]):
    model = WebhookDelivery
    fields = ("event", "status", "owed_at", "attempts", "delivered_at", "failure")
    ordering = ("-pk",)
    joined = ("endpoint", "event")


def _is_active(row: Endpoint) -> bool:
    return row.is_active


@admin.register(Endpoint)
class EndpointAdmin(RowActionAdmin[Endpoint]):
    to_add = MANAGE
    to_edit = MANAGE
    when_empty = _("Add the address of a chat or a tool, and it is told of what happens here.")

    form = EndpointForm
    add_fieldsets = ((None, {"fields": ("name", "url", "form", "kinds", "product", "language")}),)
    fields = (
        "name",
        "url",
        "form",
        "kinds",
        "product",
        "language",
        "is_active",
        "failing_since",
        "failure",
        "rests_until",
    )
    readonly_fields = ("failing_since", "failure", "rests_until")
    autocomplete_fields = ("product",)
    inlines = (WebhookDeliveryInline,)
    actions_detail = ("test", "show_secret", "rotate", "replay")
    list_display = ("name", "form", "product", "is_active", "failing_since", "failure")
    list_filter = (("is_active", BooleanRadioFilter), ("form", ChoicesDropdownFilter))
    list_select_related = ("product",)
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Endpoint:
        return endpoints.add_endpoint(by=by, at=at, **data)

    def edit_row(self, row: Endpoint, *, by: User, at: datetime, **changes: Any) -> None:
        endpoints.edit_endpoint(endpoint_id=row.pk, by=by, at=at, **changes)

    @row_action(_("Send a test"), permission=MANAGE, icon="send", is_offered=_is_active)
    def test(self, row: Endpoint, *, by: User, at: datetime) -> StrOrPromise:
        webhook_deliveries.send_test(endpoint_id=row.pk, by=by, at=at)
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
        return _(
            "A test is on its way. Its line under “Webhook deliveries” says whether it arrived."
        )

    @row_action(_("Show the secret"), permission=MANAGE, icon="key")
    def show_secret(self, row: Endpoint, *, by: User, at: datetime) -> SafeString:
        return shown(row)

    @row_action(_("Replace the secret"), permission=MANAGE, icon="key_vertical")
    def rotate(self, row: Endpoint, *, by: User, at: datetime) -> SafeString:
        return shown(endpoints.rotate_secret(endpoint_id=row.pk, by=by, at=at))

    @row_action(
        _("Tell again"), permission=MANAGE, form=ReplayForm, icon="replay", is_offered=_is_active
    )
    def replay(self, row: Endpoint, *, by: User, at: datetime, days: int) -> str:
        since = at - timedelta(days=days)
        count = webhook_deliveries.replay(endpoint_id=row.pk, since=since, by=by, at=at)
        transaction.on_commit(tasks.nudge_endpoints, robust=True)
        told = ngettext(
            "%(count)d message is told again.", "%(count)d messages are told again.", count
        )
        return told % {"count": count}
