"""The page of a meeting's minutes: the record as it is approved, and the steps until it is."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from backlog.models import User
from backlog.pages.base import Request, page
from backlog.rules import names
from council.delivery import minutes_pdf
from council.models import AgendaItem, Meeting, Minutes, MinutesAmendment
from council.pages import minutes_forms
from council.pages.meeting import find
from council.queries import minutes as minutes_queries
from council.queries import minutes_editions
from council.queries.minutes_editions import EDITIONS, INTERNAL
from council.queries.minutes_markdown import markdown, status_line

VIEW: Final = "council.view_meeting"


@dataclass(frozen=True, slots=True)
class NoteInPlace:
    """An item, and the form of its note."""

    item: AgendaItem
    form: minutes_forms.Note


@require_safe
@permission_required(VIEW, raise_exception=True)
def minutes_page(request: Request, meeting_id: int) -> HttpResponse:
    return show(request, find(request, meeting_id))


@require_safe
@permission_required(VIEW, raise_exception=True)
def minutes_file(request: Request, meeting_id: int) -> HttpResponse:
    """The same as Markdown, to be kept or sent on."""
    meeting = find(request, meeting_id)
    minutes = _version(request, meeting)
    edition = minutes_editions.edition_of(minutes, request.user, _edition(request))
    answer = HttpResponse(markdown(edition), content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(meeting)}.md"'
    return answer


@require_safe
@permission_required(VIEW, raise_exception=True)
def minutes_as_pdf(request: Request, meeting_id: int) -> HttpResponse:
    """The same as PDF, where this machine can make one; their page offers it only there."""
    meeting = find(request, meeting_id)
    edition = minutes_editions.edition_of(
        _version(request, meeting), request.user, _edition(request)
    )
    if not minutes_pdf.is_there():
        raise Http404
    paper = minutes_pdf.pdf({"edition": edition, "line": status_line(edition)})
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(meeting)}.pdf"'
    return answer


def _file_name(meeting: Meeting) -> str:
    name = slugify(meeting.title, allow_unicode=False) or "minutes"
    return f"{name}-{meeting.starts_at.date().isoformat()}"


def _edition(request: Request) -> str:
    name = request.GET.get("edition", INTERNAL)
    if name not in EDITIONS:
        raise Http404
    return name


def _version(request: Request, meeting: Meeting) -> Minutes:
    """The one asked for, else the last. Until a meeting ends there is nothing to read."""
    if meeting.ended_at is None:
        raise Http404
    asked = request.GET.get("version", "")
    if not asked:
        return minutes_queries.latest(meeting) or Minutes(meeting=meeting, council=meeting.council)
    return get_object_or_404(Minutes, meeting=meeting, version=names.number(asked))


def show(request: Request, meeting: Meeting, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` are forms that were not accepted, with what was typed."""
    minutes = _version(request, meeting)
    edition = minutes_editions.edition_of(minutes, request.user, _edition(request))
    context: dict[str, Any] = {
        "meeting": meeting,
        "minutes": minutes,
        "edition": edition,
        "line": status_line(edition),
        "has_pdf": minutes_pdf.is_there(),
        "versions": meeting.minutes_versions.order_by("version"),
        **_steps(minutes, meeting, request.user),
        **_people(minutes, meeting, request.user),
    }
    if context["can_write"]:
        context |= _notes(minutes, meeting, request.user)
    title = f"{meeting.title}"
    return page(request, "council/minutes.html", title=title, status=status, **{**context, **bound})


def _steps(minutes: Minutes, meeting: Meeting, user: User) -> dict[str, Any]:
    """What this person may do with them as they stand."""
    is_latest = _is_unwritten(minutes) or minutes == minutes_queries.latest(meeting)
    can_hold = user.has_perm("council.hold_meeting") and is_latest
    is_in_review = minutes.status == Minutes.Status.REVIEW
    return {
        "is_latest": is_latest,
        "can_hold": can_hold,
        "can_write": can_hold and minutes.status == Minutes.Status.DRAFT,
        "can_answer": can_hold and is_in_review,
        "can_publish": can_hold and minutes.is_final,
        "is_in_review": is_in_review,
        "shared_choices": [
            (code, label, code in minutes.shared) for code, label in minutes_forms.SHARED.items()
        ],
    }


def _is_unwritten(minutes: Minutes) -> bool:
    """Of a meeting that ended before there were minutes: nothing is kept of them yet."""
    return minutes._state.adding  # noqa: SLF001 -- Django's documented API


def _people(minutes: Minutes, meeting: Meeting, user: User) -> dict[str, Any]:
    """Who was there and who has said yes; the amendments that the person may see."""
    if _is_unwritten(minutes):
        return {"there": [], "approvals": [], "amendments": [], "may_amend": False}
    there = list(minutes_queries.were_there(meeting))
    approvals = set(minutes_queries.approved_by(minutes))
    said = MinutesAmendment.objects.visible_to(user).filter(minutes=minutes)
    was_there = user in there and user.has_perm("council.attend_meeting")
    is_in_review = minutes.status == Minutes.Status.REVIEW
    about = said.select_related("agenda_item__request", "proposed_by", "answered_by")
    return {
        "there": [(each, each in approvals) for each in there],
        "amendments": list(about.order_by("-status", "pk")),
        "may_amend": is_in_review and was_there,
        "may_approve": is_in_review and was_there and user not in approvals,
        "letters": minutes.letters.filter(kind="minutes", status="sent").count(),
        "owed": minutes.letters.filter(kind="minutes").count(),
    }


def _notes(minutes: Minutes, meeting: Meeting, user: User) -> dict[str, Any]:
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    placed = items.exclude(status__in=[*AgendaItem.OFF_AGENDA, AgendaItem.Status.PROPOSED])
    return {
        "notes": [
            NoteInPlace(item, minutes_forms.Note(item))
            for item in placed.select_related("request__product").order_by("position", "pk")
        ],
        "remarks_form": minutes_forms.Remarks(meeting, minutes),
    }
