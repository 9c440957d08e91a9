"""Preparing for a meeting: all that it will take up on one page, and what is asked of one before.

Made for a phone in a train: one item after the other, each read by a key or a thumb.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from backlog.pages.base import Request, page
from backlog.queries import history
from council.models import Meeting
from council.pages import request_words
from council.pages.meeting import find
from council.queries import preparations
from council.queries.preparations import Item, Readers
from council.rules import papers as paper_rules
from council.rules.papers import Paper


@dataclass(frozen=True, slots=True)
class Row:
    """An item with its words as they are quoted, and its papers."""

    about: Item
    words: list[request_words.Excerpt]
    papers: list[Paper]


@require_safe
@permission_required("council.view_meeting", raise_exception=True)
def prepare(request: Request, meeting_id: int) -> HttpResponse:
    return show(request, find(request, meeting_id))


def show(request: Request, meeting: Meeting) -> HttpResponse:
    """The page, or for HTMX what of it changes when something was read."""
    context = _context(request, meeting)
    if request.htmx:
        response = render(request, "council/_prepare.html", context)
    else:
        response = page(request, "council/prepare.html", title=meeting.title, **context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _context(request: Request, meeting: Meeting) -> dict[str, Any]:
    user, language = request.user, get_language() or ""
    items = preparations.items_for(meeting, user)
    is_to_come = meeting.status in Meeting.TO_COME
    return {
        "meeting": meeting,
        "rows": [
            Row(
                each,
                request_words.best_of(each.words, language),
                paper_rules.read(each.item.papers),
            )
            for each in items
        ],
        "minutes": sum(each.item.minutes for each in items),
        "read": sum(each.is_read for each in items),
        "to_assess": sum(each.asks_assessment for each in items),
        "to_answer": sum(each.asks_answer is not None for each in items),
        "is_to_come": is_to_come,
        "may_read": user.has_perm("council.attend_meeting")
        and meeting.status in (*Meeting.TO_COME, *Meeting.UNDER_WAY),
        "may_see_customers": history.may_see_customers(user),
        "may_remind": is_to_come and meeting.starts_at > timezone.now(),
        "readers": _readers(meeting, request),
    }


def _readers(meeting: Meeting, request: Request) -> Readers | None:
    """How far the departments are, for who runs the meeting and the chair."""
    if not preparations.may_chair(meeting, request.user):
        return None
    return preparations.readers_of(meeting)
