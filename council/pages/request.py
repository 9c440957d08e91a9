"""The Request page: the whole line of one request, from the words to the answers."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.filters import words
from backlog.models import CustomerRequest, Department, Evidence, Feedback, User
from backlog.models.feedback import FeedbackQuerySet
from backlog.pages.base import Request, page
from backlog.queries import history
from backlog.rules import calendars
from council.models import ActionItem, Decision
from council.pages import next_steps, request_forms, request_panels

LATEST = 200
"""The line shows so many of its latest entries; the ledger has the rest."""
FOUND = 10


@require_safe
def request_page(request: Request, key: str) -> HttpResponse:
    return show(request, find(request, key))


def find(request: Request, key: str) -> CustomerRequest:
    """The request of this key, if the person may see it."""
    rows = CustomerRequest.objects.visible_to(request.user).with_askers()
    rows = rows.select_related("product__scoring_model", "owner", "opened_by", "merged_into")
    return get_object_or_404(rows, key=key)


def show(request: Request, row: CustomerRequest, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` are forms that were not accepted and are shown with what is wrong."""
    user = request.user
    assessing = request_panels.assessing(row, user)
    criteria = request_panels.criteria(row)
    context: dict[str, Any] = {
        "row": row,
        "here": reverse("council:request", args=[row.key]),
        "department_steps": row.department_steps.select_related("department").order_by("pk"),
        "words": request_panels.words(row, user),
        "asking": request_panels.asking(row),
        "assessing": assessing,
        "scores": request_panels.scores(row, criteria, user, is_blind=assessing.is_blind),
        "decisions": Decision.objects.visible_to(user).filter(request=row).for_listing(),
        "actions": ActionItem.objects.visible_to(user).filter(request=row).for_listing(),
        "commitments": request_panels.commitments(row),
        "told": request_panels.told(row, user),
        "answers": request_panels.answers(row, user),
        **_history(row, user),
        "today": calendars.day_of(timezone.now()),
        "steps": next_steps.next_steps(row, user, at=timezone.now()),
        "assess_form": request_forms.Assess(criteria, initial=assessing.initial),
        "step_form": request_forms.Step(Department.objects.visible_to(user), row),
        "can_link": user.has_perm("backlog.link_evidence"),
        "can_edit": user.has_perm("backlog.edit_request"),
        "may_see_customers": history.may_see_customers(user),
        "departments": Department.objects.visible_to(user).order_by("name"),
        "importances": Evidence.Importance.choices,
        **_found(request, row),
        **{f"{name}_form": form for name, form in bound.items()},
    }
    response = page(request, "council/request.html", title=row.key, **context)
    response.status_code = status
    return response


def _history(row: CustomerRequest, user: User) -> dict[str, Any]:
    """The history in runs of the same kind, so that forty messages in a row can be folded away."""
    entries = history.history_of(row, viewer=user, latest=LATEST)
    runs = [list(run) for _kind, run in groupby(entries, key=attrgetter("kind"))]
    return {"history": runs, "is_history_cut": len(entries) == LATEST}


def _found(request: Request, row: CustomerRequest) -> dict[str, Any]:
    """Customers' words that the person searches for, to link them."""
    wanted = (request.POST or request.GET).get("find", "").strip().replace("\x00", "")
    if not wanted or not request.user.has_perm("backlog.link_evidence"):
        return {"wanted": wanted, "found": []}
    found = words.matching(linkable(row, request.user), wanted, "search_text")
    listing = found.for_listing().defer("raw", "payload")
    return {"wanted": wanted, "found": words.first(listing, FOUND)}


def linkable(row: CustomerRequest, user: User) -> FeedbackQuerySet:
    """Words that do not speak for this request yet."""
    taken = row.counted_evidence.filter(unlinked_at__isnull=True).values("feedback")
    visible = Feedback.objects.visible_to(user).filter(erased_at__isnull=True)
    return visible.exclude(pk__in=taken)
