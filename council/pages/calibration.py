"""Whether a council was right: what it expected, how sure it was, and what came true."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.pages.base import Request, page
from council.models import Council
from council.queries import reviews as review_queries


@require_safe
@permission_required("council.view_council", raise_exception=True)
def calibration(request: Request, council_id: int) -> HttpResponse:
    council = get_object_or_404(Council.objects.visible_to(request.user), pk=council_id)
    return page(
        request,
        "council/calibration.html",
        title=_("Was it right? %(council)s") % {"council": council},
        council=council,
        found=review_queries.calibration_of(council, request.user),
        answered=review_queries.latest_answered(council, request.user),
    )
