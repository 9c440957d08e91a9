"""The page of a decision: what was decided, on what, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, page, refused
from council.models import Decision
from council.operations import reviews
from council.pages.decision_forms import Act, acts_of
from council.pages.review_forms import ReviewForm
from council.queries import decisions_in_full
from council.queries import reviews as review_queries
from council.queries import seals as seal_queries


def find(request: Request, decision_id: int) -> Decision:
    return get_object_or_404(decisions_in_full.in_full(request.user), pk=decision_id)


@require_safe
@permission_required("council.view_decision", raise_exception=True)
def decision_page(request: Request, decision_id: int) -> HttpResponse:
    return show(request, find(request, decision_id))


def show(
    request: Request,
    decision: Decision,
    form: ReviewForm | None = None,
    status: int = 200,
    acts: Sequence[Act] = (),
) -> HttpResponse:
    """Its page, perhaps with a form that was not accepted, as it was typed."""
    may_review = review_queries.may_review(decision, request.user)
    context: dict[str, Any] = {
        "decision": decision,
        "row": decision.request,
        "figures": list(decision.predictions.all()),
        "reviews": list(decision.reviews.all()),
        "measured": review_queries.measured_since(decision, request.user),
        "seal": seal_queries.seal_of(decision),
        "later": getattr(decision, "superseded_by", None),
        "may_review": may_review,
        "retired": decisions_in_full.retirement_of(decision),
        "taken_together": decisions_in_full.taken_together(decision),
        "acts": acts or acts_of(decision, request.user),
        "form": form or (ReviewForm(decision) if may_review else None),
    }
    title = f"{decision.request.key}: {decision.get_verdict_display()}"
    return page(request, "council/decision.html", title=title, status=status, **context)


@require_POST
@permission_required("council.review_decision", raise_exception=True)
def review(request: Request, decision_id: int) -> HttpResponse:
    """What somebody says came of it. What is not accepted is shown again, as it was typed."""
    decision, at = find(request, decision_id), timezone.now()
    form = ReviewForm(decision, request.POST)
    if not form.is_valid():
        return show(request, decision, form, status=422)
    try:
        with sent_once.once(request, at=at):
            reviews.review_decision(
                decision_id=decision.pk, findings=form.findings(), by=request.user, at=at
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("On record: what came of it."))
    return redirect("council:decision", decision.pk)
