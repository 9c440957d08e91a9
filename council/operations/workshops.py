"""Workshops: the root cause, the perfectly solved picture and the departments' steps, together."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, VersionConflict
from backlog.models import CustomerRequest, User
from backlog.operations import events, requests
from backlog.rules import text_input
from council.models import AgendaItem
from council.operations import agenda_items
from council.queries import workshops
from council.queries.workshops import Part


@in_person
@transaction.atomic
def work_out(
    *,
    agenda_item_id: int,
    part: str,
    words: str,
    by: User,
    at: datetime,
    department_id: int | None = None,
    before: str | None = None,
) -> AgendaItem:
    """Write a part of what the workshop works out, into the request that it is about.

    By whoever is there, while their meeting discusses it: what nobody else may edit is the common
    work of those. The words take the place of those `before`, and are refused where others stand
    there by now; without `before` they take the place of any. Writing the same records nothing.
    """
    request = agenda_items.lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = agenda_items.lock_agenda_item(agenda_item_id)
    refusal = workshops.refusal_to_work_out(item, by)
    if refusal is not None:
        raise refusal
    assert request is not None
    wanted = text_input.storable(words, field="words")
    now = workshops.written(request, Part(part), department_id)
    if wanted.strip() == now.strip():
        return item
    if before is not None and before.strip() != now.strip():
        raise VersionConflict(_("Somebody has changed this meanwhile."), words=now)
    _write(request, Part(part), wanted, department_id, by=by, at=at)
    events.record(
        "agenda_item.worked_out",
        subject=item,
        request=request,
        by=by,
        at=at,
        data={"meeting": item.meeting_id, "part": part, "department": department_id},
    )
    return item


def _write(
    request: CustomerRequest,
    part: Part,
    words: str,
    department_id: int | None,
    *,
    by: User,
    at: datetime,
) -> None:
    match part:
        case Part.STEP:
            if department_id is None:
                raise Invalid(
                    _("Say of which department the step is."), field="department", code="blank"
                )
            requests.set_department_step(
                request_id=request.pk, department_id=department_id, step=words, by=by, at=at
            )
        case Part.ROOT_CAUSE:
            requests.edit_request(request_id=request.pk, root_cause=words, by=by, at=at)
        case Part.PERFECT_PICTURE:
            requests.edit_request(request_id=request.pk, perfect_picture=words, by=by, at=at)
