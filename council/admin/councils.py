"""Councils, their seats, who holds them, and the chain of their seals."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework.nouns import ReadOnlyInline, user_of
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.db.fields import ends
from backlog.models import Department, Product, User
from council.models import Council, Seat
from council.operations import councils, seats


class SeatForm(RowActionForm):
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("department"),
        required=False,
        widget=picker(Seat, "department"),
    )
    title = forms.CharField(
        label=_("seat title"),
        required=False,
        **ends(Seat, "title"),
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text=_("For a seat without department."),
    )
    is_voting = forms.BooleanField(
        label=_("votes"),
        required=False,
        initial=True,
        widget=widgets.UnfoldBooleanSwitchWidget,
    )

    def note(self) -> StrOrPromise:
        return _("A department has one voting seat. Other seats advise.")


class SeatInline(ReadOnlyInline[Seat, Council]):
    model = Seat
    fields = ("department", "title", "is_voting")
    ordering = ("-is_voting", "department__name", "pk")
    joined = ("department",)


@admin.register(Council)
class CouncilAdmin(RowActionAdmin[Council]):
    to_add = "council.manage_councils"
    to_edit = "council.manage_councils"

    fields = (
        ("name", "products"),
        ("chair", "secretary"),
        ("quorum_numerator", "quorum_denominator"),
        ("mode", "base"),
        ("majority_numerator", "majority_denominator"),
        ("abstention", "is_blind"),
        ("minutes_days", "minutes_need_quorum"),
        ("recorders", "needs_ballot"),
    )
    autocomplete_fields = ("products", "chair", "secretary")
    inlines = (SeatInline,)
    actions_detail = ("add_seat",)
    list_display = ("name", "chair", "secretary")
    list_filter = (("products", RowFilter),)
    list_select_related = ("chair", "secretary")
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Council]:
        """With those of its products that the person may see."""
        seen = Product.objects.visible_to(user_of(request))
        return super().get_queryset(request).prefetch_related(Prefetch("products", seen))

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Council:
        return councils.found_council(by=by, at=at, **data)

    def edit_row(self, row: Council, *, by: User, at: datetime, **changes: Any) -> None:
        councils.edit_council(council_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("Add a seat"),
        permission="council.manage_councils",
        form=SeatForm,
        icon="event_seat",
        done=_("The council has a new seat."),
    )
    def add_seat(self, council: Council, *, by: User, at: datetime, **data: Any) -> None:
        seats.add_seat(council_id=council.pk, by=by, at=at, **data)
