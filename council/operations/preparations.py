"""Preparations: saying of an item of an agenda that one has read it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.models import User
from council import errors
from council.models import AgendaItem, Meeting, Preparation


@in_person
@transaction.atomic
def read_item(*, agenda_item_id: int, by: User, at: datetime) -> Preparation:
    """The person has read it, before or in the meeting. Saying so twice changes nothing.

    It is on no ledger: it concerns nobody but the person, and counts for this meeting alone.
    """
    item = AgendaItem.objects.select_related("meeting").get(pk=agenda_item_id)
    if item.meeting.status not in (*Meeting.TO_COME, *Meeting.UNDER_WAY):
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": item.meeting})
    # By the constraint: two who press at once have read it once.
    Preparation.objects.bulk_create(
        [Preparation(agenda_item=item, user=by, read_at=at)], ignore_conflicts=True
    )
    return Preparation.objects.get(agenda_item=item, user=by)


@in_person
@transaction.atomic
def unread_item(*, agenda_item_id: int, by: User, at: datetime) -> int:
    """They want to read it again. Returns how many were taken back: one, or none."""
    return Preparation.objects.filter(agenda_item=agenda_item_id, user=by).delete()[0]
