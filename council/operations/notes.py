"""Notes: what the minutes say on an item beside the record."""

from datetime import datetime

from django.db import transaction

from backlog.models import User
from backlog.operations import events
from council.models import AgendaItem, Meeting
from council.operations import agenda_items, minutes


@transaction.atomic
def set_note(
    *, agenda_item_id: int, note: str, by: User, at: datetime, version: int | None = None
) -> AgendaItem:
    """Write the note of an item, while the meeting runs and afterwards until its minutes go to
    review. With the `version` that it is based on, raises VersionConflict when the item was edited
    since. Writing the same again records nothing."""
    agenda_items.lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = agenda_items.lock_agenda_item(agenda_item_id)
    if item.meeting.status not in Meeting.UNDER_WAY:
        minutes.check_draft(item.meeting)
    if events.apply(item, {"note": note}, version=version, by=by, at=at):
        data = {"meeting": item.meeting_id, "agenda_item": item.pk}
        events.record("minutes.noted", subject=item, by=by, at=at, data=data)
    return item
