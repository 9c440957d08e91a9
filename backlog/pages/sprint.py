"""The Sprint page: what was promised, who has time for it, how far it is, and what came of it."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Case, Prefetch, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.models import Commitment, Effort, Measurement, Outcome, Product, Sprint
from backlog.models.sprints import SprintQuerySet
from backlog.pages.base import Request, page
from backlog.pages.chart import chart
from backlog.queries import sprint_progress

MANY: Final = 12
"""So many sprints of a product can be gone to from here; the list has the others."""


@require_safe
@permission_required("backlog.view_sprint", raise_exception=True)
def first_sprint(request: Request) -> HttpResponse:
    """The sprint that runs, or else the one to come, or the last one."""
    sprints = Sprint.objects.visible_to(request.user)
    if prefix := request.GET.get("product"):
        product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
        sprints = sprints.filter(product=product)
    found = _soonest_first(sprints).first()
    if found is not None:
        return redirect("backlog:sprint", found.pk)
    return page(
        request, "backlog/no_sprint.html", title=_("Sprints"), products=_products(request, prefix)
    )


@require_safe
@permission_required("backlog.view_sprint", raise_exception=True)
def sprint(request: Request, sprint_id: int) -> HttpResponse:
    """All of it on one page; what can be done leads to a step, and from there back to here."""
    sprints = Sprint.objects.visible_to(request.user)
    found = get_object_or_404(sprints.select_related("product"), pk=sprint_id)
    commitments = _commitments(request, found)
    live = [each for each in commitments if each.withdrawn_at is None]
    loads = sprint_progress.loads(found)
    return page(
        request,
        "backlog/sprint.html",
        title=found.name,
        sprint=found,
        product=found.product,
        products=_products(request, found.product.prefix),
        others=sprints.filter(product=found.product).for_listing()[:MANY],
        live=live,
        withdrawn=[each for each in commitments if each.withdrawn_at is not None],
        missing=[each.request.key for each in live if not each.outcomes.all()],
        loads=loads,
        overloaded=[load for load in loads if load.days.is_over and not found.closed_at],
        chart=chart(sprint_progress.burn_up(found, at=timezone.now())),
        back=request.path,
    )


def _soonest_first(sprints: SprintQuerySet) -> SprintQuerySet:
    order = Case(
        When(status=Sprint.Status.ACTIVE, then=Value(0)),
        When(status=Sprint.Status.PLANNED, then=Value(1)),
        default=Value(2),
    )
    to_come = Case(When(status=Sprint.Status.PLANNED, then="starts_on"))
    return sprints.order_by(order, to_come, "-starts_on", "-pk")


def _products(request: Request, prefix: str | None) -> Sequence[dict[str, Any]]:
    seen = Product.objects.visible_to(request.user).order_by("prefix")
    return [{"row": row, "is_here": row.prefix == prefix} for row in seen]


def _commitments(request: Request, found: Sprint) -> list[Commitment]:
    latest = Measurement.objects.latest_first()
    outcomes = (
        Outcome.objects.visible_to(request.user)
        .current()
        .select_related("replaces", "announcement")
    )
    outcomes = outcomes.prefetch_related(
        Prefetch("measurements", latest), Prefetch("replaces__measurements", latest)
    )
    rows = Commitment.objects.visible_to(request.user).filter(sprint=found)
    return list(
        rows.select_related("request", "request__owner", "sprint")
        .prefetch_related(
            Prefetch("outcomes", outcomes), Prefetch("efforts", Effort.objects.for_listing())
        )
        .order_by("request__rank", "pk")
    )
