"""Every piece that pages are made of, in one place, for colleagues who build."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.models import Obligation, RequestStatus
from backlog.pages.base import Request, page
from backlog.rules import calendars

COLOURS: Final = (
    *("ink", "text", "faint", "line", "ground", "raised", "hover"),
    *("accent", "good", "busy", "warn", "bad", "mark"),
)
DISTANCES: Final = (
    timedelta(minutes=-4),
    timedelta(hours=-5),
    timedelta(days=-1),
    timedelta(days=-12),
    timedelta(days=-160),
    timedelta(days=9),
)


@require_safe
def styleguide(request: Request) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "colours": COLOURS,
        "states": [*RequestStatus.choices, *Obligation.Status.choices],
        "moments": [now + distance for distance in DISTANCES],
        "today": calendars.day_of(now),
    }
    return page(request, "backlog/styleguide.html", title=_("Style guide"), **context)
