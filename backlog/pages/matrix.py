"""The matrix of a board: impact against feasibility, drawn here so that it needs no script."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.filters import narrowing
from backlog.filters.requests import RequestFilter
from backlog.models import CustomerRequest, Product
from backlog.pages.base import Request, page, takes_several
from backlog.pages.board import SEVERAL, filters_of, query

MOST_POINTS: Final = 150
MOST_NAMED: Final = 40
"""With more points than these their keys would lie on each other."""
WIDTH, HEIGHT = 720, 480
_SMALLEST, _LARGEST = 5.0, 20.0


@dataclass(frozen=True, slots=True)
class Point:
    """A request in the picture: its middle, its reach each way, and how large it is drawn."""

    request: Any
    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float
    radius: float

    @property
    def label_x(self) -> float:
        return round(self.x + self.radius + 4, 1)


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@takes_several(*SEVERAL)
def matrix(request: Request, prefix: str) -> HttpResponse:
    """The highest ranked of the board that have both scores, as a picture and as a table."""
    products = Product.objects.visible_to(request.user)
    product = get_object_or_404(products, prefix=prefix)
    ranked = CustomerRequest.objects.filter(product=product).on_board()
    filtered = RequestFilter(request.GET, queryset=ranked, request=request)
    scored = filtered.qs.filter(impact__isnull=False, feasibility__isnull=False)
    rows = narrowing.first(scored.with_askers().for_listing(), MOST_POINTS + 1)
    has_more, rows = len(rows) > MOST_POINTS, rows[:MOST_POINTS]
    return page(
        request,
        "backlog/matrix.html",
        title=_("Matrix of %(product)s") % {"product": product.name},
        product=product,
        points=[point(row, scale=_scale(rows)) for row in rows],
        is_named=len(rows) <= MOST_NAMED,
        has_more=has_more,
        most=MOST_POINTS,
        width=WIDTH,
        height=HEIGHT,
        half_x=WIDTH // 2,
        half_y=HEIGHT // 2,
        unusable=filtered.errors,
        here=query(request.GET),
        **filters_of(request, product),
    )


def point(row: Any, *, scale: float) -> Point:
    """Where a request with both scores is drawn: feasible to the right, of impact at the top.

    The area grows with the customers who ask, up to a size that hides no neighbour.
    """

    def across(value: float) -> float:
        return round(WIDTH * value / scale, 1)

    def down(value: float) -> float:
        return round(HEIGHT * (1 - value / scale), 1)

    radius = min(_SMALLEST * sqrt(max(row.customers or 0, 1)), _LARGEST)
    x, y = across(row.feasibility), down(row.impact)
    return Point(
        request=row,
        x=x,
        y=y,
        left=x if row.feasibility_low is None else across(row.feasibility_low),
        right=x if row.feasibility_high is None else across(row.feasibility_high),
        top=y if row.impact_high is None else down(row.impact_high),
        bottom=y if row.impact_low is None else down(row.impact_low),
        radius=round(radius, 1),
    )


def _scale(rows: list[CustomerRequest]) -> float:
    """Up to where both axes reach: 100, or further where a model of one's own counts further."""
    ends = (end for row in rows for end in (row.impact_high, row.feasibility_high))
    middles = (middle for row in rows for middle in (row.impact, row.feasibility))
    return max([100.0, *(end or 0 for end in ends), *(middle or 0 for middle in middles)])
