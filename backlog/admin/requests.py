"""Requests: their words are edited, their status and rank are moved by steps."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.forms.department_steps import GuardedStep
from backlog.models import (
    Commitment,
    CustomerRequest,
    Department,
    DepartmentScore,
    DepartmentStep,
    Event,
    Evidence,
    Product,
    RequestStatus,
    User,
)
from backlog.operations import ranks, requests

STATUS = {
    "new": "primary",
    "under_review": "info",
    "approved": "info",
    "planned": "info",
    "in_progress": "warning",
    "delivered": "success",
    "verified": "success",
    "declined": "danger",
}


class OverrideForm(RowActionForm):
    status = forms.ChoiceField(
        label=_("status"),
        choices=[choice for choice in RequestStatus.choices if choice[0] != RequestStatus.MERGED],
        widget=widgets.UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        **ends(Event, "reason"),
        label=_("reason"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
    )

    def note(self) -> StrOrPromise:
        return _(
            "Statuses follow from decisions, sprints and outcomes. Moving one by hand goes on "
            "record as an override of the council."
        )


class MoveForm(RowActionForm):
    reason = forms.CharField(
        **ends(Event, "reason"),
        label=_("reason"),
        required=False,
        widget=widgets.UnfoldAdminTextInputWidget,
    )


class DepartmentStepForm(GuardedStep, RowActionForm):
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("department"),
        widget=picker(DepartmentStep, "department"),
    )
    step = forms.CharField(
        **ends(DepartmentStep, "step"),
        label=_("step"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("Leave it empty to take the department's step back."),
    )

    def request_of_steps(self) -> CustomerRequest:
        request: CustomerRequest = self.rows[0]
        return request


class EvidenceInline(ReadOnlyInline[Evidence, CustomerRequest]):
    model = Evidence
    fk_name = "request"
    fields = ("excerpt", "importance", "linked_by", "linked_at", "unlinked_at")
    readonly_fields = ("excerpt",)
    ordering = ("-linked_at", "-pk")
    joined = ("feedback", "linked_by")

    @admin.display(description=_("words"))
    def excerpt(self, row: Evidence) -> str:
        return row.excerpt


class DepartmentStepInline(ReadOnlyInline[DepartmentStep, CustomerRequest]):
    model = DepartmentStep
    fields = ("department", "step")
    ordering = ("department__name",)
    joined = ("department",)


class DepartmentScoreInline(ReadOnlyInline[DepartmentScore, CustomerRequest]):
    model = DepartmentScore
    fields = ("criterion", "department", "middle", "low", "high")
    ordering = ("criterion__position", "department__name")
    joined = ("criterion", "department")


class CommitmentInline(ReadOnlyInline[Commitment, CustomerRequest]):
    model = Commitment
    fields = ("sprint", "hypothesis", "measure", "is_pilot", "committed_at", "withdrawn_at")
    ordering = ("-committed_at", "-pk")
    joined = ("sprint", "request")


@admin.register(CustomerRequest)
class RequestAdmin(RowActionAdmin[CustomerRequest]):
    to_add = "backlog.open_request"
    to_edit = "backlog.edit_request"
    when_empty = _("Open one from the words in the inbox.")

    add_fieldsets = (
        (
            None,
            {"fields": ("product", "title", "problem", "root_cause", "perfect_picture", "owner")},
        ),
    )
    fieldsets = (
        (
            None,
            {"fields": ("title", "problem", "root_cause", "perfect_picture", "owner", "review_on")},
        ),
        (
            _("Where it stands"),
            {"fields": ("key", "product", "status", "status_changed_at", "merged_into")},
        ),
        (
            _("Scores"),
            {
                "fields": (
                    "priority_range",
                    "impact_range",
                    "feasibility_range",
                    "contested",
                    "drift",
                    "scored_at",
                )
            },
        ),
        (_("Where it came from"), {"fields": ("opened_by", "opened_at")}),
    )
    readonly_fields = (
        "key",
        "product",
        "status",
        "status_changed_at",
        "merged_into",
        "priority_range",
        "impact_range",
        "feasibility_range",
        "contested",
        "drift",
        "scored_at",
        "opened_by",
        "opened_at",
    )
    autocomplete_fields = ("product", "owner")
    inlines = (EvidenceInline, DepartmentStepInline, DepartmentScoreInline, CommitmentInline)
    actions = ("to_top", "up", "down", "override_status")
    actions_detail = (
        {"title": _("Rank"), "icon": "swap_vert", "items": ("to_top", "up", "down")},
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": ("set_department_step", "override_status"),
        },
    )
    list_display = (
        "page",
        "title",
        "product",
        badge(CustomerRequest, "status", STATUS),
        "priority_range",
        "owner",
        "opened_at",
    )
    list_display_links = ("title",)
    list_filter = (
        ("product", RowFilter),
        ("status", MultipleChoicesDropdownFilter),
        ("owner", RowFilter),
        ("opened_at", DaysFilter),
    )
    list_select_related = ("product", "owner")
    ordering = ("-opened_at", "-pk")
    sortable_by = ("opened_at",)
    search_fields = ("key", "search_text")

    def get_readonly_fields(self, request: HttpRequest, obj: CustomerRequest | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def view_on_site(self, row: CustomerRequest) -> str:
        return page_of(row)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All events about the request, whatever their subject."""
        events = reverse("admin:backlog_event_changelist")
        return redirect(f"{events}?request__id__exact={object_id}")

    @admin.display(description=_("key"))
    def page(self, row: CustomerRequest) -> SafeString:
        return page_link(row, row.key)

    @admin.display(description=_("priority"))
    def priority_range(self, row: CustomerRequest) -> str:
        return _range(row.priority, row.priority_low, row.priority_high)

    @admin.display(description=_("impact"))
    def impact_range(self, row: CustomerRequest) -> str:
        return _range(row.impact, row.impact_low, row.impact_high)

    @admin.display(description=_("feasibility"))
    def feasibility_range(self, row: CustomerRequest) -> str:
        return _range(row.feasibility, row.feasibility_low, row.feasibility_high)

    def add_row(self, *, by: User, at: datetime, product: Product, **words: Any) -> CustomerRequest:
        return requests.open_request(product_id=product.pk, by=by, at=at, **words)

    def edit_row(self, row: CustomerRequest, *, by: User, at: datetime, **changes: Any) -> None:
        requests.edit_request(request_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("To the top"),
        permission="backlog.move_request",
        form=MoveForm,
        icon="vertical_align_top",
        done=_("Moved to the top."),
    )
    def to_top(self, row: CustomerRequest, *, by: User, at: datetime, reason: str) -> None:
        ranks.move_to_top(request_id=row.pk, reason=reason, by=by, at=at)

    @row_action(
        _("One place up"),
        permission="backlog.move_request",
        icon="arrow_upward",
        done=_("Moved up in rank."),
    )
    def up(self, row: CustomerRequest, *, by: User, at: datetime) -> None:
        ranks.move_up(request_id=row.pk, by=by, at=at)

    @row_action(
        _("One place down"),
        permission="backlog.move_request",
        icon="arrow_downward",
        done=_("Moved down in rank."),
    )
    def down(self, row: CustomerRequest, *, by: User, at: datetime) -> None:
        ranks.move_down(request_id=row.pk, by=by, at=at)

    @row_action(
        _("Override the status"),
        permission="backlog.override_status",
        form=OverrideForm,
        icon="gavel",
        is_offered=lambda row: row.status != RequestStatus.MERGED,
        done=_("The status is moved, and on record as an override of the council."),
    )
    def override_status(
        self, row: CustomerRequest, *, by: User, at: datetime, status: str, reason: str
    ) -> None:
        requests.override_status(request_id=row.pk, status=status, reason=reason, by=by, at=at)

    @row_action(
        _("A department's step"),
        permission="backlog.edit_request",
        form=DepartmentStepForm,
        icon="conversion_path",
        done=_("The department’s step is set."),
    )
    def set_department_step(
        self,
        row: CustomerRequest,
        *,
        by: User,
        at: datetime,
        department: Department,
        step: str,
        before: str,
    ) -> None:
        requests.set_department_step(
            request_id=row.pk,
            department_id=department.pk,
            step=step,
            before=before,
            by=by,
            at=at,
        )


def page_of(row: CustomerRequest) -> str:
    """The Request page: the whole line from words to answers."""
    return reverse("council:request", args=[row.key])


def page_link(row: CustomerRequest, words: str = "") -> SafeString:
    return format_html('<a class="text-link" href="{}">{}</a>', page_of(row), words or row)


def _range(middle: float | None, low: float | None, high: float | None) -> str:
    """`72 (61–80)`: a score never goes without what it can be."""
    if low is None or high is None:
        return ""
    return f"{'?' if middle is None else round(middle)} ({round(low)}–{round(high)})"
