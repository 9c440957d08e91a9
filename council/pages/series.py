"""The series of a council: starting one, what it says and makes, and its single meetings."""

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_stubs_ext import StrPromise

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, page, refused
from backlog.rules import time_zones
from council.models import Council, Meeting, Series
from council.operations import meetings, series
from council.pages import meeting_forms, series_forms
from council.pages.series_forms import SeriesForm
from council.queries import series as series_queries
from council.rules import recurrence

SCHEDULE: Final = "council.schedule_meeting"
PREVIEW: Final = "preview"


@require_safe
@permission_required("council.view_meeting", raise_exception=True)
def series_page(request: Request, series_id: int) -> HttpResponse:
    return _show(request, _find(request, series_id))


def _find(request: Request, series_id: int) -> Series:
    rows = Series.objects.visible_to(request.user).select_related("council")
    return get_object_or_404(rows, pk=series_id)


def _show(request: Request, row: Series, status: int = 200, **forms: Any) -> HttpResponse:
    at = timezone.now()
    to_come = series_queries.to_come(row, at=at)
    return page(
        request,
        "council/series.html",
        title=row.title,
        status=status,
        series=row,
        sentence=series_queries.sentence(row),
        to_come=[(each, series_forms.moved_to(each.meeting)) for each in to_come],
        held=series_queries.held(row, at=at),
        can_edit=request.user.has_perm(SCHEDULE) and row.ended_at is None,
        **forms,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SCHEDULE, raise_exception=True)
def new_series(request: Request, council_id: int) -> HttpResponse:
    council = get_object_or_404(Council.objects.visible_to(request.user), pk=council_id)
    blank = Series(council=council, time_zone=request.user.time_zone)
    form = SeriesForm(request.POST if request.method == "POST" else None, instance=blank)
    return _edit(request, form, council)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SCHEDULE, raise_exception=True)
def edit_series(request: Request, series_id: int) -> HttpResponse:
    row = _find(request, series_id)
    form = SeriesForm(request.POST if request.method == "POST" else None, instance=row)
    return _edit(request, form, row.council)


def _edit(request: Request, form: SeriesForm, council: Council) -> HttpResponse:
    """The form with the next days below it; `preview` shows them and writes nothing."""
    is_preview = PREVIEW in request.POST
    if form.is_bound and form.is_valid() and not is_preview:
        saved = _save(request, form, council)
        if saved is not None:
            return redirect("council:series", saved.pk)
    context: dict[str, Any] = {"form": form, "council": council, **_preview(form)}
    if request.htmx and is_preview:
        response = render(request, "council/_series_preview.html", context)
        patch_vary_headers(response, ["HX-Request"])
        return response
    title = str(form.instance) if form.instance.pk else _("New series of meetings")
    status = 422 if form.errors and not is_preview else 200
    context["zones"] = time_zones.names()
    return page(request, "council/series_form.html", title=title, status=status, **context)


def _save(request: Request, form: SeriesForm, council: Council) -> Series | None:
    """None where it was refused; the form says why."""
    at, user = timezone.now(), request.user
    try:
        with sent_once.once(request, at=at):
            if form.instance.pk:
                return series.edit_series(
                    series_id=form.instance.pk,
                    version=form.version_shown,
                    by=user,
                    at=at,
                    **form.arguments(),
                )
            return series.start_series(council_id=council.pk, by=user, at=at, **form.arguments())
    except ValidationError as wrong:
        form.add_error(None, wrong.messages[0])
    except errors.Refusal as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
    return None


def _preview(form: SeriesForm) -> dict[str, Any]:
    """What the form means as it stands; nothing where it cannot be read yet."""
    if form.is_bound and not {"rule", "starts_on", "starts_at"} <= set(form.cleaned_data):
        return {}
    if form.is_bound:
        found = {name: form.cleaned_data.get(name) for name in ("country", "time_zone")}
        given = {name: form.cleaned_data[name] for name in ("rule", "starts_on", "starts_at")}
        row = Series(**given, **{name: value for name, value in found.items() if value})
    elif form.instance.pk:
        row = form.instance
    else:
        return {}
    at = timezone.now()
    try:
        rule = recurrence.read(row.rule)
        recurrence.check_occurs(rule, row.starts_on, row.time_of_day, row.clock)
        return {
            "sentence": series_queries.sentence(row),
            "days": series_queries.next_days(row, at=at),
            "skips_months": recurrence.skips_short_months(rule),
            "series": row,
        }
    except errors.Invalid as wrong:
        return {"never": str(wrong)}


@require_POST
@permission_required(SCHEDULE, raise_exception=True)
def end_series(request: Request, series_id: int) -> HttpResponse:
    row, form = _find(request, series_id), series_forms.Skip(request.POST)
    if not form.is_valid():
        return _show(request, row, 422, end_form=form)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            series.end_series(series_id=row.pk, by=request.user, at=at, **form.arguments())
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The series has ended, and its meetings are called off."))
    return redirect("council:series", row.pk)


class Action(NamedTuple):
    """Of one meeting: what is filled in, which operation it is, and what is said when done."""

    form: Any
    operation: Any
    done: StrPromise


ON_MEETING: Final = {
    "move": Action(series_forms.Move, meetings.move_meeting, gettext_lazy("The meeting is moved.")),
    "skip": Action(
        series_forms.Skip, series.skip_occurrence, gettext_lazy("The meeting is skipped.")
    ),
    "restore": Action(
        meeting_forms.Nothing,
        meetings.restore_meeting,
        gettext_lazy("The meeting is held after all."),
    ),
    "off-holiday": Action(
        meeting_forms.Nothing,
        series.move_off_holiday,
        gettext_lazy("The meeting is moved to the next working day."),
    ),
}


@require_POST
def act_on_meeting(request: Request, meeting_id: int, name: str) -> HttpResponse:
    """Do what `ON_MEETING` has by this name; back to the series, or to the meeting."""
    if not request.user.has_perm(SCHEDULE):
        raise PermissionDenied
    rows = Meeting.objects.visible_to(request.user).select_related("series__council")
    meeting = get_object_or_404(rows, pk=meeting_id)
    action, at = ON_MEETING[name], timezone.now()
    form = action.form(request.POST)
    if not form.is_valid():
        messages.warning(
            request, " ".join(words for all_ in form.errors.values() for words in all_)
        )
        return _back(meeting)
    try:
        with sent_once.once(request, at=at):
            action.operation(meeting_id=meeting.pk, by=request.user, at=at, **form.arguments())
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, str(action.done))
    return _back(meeting)


def _back(meeting: Meeting) -> HttpResponse:
    if meeting.series_id is not None:
        return redirect("council:series", meeting.series_id)
    return redirect("council:meeting", meeting.pk)
