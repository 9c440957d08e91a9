"""All that a panel of the Request page begins with; a fragment in place, or a page of its own.

Where a browser runs scripts, a panel's link brings the rest into the panel. Without them the same
address is a page.
"""

from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from backlog.filters import narrowing
from backlog.filters import words as word_filters
from backlog.models import CustomerRequest, Evidence, Feedback, Reply, User
from backlog.models.feedback import FeedbackQuerySet
from backlog.pages import paging
from backlog.pages.base import Request, page
from backlog.queries import history
from backlog.queries import memberships as membership_queries
from council.pages import request_forms, request_panels, request_words
from council.pages.request import about, find
from council.pages.stages import LABELS
from council.queries import waiting
from council.rules.stages import Stage, phase_of

FOUND: Final = 10
ROWS: Final = 25
ENTRIES: Final = 60


@require_safe
def words(request: Request, key: str) -> HttpResponse:
    return show_words(request, find(request, key))


def show_words(
    request: Request, row: CustomerRequest, status: int = 200, **bound: Any
) -> HttpResponse:
    """All of the words, and how to link more; `bound` is what was not accepted."""
    after = paging.number(request.GET, "after")
    context = {
        "words": request_words.page(row, request.user, after=after),
        "is_first": after is None,
        "importances": Evidence.Importance.choices,
        **_found(request, row),
        **{f"{name}_form": form for name, form in bound.items()},
    }
    return _part(request, row, "words_all", _("Customers' words"), context, status)


def _found(request: Request, row: CustomerRequest) -> dict[str, Any]:
    """Customers' words that the person searches for, to link them."""
    wanted = (request.POST or request.GET).get("find", "").strip().replace("\x00", "")
    if not wanted or not request.user.has_perm("backlog.link_evidence"):
        return {"wanted": wanted, "found": []}
    found = word_filters.matching(linkable(row, request.user), wanted, "search_text")
    listing = found.for_listing().defer("raw", "payload")
    return {"wanted": wanted, "found": narrowing.first(listing, FOUND)}


def linkable(row: CustomerRequest, user: User) -> FeedbackQuerySet:
    """Words that do not speak for this request yet."""
    taken = row.counted_evidence.filter(unlinked_at__isnull=True).values("feedback")
    visible = Feedback.objects.visible_to(user).filter(erased_at__isnull=True)
    return visible.exclude(pk__in=taken)


@require_safe
@permission_required("backlog.assess_request", raise_exception=True)
def assessment(request: Request, key: str) -> HttpResponse:
    return show_assessment(request, find(request, key))


def show_assessment(
    request: Request, row: CustomerRequest, status: int = 200, **bound: Any
) -> HttpResponse:
    """The person's own assessment, with the words that it is about beside it."""
    assessing = request_panels.assessing(row, request.user)
    criteria = request_panels.criteria(row)
    form = bound.get("assess") or request_forms.Assess(criteria, initial=assessing.initial)
    context = {"assessing": assessing, "criteria": criteria, "assess_form": form}
    if not request.htmx:
        context["words"] = request_words.page(row, request.user)
        return _page(request, row, "assessment", _("Assessment"), context, status)
    return _part(request, row, "assess", _("Assessment"), context, status)


def show_assessed(request: Request, row: CustomerRequest) -> HttpResponse:
    """That it is on record, and what waits for an assessment next."""
    department = membership_queries.department_of(request.user)
    waits, count = waiting.to_assess(request.user, department)
    context = {"row": row, "next": waits[0] if waits else None, "count": count}
    response = render(request, "council/_assessed.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
def told(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    rows = request_panels.obligations(row, request.user)
    shown = paging.newest_first(rows, request.GET, size=ROWS)
    return _part(request, row, "told_all", _("Who was told"), {"shown": shown})


@require_safe
def answers(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    rows = Reply.objects.visible_to(request.user).filter(obligation__request=row).for_listing()
    shown = paging.newest_first(rows, request.GET, size=ROWS)
    return _part(request, row, "answers_all", _("Answers"), {"shown": shown})


@require_safe
def line(request: Request, key: str) -> HttpResponse:
    """The history, the latest first, in runs of one stage that are folded away."""
    row = find(request, key)
    before = _place(request.GET)
    entries = history.history_of(row, viewer=request.user, latest=ENTRIES + 1, before=before)
    has_more, entries = len(entries) > ENTRIES, entries[-ENTRIES:]
    context = {
        "phases": _phases(entries),
        "older": _address(history.place_of(entries[0])) if has_more else "",
        "is_first": before is None,
    }
    return _part(request, row, "history", _("History"), context)


def _phases(
    entries: list[history.HistoryEntry],
) -> list[tuple[StrOrPromise, list[history.HistoryEntry]]]:
    """What belongs to no stage stays with the one that led to it."""
    staged, stage = [], Stage.REQUEST
    for entry in entries:
        stage = phase_of(entry.kind) or stage
        staged.append((stage, entry))
    runs = [
        (LABELS[stage], [entry for _stage, entry in run][::-1])
        for stage, run in groupby(staged, key=lambda each: each[0])
    ]
    return runs[::-1]


def _address(place: history.Place) -> str:
    cursor = QueryDict(mutable=True)
    cursor.update({"at": place.at.isoformat(), "number": str(place.number)})
    if place.is_event:
        cursor["event"] = "1"
    return f"?{cursor.urlencode()}"


def _place(wanted: QueryDict) -> history.Place | None:
    """Where the address says that the page before ended."""
    number, at = paging.number(wanted, "number"), _moment(wanted.get("at", ""))
    if number is None or at is None:
        return None
    return history.Place(at, wanted.get("event") == "1", number)


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _part(
    request: Request,
    row: CustomerRequest,
    name: str,
    title: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The fragment for a script that asks for it, else the page around it."""
    if not request.htmx:
        beside = {"part": name, "anchor": name.removesuffix("_all")}
        return _page(request, row, "request_part", title, {**context, **beside}, status)
    whole = {**about(request, row), **context}
    response = render(request, f"council/_{name}.html", whole, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _page(
    request: Request,
    row: CustomerRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    whole = {**about(request, row), "part_title": title, **context}
    response = page(
        request, f"council/{template}.html", title=f"{row.key} {title}", status=status, **whole
    )
    patch_vary_headers(response, ["HX-Request"])
    return response
