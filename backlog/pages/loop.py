"""The Loop: how well it closes, and the ledger of who was told what, when and how, or why not."""

from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.filters.filtersets import LedgerFiguresFilter, LedgerFilter
from backlog.models import (
    Account,
    Customer,
    Department,
    Obligation,
    Occasion,
    Outcome,
    Product,
    Sprint,
    StatusUpdate,
    User,
)
from backlog.models.obligations import ObligationQuerySet
from backlog.pages import paging
from backlog.pages.base import Request, page, takes_several
from backlog.queries import loop_ledger, loop_metrics
from backlog.queries import notices as notice_queries

MANY_SPRINTS: Final = 50


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
@takes_several("status", "reason")
def ledger(request: Request) -> HttpResponse:
    """The figures follow the filters; nothing here costs more when there is more."""
    at, seen = timezone.now(), Obligation.objects.visible_to(request.user)
    filtered = LedgerFilter(request.GET, queryset=seen, request=request)
    return page(
        request,
        "backlog/loop.html",
        title=_("Loop"),
        figures=loop_metrics.metrics(
            LedgerFiguresFilter(request.GET, queryset=seen, request=request).qs, at=at
        ),
        unusable=filtered.errors,
        queue_age=notice_queries.queue_age(at=at),
        narrowed=_narrowed(request),
        choices=_choices(request.user),
        **lines(filtered.qs, request.GET),
    )


def lines(obligations: ObligationQuerySet, wanted: QueryDict) -> dict[str, Any]:
    """A page of the ledger."""
    shown = paging.newest_first(obligations.for_ledger(), wanted)
    return {"shown": shown, "entries": loop_ledger.entries(shown.rows), "wanted": wanted}


def _choices(user: User) -> dict[str, Any]:
    """What the filters can be set to."""
    return {
        "statuses": Obligation.Status.choices,
        "occasions": Occasion.choices[:-1],
        "reasons": Obligation.Reason.choices[1:],
        "products": Product.objects.visible_to(user).order_by("name", "pk"),
        "sprints": Sprint.objects.visible_to(user).for_listing()[:MANY_SPRINTS],
        "departments": Department.objects.order_by("name"),
        "segments": Account.objects.segments(),
    }


def _narrowed(request: Request) -> list[dict[str, Any]]:
    """What a link has narrowed the list to, each with the address that shows more again."""
    rows = {
        "customer": Customer.objects.visible_to(request.user),
        "account": Account.objects.visible_to(request.user),
        "outcome": Outcome.objects.visible_to(request.user).select_related("commitment__request"),
        "status_update": StatusUpdate.objects.visible_to(request.user).select_related("request"),
    }
    found = []
    for name, seen in rows.items():
        pk = paging.number(request.GET, name)
        row = pk and seen.filter(pk=pk).first()
        if row:
            found.append({"name": name, "row": row, "without": _without(request.GET, name)})
    return found


def _without(wanted: QueryDict, name: str) -> str:
    query = wanted.copy()
    query.pop(name)
    return paging.address(query)
