"""Councils, their seats, who holds them, and the chain of their seals."""

from datetime import date, datetime

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import User
from council.models import Seat, SeatTerm
from council.operations import seats


class AppointForm(RowActionForm):
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
class SeatAdmin(RowActionAdmin[Seat]):
    fields = ("council", "department", "title", "is_voting")
    inlines = (SeatTermInline,)
    actions_detail = ("appoint",)
    list_display = ("__str__", "council", "is_voting")
    list_filter = (("council", RowFilter), ("is_voting", BooleanRadioFilter))
    list_select_related = ("council", "department")
    ordering = ("council__name", "-is_voting", "pk")
    search_fields = ("search_text", "department__search_text", "council__search_text")

    @row_action(
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
        seats.appoint(
            seat_id=seat.pk,
            user=user,
            is_alternate=is_alternate,
            starts_on=starts_on,
            by=by,
            at=at,
        )
