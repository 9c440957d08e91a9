"""Councils, their seats, who holds them, and the chain of their seals."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.base import NounAdmin, ReadOnlyInline, person
from backlog.admin.columns import readable
from backlog.admin.narrowing import RowFilter
from backlog.admin.steps import StepAdmin, StepForm, picker, step
from backlog.models import Department, Product, User
from backlog.models.fields import ends
from council.models import Council, Seal, Seat, SeatTerm
from council.operations import councils


class SeatForm(StepForm):
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
class CouncilAdmin(StepAdmin[Council]):
    to_add = "council.manage_councils"
    to_edit = "council.manage_councils"

    fields = ("name", "products", "chair", "secretary")
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
        seen = Product.objects.visible_to(person(request))
        return super().get_queryset(request).prefetch_related(Prefetch("products", seen))

    def add_row(self, *, by: User, at: datetime, **facts: Any) -> Council:
        return councils.found_council(by=by, at=at, **facts)

    def edit_row(self, row: Council, *, by: User, at: datetime, **changes: Any) -> None:
        councils.edit_council(council_id=row.pk, by=by, at=at, **changes)

    @step(
        _("Add a seat"),
        permission="council.manage_councils",
        form=SeatForm,
        icon="event_seat",
        done=_("The council has a new seat."),
    )
    def add_seat(self, council: Council, *, by: User, at: datetime, **facts: Any) -> None:
        councils.add_seat(council_id=council.pk, by=by, at=at, **facts)


class AppointForm(StepForm):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("colleague"),
        widget=picker(SeatTerm, "user"),
    )
    is_alternate = forms.BooleanField(
        label=_("is the alternate"), required=False, widget=widgets.UnfoldBooleanSwitchWidget
    )
    starts_on = forms.DateField(
        label=_("from"),
        required=False,
        widget=widgets.UnfoldAdminSingleDateWidget,
        help_text=_("Today, if left empty. The term of whoever sat here ends that day."),
    )


class SeatTermInline(ReadOnlyInline[SeatTerm, Seat]):
    model = SeatTerm
    fields = ("user", "is_alternate", "starts_on", "ends_on")
    ordering = ("-starts_on", "-pk")
    joined = ("user", "seat__department")


@admin.register(Seat)
class SeatAdmin(StepAdmin[Seat]):
    fields = ("council", "department", "title", "is_voting")
    inlines = (SeatTermInline,)
    actions_detail = ("appoint",)
    list_display = ("__str__", "council", "is_voting")
    list_filter = (("council", RowFilter), ("is_voting", BooleanRadioFilter))
    list_select_related = ("council", "department")
    ordering = ("council__name", "-is_voting", "pk")
    search_fields = ("search_text", "department__search_text", "council__search_text")

    @step(
        _("Appoint"),
        permission="council.manage_councils",
        form=AppointForm,
        icon="person_add",
        done=_("Appointed to the seat."),
    )
    def appoint(
        self,
        seat: Seat,
        *,
        by: User,
        at: datetime,
        user: User,
        is_alternate: bool,
        starts_on: date | None,
    ) -> None:
        councils.appoint(
            seat_id=seat.pk,
            user=user,
            is_alternate=is_alternate,
            starts_on=starts_on,
            by=by,
            at=at,
        )


@admin.register(Seal)
class SealAdmin(NounAdmin[Seal]):
    fields = (
        "council",
        "number",
        "subject_type",
        "subject_id",
        "content_in_words",
        "digest",
        "previous",
        "sealed_at",
    )
    readonly_fields = ("content_in_words",)
    content_in_words = readable(Seal, "content")
    list_display = ("__str__", "subject", "short_digest", "sealed_at")
    list_filter = (("council", RowFilter),)
    list_select_related = ("council",)
    ordering = ("-pk",)
    search_fields = ("digest", "council__search_text")

    @admin.display(description=_("subject"))
    def subject(self, seal: Seal) -> str:
        return f"{seal.subject_type} {seal.subject_id}"

    @admin.display(description=_("digest"))
    def short_digest(self, seal: Seal) -> str:
        return f"{seal.digest[:12]}…"
