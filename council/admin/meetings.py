"""Meetings and their agendas."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    MultipleChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge, link
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounForm, ReadOnlyInline
from backlog.admin.framework.row_actions import (
    RowActionAdmin,
    RowActionForm,
    RowActionInline,
    picker,
    row_action,
)
from backlog.admin.framework.row_filters import RowFilter
from backlog.admin.requests import page_link
from backlog.db.fields import ends
from backlog.models import CustomerRequest, User
from council.admin.action_items import ReasonForm
from council.models import AgendaItem, Attendance, Council, Meeting, Seat
from council.operations import agenda_items, attendances, meetings
from council.queries import meetings as meeting_queries

Status = Meeting.Status
MEETING = {
    "scheduled": "info",
    "in_session": "warning",
    "inquorate": "danger",
    "approved": "success",
    "published": "success",
}


class AgendaItemForm(RowActionForm):
    request = forms.ModelChoiceField(
        CustomerRequest.objects.all(),
        label=_("request"),
        required=False,
        widget=picker(AgendaItem, "request"),
    )
    title = forms.CharField(
        label=_("or a topic"),
        required=False,
        **ends(AgendaItem, "title"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    minutes = forms.IntegerField(
        label=_("minutes"),
        initial=10,
        min_value=1,
        max_value=600,
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )


class MeetingForm(NounForm[Meeting]):
    """A meeting that has been is recorded only by somebody who says that it has."""

    is_recorded_afterwards = forms.BooleanField(
        label=_("it has taken place already"),
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget,
        help_text=_("To record a meeting afterwards. Otherwise its time is yet to come."),
    )


class LeaveForm(RowActionForm):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("colleague"),
        widget=picker(Attendance, "user"),
    )


class AttendForm(LeaveForm):
    seat = forms.ModelChoiceField(
        Seat.objects.filter(is_voting=True),
        label=_("seat"),
        required=False,
        widget=picker(Attendance, "seat"),
        help_text=_("Only where they speak for it by proxy, beside their own."),
    )


class EndForm(RowActionForm):
    def note(self) -> SafeString | StrOrPromise:
        """Item by item, what becomes of what was not reached."""
        [meeting] = self.rows
        left = (
            meeting_queries.not_reached(meeting).visible_to(self.viewer).select_related("request")
        )
        heard = [it for it in left if not it.request_id and it.kind == AgendaItem.Kind.INFORM]
        carried = [item for item in left if item not in heard]
        if not (carried or heard):
            return _("Everything on the agenda has been dealt with.")
        coming = meeting_queries.next_meeting(meeting, at=timezone.now())
        to = _("Carried over to “%(meeting)s”, and counted:") % {"meeting": coming}
        later = _("Carried over to the next meeting that is called, and counted:")
        parts = [(to if coming else later, carried), (_("Taken as heard:"), heard)]
        return format_html_join(
            "", "<div>{} {}</div>", ((title, _listed(it)) for title, it in parts if it)
        )


def _listed(items: list[AgendaItem]) -> SafeString:
    lines = format_html_join("", "<li>{}</li>", ((str(item),) for item in items))
    return format_html('<ul class="list-disc mb-2 ml-5">{}</ul>', lines)


class AgendaInline(RowActionInline[AgendaItem, Meeting]):
    model = AgendaItem
    fields = ("position", "subject", "minutes", "times_deferred", "status", "decided", "next_steps")
    readonly_fields = ("subject", "decided", "next_steps")
    row_actions = ("decide", "assign", "withdraw")
    ordering = ("position", "pk")
    joined = ("meeting", "request")
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgendaItem]:
        return super().get_queryset(request).prefetch_related("decisions")

    @admin.display(description=_("subject"))
    def subject(self, row: AgendaItem) -> SafeString | str:
        """A request leads to all that speaks for it."""
        if row.request is None:
            return row.title
        return page_link(row.request)

    @admin.display(description=_("decision"))
    def decided(self, row: AgendaItem) -> SafeString | str:
        found = sorted(row.decisions.all(), key=lambda it: it.pk)
        links = ((link(it, it.get_verdict_display()),) for it in found)
        return format_html_join(", ", "{}", links)


class AttendanceInline(ReadOnlyInline[Attendance, Meeting]):
    model = Attendance
    fields = ("user", "seat", "capacity", "came_at", "left_at")
    ordering = ("came_at", "pk")
    joined = ("user", "seat__department")


@admin.register(Meeting)
class MeetingAdmin(RowActionAdmin[Meeting]):
    to_add = "council.schedule_meeting"
    when_empty = _("Schedule the first one and put requests on its agenda.")

    form = MeetingForm
    add_fieldsets = (
        (None, {"fields": ("council", "title", "starts_at", "minutes", "place")}),
        (None, {"fields": ("is_recorded_afterwards",)}),
    )
    fields = (
        ("title", "council"),
        ("starts_at", "place"),
        ("minutes", "status"),
        ("opened_at", "ended_at"),
    )
    autocomplete_fields = ("council",)
    inlines = (AgendaInline, AttendanceInline)
    actions_detail = ("add_item", "open", "attend", "leave", "end", "cancel")
    list_display = (
        "title",
        "council",
        badge(Meeting, "status", MEETING),
        "starts_at",
        "minutes",
        "place",
    )
    list_filter = (
        ("council", RowFilter),
        ("status", MultipleChoicesDropdownFilter),
        ("starts_at", DaysFilter),
    )
    list_select_related = ("council",)
    ordering = ("-starts_at", "-pk")
    sortable_by = ("starts_at",)
    search_fields = ("search_text", "council__search_text")

    def add_row(self, *, by: User, at: datetime, council: Council, **data: Any) -> Meeting:
        return meetings.schedule_meeting(council_id=council.pk, by=by, at=at, **data)

    @row_action(
        _("Add to the agenda"),
        permission="council.edit_agenda",
        form=AgendaItemForm,
        icon="playlist_add",
        is_offered=lambda row: row.status in (*meetings.TO_COME, *meetings.UNDER_WAY),
        done=_("It is on the agenda."),
    )
    def add_item(
        self,
        meeting: Meeting,
        *,
        by: User,
        at: datetime,
        request: CustomerRequest | None,
        **data: Any,
    ) -> None:
        agenda_items.add_agenda_item(
            meeting_id=meeting.pk, request_id=request.pk if request else None, by=by, at=at, **data
        )

    @row_action(
        _("Open the meeting"),
        permission="council.hold_meeting",
        icon="play_arrow",
        is_offered=lambda row: row.status in meetings.TO_COME,
    )
    def open(self, meeting: Meeting, *, by: User, at: datetime) -> StrOrPromise:
        meetings.open_meeting(meeting_id=meeting.pk, by=by, at=at)
        return _("The meeting is open.")

    @row_action(
        _("Somebody is there"),
        permission="council.hold_meeting",
        form=AttendForm,
        icon="person_add",
        is_offered=lambda row: row.status in (*meetings.TO_COME, *meetings.UNDER_WAY),
        done=_("That is on record."),
    )
    def attend(
        self, meeting: Meeting, *, by: User, at: datetime, user: User, seat: Seat | None
    ) -> None:
        if seat is None:
            attendances.attend(meeting_id=meeting.pk, user=user, by=by, at=at)
        else:
            attendances.give_proxy(meeting_id=meeting.pk, seat_id=seat.pk, user=user, by=by, at=at)

    @row_action(
        _("Somebody left"),
        permission="council.hold_meeting",
        form=LeaveForm,
        icon="logout",
        is_offered=lambda row: row.status in (*meetings.TO_COME, *meetings.UNDER_WAY),
        done=_("That is on record."),
    )
    def leave(self, meeting: Meeting, *, by: User, at: datetime, user: User) -> None:
        attendances.leave(meeting_id=meeting.pk, user=user, by=by, at=at)

    @row_action(
        _("End the meeting"),
        permission="council.hold_meeting",
        form=EndForm,
        icon="stop",
        is_offered=lambda row: row.status in meetings.UNDER_WAY,
    )
    def end(self, meeting: Meeting, *, by: User, at: datetime) -> StrOrPromise:
        meetings.end_meeting(meeting_id=meeting.pk, by=by, at=at)
        return _("The meeting is over. Its minutes can be written.")

    @row_action(
        _("Call it off"),
        permission="council.schedule_meeting",
        form=ReasonForm,
        icon="event_busy",
        is_offered=lambda row: row.status in meetings.TO_COME,
        done=_("The meeting is called off. What was on its agenda is free for the next."),
    )
    def cancel(self, meeting: Meeting, *, by: User, at: datetime, reason: str) -> None:
        meetings.cancel_meeting(meeting_id=meeting.pk, reason=reason, by=by, at=at)
