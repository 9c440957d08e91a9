"""What is written in a workshop: one part at a time, then back to the room as it is then."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from backlog.rules import names
from council.models import AgendaItem
from council.operations import workshops as operations
from council.pages import room
from council.pages.workshop_forms import ATTEND, WorkOut, shown
from council.queries import workshops
from council.queries.workshops import Written


@require_POST
def work_out(request: Request, item_id: int) -> HttpResponse:
    """Save one part; the room is shown again as it is then."""
    if not request.user.has_perm(ATTEND):
        raise PermissionDenied
    rows = AgendaItem.objects.visible_to(request.user)
    item = get_object_or_404(rows.select_related("meeting", "request"), pk=item_id)
    form, at = WorkOut(item, _chosen(item, request), request.POST), timezone.now()
    if not form.is_valid():
        meeting = room.find(request, item.meeting_id)
        bound = shown(item, request.user, form)
        return room.show(request, meeting, status=422, faulty=form, workshop=bound)
    try:
        with sent_once.once(request, at=at):
            operations.work_out(**form.arguments(), by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("council:room", item.meeting_id)


def _chosen(item: AgendaItem, request: Request) -> Written:
    """The part that is written, as it stands."""
    department = names.number(request.POST.get("department", ""))
    for written in workshops.parts_of(item):
        of = written.department.pk if written.department else None
        if written.part == request.POST.get("part") and of == department:
            return written
    raise Http404
