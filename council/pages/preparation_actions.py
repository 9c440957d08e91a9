"""What is done while preparing for a meeting: reading, and reminding those who have not."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from council.models import AgendaItem
from council.operations import preparations, reminders
from council.pages.meeting import find

READING: Final[Mapping[str, Callable[..., object]]] = {
    "read": preparations.read_item,
    "unread": preparations.unread_item,
}


@require_POST
def read(request: Request, item_id: int, name: str) -> HttpResponse:
    """Say that one has read an item, or take that back; then the page as it is."""
    if not request.user.has_perm("council.attend_meeting"):
        raise PermissionDenied
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user), pk=item_id)
    try:
        # Sent twice it does the same: so no claim is needed, and a key may be pressed twice.
        READING[name](agenda_item_id=item.pk, by=request.user, at=timezone.now())
    except errors.Refusal as refusal:
        refused(request, refusal)
    here = reverse("council:prepare", args=[item.meeting_id])
    return redirect(here if request.htmx else f"{here}#item-{item.pk}")


@require_POST
def remind(request: Request, meeting_id: int) -> HttpResponse:
    """Have those reminded who have not read; the chair may, and who runs the meeting."""
    if not request.user.has_perm("council.attend_meeting"):
        raise PermissionDenied
    meeting, at = find(request, meeting_id), timezone.now()
    try:
        with sent_once.once(request, at=at):
            n = reminders.remind_of_meeting(meeting_id=meeting.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        said = ngettext("%(n)s colleague is reminded.", "%(n)s colleagues are reminded.", n)
        messages.success(
            request, said % {"n": n} if n else _("All who have not read were reminded today.")
        )
    return redirect("council:prepare", meeting.pk)
