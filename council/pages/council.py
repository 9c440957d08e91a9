"""The page of a council: who sits, who is not heard, what it decided, and what is due."""

from datetime import timedelta
from typing import Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.models import Product
from backlog.pages.base import Request, page
from backlog.rules import calendars
from council.models import Council
from council.queries import councils as council_queries
from council.queries import invitations as invitation_queries
from council.queries import said_and_done
from council.queries import seats as seat_queries
from council.queries import series as series_queries

DAY: Final = timedelta(days=1)
YEAR: Final = timedelta(days=365)


@require_safe
@permission_required("council.view_council", raise_exception=True)
def council_page(request: Request, council_id: int) -> HttpResponse:
    user, at = request.user, timezone.now()
    today = calendars.day_of(at)
    seen = Prefetch("products", Product.objects.visible_to(user).order_by("name", "pk"))
    rows = Council.objects.visible_to(user).select_related("chair", "secretary")
    council = get_object_or_404(rows.prefetch_related(seen), pk=council_id)
    return page(
        request,
        "council/council.html",
        title=council.name,
        council=council,
        today=today,
        seats=seat_queries.seats_of(council),
        unheard=council_queries.unheard(council, user),
        meetings=invitation_queries.forecasts(
            list(council_queries.coming(council, at=at)), council
        ),
        all_series=[
            (each, series_queries.sentence(each))
            for each in series_queries.of_council(council, at=at)
        ],
        decisions=council_queries.decided(council, user),
        reviews=council_queries.due_for_review(council, user, at=at),
        actions=council_queries.due_actions(council, user, at=at),
        promises=said_and_done.promises(
            user, first=today - YEAR, end=today + DAY, at=at, council=council
        ),
    )
