"""Sprints, and what is taken into them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin import capacity, commitment_terms
from backlog.admin.framework.columns import badge, link
from backlog.admin.framework.nouns import user_of
from backlog.admin.framework.row_actions import (
    RowActionAdmin,
    RowActionForm,
    RowActionInline,
    row_action,
)
from backlog.admin.framework.row_filters import RowFilter
from backlog.admin.outcomes import announce_link
from backlog.admin.requests import page_link
from backlog.models import Commitment, CustomerRequest, Outcome, Product, Sprint, User
from backlog.operations import commitments, sprints
from backlog.queries import commitments as commitment_queries

STATUS = {"planned": "info", "active": "warning", "closed": "success"}


class CommitmentInline(RowActionInline[Commitment, Sprint]):
    """What was taken in, what became of it, and what is to be done about that."""

    model = Commitment
    fields = ("of_request", "measure", "is_pilot", "became", "withdrawn_at", "next_steps")
    readonly_fields = ("of_request", "became", "next_steps")
    row_actions = ("record_outcome", "withdraw")
    ordering = ("pk",)
    joined = ("sprint", "request")
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        current = (
            Outcome.objects.visible_to(user_of(request)).current().select_related("announcement")
        )
        return super().get_queryset(request).prefetch_related(Prefetch("outcomes", current))

    @admin.display(description=_("request"))
    def of_request(self, row: Commitment) -> SafeString:
        return page_link(row.request)

    @admin.display(description=_("outcome"))
    def became(self, row: Commitment) -> SafeString | str:
        outcome = self._outcome(row)
        return link(outcome, outcome.get_result_display()) if outcome else ""

    @admin.display(description=_("Next step"))
    def next_steps(self, row: Commitment) -> SafeString | str:
        """To say what became of it; and when that is said, to tell the customers."""
        outcome = self._outcome(row)
        if outcome is None:
            return super().next_steps(row)
        return announce_link(outcome) if self.viewer.has_perm("backlog.view_obligation") else ""

    def _outcome(self, row: Commitment) -> Outcome | None:
        return next(iter(row.outcomes.all()), None)  # Of which only the current one was loaded.


class MovedForm(RowActionForm):
    """Offers the way out where requests were moved by hand since they were taken in."""

    take_out_moved = forms.BooleanField(
        required=False, widget=widgets.UnfoldBooleanSwitchWidget, initial=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        [sprint] = self.rows
        moved = [
            f"{each.request.key} ({each.request.get_status_display()})"
            for each in commitment_queries.moved_by_hand(sprint)
        ]
        words = _("take out what was moved by hand: %(requests)s")
        self.fields["take_out_moved"].label = capfirst(words % {"requests": ", ".join(moved)})
        if not moved:
            del self.fields["take_out_moved"]


@admin.register(Sprint)
class SprintAdmin(RowActionAdmin[Sprint]):
    to_add = "backlog.plan_sprint"
    to_edit = "backlog.plan_sprint"
    when_empty = _("Plan one, then take approved requests in.")

    add_fieldsets = ((None, {"fields": ("product", "name", "goal", ("starts_on", "ends_on"))}),)
    fields = (
        "product",
        "name",
        "goal",
        ("starts_on", "ends_on"),
        "status",
        "started_at",
        "closed_at",
    )
    autocomplete_fields = ("product",)
    inlines = (CommitmentInline,)
    actions_detail = ("commit", "set_capacity", "start", "close")
    list_display = (
        "name",
        "product",
        badge(Sprint, "status", STATUS),
        "starts_on",
        "ends_on",
        "page",
    )
    list_filter = (("product", RowFilter), ("status", ChoicesDropdownFilter))
    list_select_related = ("product",)
    ordering = ("-starts_on", "-pk")
    search_fields = ("search_text", "product__search_text")

    def view_on_site(self, row: Sprint) -> str:
        """The page to work with it."""
        return reverse("backlog:sprint", args=[row.pk])

    @admin.display(description=_("page"))
    def page(self, row: Sprint) -> SafeString:
        address, words = self.view_on_site(row), _("Open the sprint")
        return format_html('<a class="text-link" href="{}">{}</a>', address, words)

    def get_readonly_fields(self, request: HttpRequest, obj: Sprint | None = None) -> Any:
        return ("product", "status", "started_at", "closed_at") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Sprint | None = None) -> bool:
        is_closed = obj is not None and obj.status == Sprint.Status.CLOSED
        return super().has_change_permission(request, obj) and not is_closed

    def add_row(self, *, by: User, at: datetime, product: Product, **data: Any) -> Sprint:
        return sprints.plan_sprint(product_id=product.pk, by=by, at=at, **data)

    def edit_row(self, row: Sprint, *, by: User, at: datetime, **changes: Any) -> None:
        sprints.edit_sprint(sprint_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("Take a request in"),
        permission="backlog.plan_sprint",
        form=commitment_terms.CommitForm,
        icon="add",
        is_offered=lambda sprint: sprint.status != Sprint.Status.CLOSED,
        done=_("The request is in the sprint."),
    )
    def commit(
        self, sprint: Sprint, *, by: User, at: datetime, request: CustomerRequest, **terms: Any
    ) -> None:
        commitments.commit_request(
            sprint_id=sprint.pk, request_id=request.pk, by=by, at=at, **terms
        )

    @row_action(
        _("Set the capacity"),
        permission="backlog.plan_sprint",
        form=capacity.CapacityForm,
        icon="groups",
        is_offered=lambda sprint: sprint.status != Sprint.Status.CLOSED,
        done=_("The capacity is set."),
    )
    def set_capacity(self, sprint: Sprint, *, by: User, at: datetime, **days: Any) -> None:
        capacity.set_capacity(sprint, by=by, at=at, **days)

    @row_action(
        _("Start the sprint"),
        permission="backlog.plan_sprint",
        form=MovedForm,
        icon="play_arrow",
        is_offered=lambda sprint: sprint.status == Sprint.Status.PLANNED,
    )
    def start(self, sprint: Sprint, *, by: User, at: datetime, **moved: bool) -> StrOrPromise:
        sprints.start_sprint(sprint_id=sprint.pk, by=by, at=at, **moved)
        return _("The sprint has started.")

    @row_action(
        _("Close the sprint"),
        permission="backlog.plan_sprint",
        form=MovedForm,
        icon="sports_score",
        is_offered=lambda sprint: sprint.status == Sprint.Status.ACTIVE,
    )
    def close(self, sprint: Sprint, *, by: User, at: datetime, **moved: bool) -> StrOrPromise:
        sprints.close_sprint(sprint_id=sprint.pk, by=by, at=at, **moved)
        return _("The sprint is closed.")
