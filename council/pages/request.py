"""The Request page: where one request stands, what customers want, and what is next.

Its panels begin with some rows; `request_parts` has all of each.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest, Department, User
from backlog.pages.base import Request, page
from backlog.queries import history
from backlog.rules import calendars
from council.models import ActionItem, Ballot, Decision
from council.pages import next_steps, request_forms, request_panels, request_words
from council.pages.awaited import awaited
from council.pages.request_panels import Asking
from council.pages.stages import stops
from council.queries import agenda_items as agenda_item_queries


@require_safe
def request_page(request: Request, key: str) -> HttpResponse:
    """The page; a merged request's key leads to the one that survives, which says so."""
    row = find(request, key)
    if row.merged_into is not None:
        address = reverse("council:request", args=[row.merged_into.key])
        return redirect(f"{address}?{urlencode({'merged': row.key})}#merged")
    return show(request, row)


def find(request: Request, key: str) -> CustomerRequest:
    """The request of this key, if the person may see it."""
    rows = CustomerRequest.objects.visible_to(request.user).with_askers()
    rows = rows.select_related("product__scoring_model", "owner", "opened_by", "merged_into")
    return get_object_or_404(rows, key=key)


def show(request: Request, row: CustomerRequest, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` are forms that were not accepted and are shown with what is wrong."""
    user, at = request.user, timezone.now()
    seen = Department.objects.visible_to(user)
    beginning = about(request, row)
    people = request_panels.people(row, user)
    context: dict[str, Any] = {
        **beginning,
        "words": request_words.best(row, user, get_language() or ""),
        "people": people,
        "unnamed": -len(people),
        "department_steps": row.department_steps.select_related("department").order_by("pk"),
        "actions": ActionItem.objects.visible_to(user).filter(request=row).for_listing(),
        "today": calendars.day_of(at),
        "steps": next_steps.next_steps(row, user, at=at),
        "step_form": request_forms.Step(seen, row),
        **_ballots(row, user),
        **_merged(request, row),
        "can_edit": user.has_perm("backlog.edit_request"),
        "departments": seen.order_by("name"),
        **_along_the_line(user, row, beginning["asking"]),
        **{f"{name}_form": form for name, form in bound.items()},
    }
    context["awaited"] = awaited(
        row,
        steps=context["steps"],
        silent=[department for department, _narrows_by in getattr(context["scores"], "wanted", ())],
        commitments=context["commitments"],
        told=context["told"],
    )
    return page(request, "council/request.html", title=row.key, status=status, **context)


def _merged(request: Request, row: CustomerRequest) -> dict[str, Any]:
    """What was merged into it, and by the key of which of these the person came here."""
    merged = list(row.merged.defer("search_text").order_by("number"))
    asked_for = request.GET.get("merged", "")
    came_from = asked_for if asked_for in {each.key for each in merged} else ""
    return {"merged": merged, "came_from": came_from}


def _ballots(row: CustomerRequest, user: User) -> dict[str, Any]:
    """What is open by a deadline, and whether the person may open one."""
    seen = Ballot.objects.visible_to(user).open().about(row.pk)
    is_open_ballot = list(seen.filter(closes_at__isnull=False))
    is_undecided = row.status in agenda_item_queries.UNDECIDED
    may_hold = user.has_perm("council.hold_meeting")
    return {
        "open_ballots": is_open_ballot,
        "may_vote_between": may_hold and is_undecided and not is_open_ballot,
    }


def about(request: Request, row: CustomerRequest) -> dict[str, Any]:
    """What the page and all of its parts say of the request, and of who looks at it."""
    return {
        "row": row,
        "here": reverse("council:request", args=[row.key]),
        "asking": request_panels.asking(row),
        "can_link": request.user.has_perm("backlog.link_evidence"),
        "may_see_customers": history.may_see_customers(request.user),
    }


def _along_the_line(user: User, row: CustomerRequest, asking: Asking) -> dict[str, Any]:
    """The panels, from the scores to the answers, and the picture of the line above them."""
    assessing = request_panels.assessing(row, user)
    scores = request_panels.scores(
        row, request_panels.criteria(row), user, is_blind=assessing.is_blind
    )
    found: dict[str, Any] = {
        "decisions": list(
            Decision.objects.visible_to(user)
            .filter(request=row)
            .for_listing()
            .prefetch_related("predictions")
        ),
        "commitments": request_panels.commitments(row),
        "told": request_panels.told(row, user),
        "answers": request_panels.answers(row, user),
    }
    line = stops(row, asking=asking, **found)
    return {**found, "assessing": assessing, "scores": scores, "stops": line}
