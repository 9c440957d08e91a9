"""Meetings: calling them, what is on their agendas, opening and ending them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.errors import Invalid
from backlog.models import CustomerRequest, User
from backlog.operations import events
from council import errors
from council.models import AgendaItem, Meeting
from council.operations import councils, meetings


@transaction.atomic
def add_agenda_item(
    *,
    meeting_id: int,
    by: User | None,
    at: datetime,
    request_id: int | None = None,
    title: str = "",
    minutes: int = 10,
) -> AgendaItem:
    """Put a request to decide, or a topic, at the end of the agenda of a meeting to come."""
    request = lock_request(request_id)
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.status not in (*meetings.TO_COME, *meetings.UNDER_WAY):
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    _check_subject(meeting, request, title)
    return meetings.append_item(meeting, request, title=title, minutes=minutes, by=by, at=at)


def _check_subject(meeting: Meeting, request: CustomerRequest | None, title: str) -> None:
    if request is None:
        if not title.strip():
            raise Invalid(_("Name a request or a topic."), field="title", code="blank")
        return
    councils.check_product(meeting.council, request)
    on_agenda = meeting.agenda_items.exclude(
        status__in=[meetings.Item.WITHDRAWN, meetings.Item.DECLINED]
    )
    if on_agenda.filter(request=request).exists():
        raise errors.AlreadyOnAgenda(
            _("%(key)s is on the agenda of “%(meeting)s” already.")
            % {"key": request.key, "meeting": meeting}
        )


@transaction.atomic
def activate_agenda_item(*, agenda_item_id: int, by: User | None, at: datetime) -> AgendaItem:
    """The meeting under way turns to an item; from the one before it turns away.

    Also without a quorum: what is not decided can be talked about. Turning to it twice is once.
    """
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == meetings.Item.ACTIVE:
        return item
    if item.meeting.status not in meetings.UNDER_WAY:
        raise errors.MeetingNotInSession(
            _("“%(meeting)s” is not in session.") % {"meeting": item.meeting}
        )
    if item.status not in meetings.NOT_REACHED:
        raise errors.AgendaItemDecided(_("This item has been dealt with."))
    before = item.meeting.agenda_items.filter(status=meetings.Item.ACTIVE)
    before.update(status=meetings.Item.SCHEDULED)
    item.status, item.activated_at = meetings.Item.ACTIVE, at
    item.save(update_fields=["status", "activated_at"])
    events.record(
        "agenda_item.activated",
        subject=item,
        request=request,
        by=by,
        at=at,
        data={"meeting": item.meeting_id},
    )
    return item


@transaction.atomic
def withdraw_agenda_item(
    *, agenda_item_id: int, by: User | None, at: datetime, reason: str = ""
) -> AgendaItem:
    """Take an item off the agenda; it stays on record. Withdrawing it twice changes nothing."""
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == meetings.Item.WITHDRAWN:
        return item
    if item.status not in meetings.NOT_REACHED:
        raise errors.AgendaItemDecided(_("This item has been dealt with."))
    if item.ballots.open().exists():
        raise errors.BallotOpen(_("A ballot on this item is open."))
    item.status = meetings.Item.WITHDRAWN
    item.save(update_fields=["status"])
    events.record(
        "agenda_item.withdrawn",
        subject=item,
        request=request,
        by=by,
        at=at,
        reason=reason,
    )
    return item


def lock_request(request_id: int | None) -> CustomerRequest | None:
    """The request that an agenda or action item is about, if any; always locked first."""
    if request_id is None:
        return None
    return CustomerRequest.objects.select_for_update().get(pk=request_id)


def lock_agenda_item(agenda_item_id: int) -> AgendaItem:
    """An agenda item under its meeting's lock, with the meeting."""
    Meeting.objects.select_for_update(of=("self",)).get(agenda_items=agenda_item_id)
    return AgendaItem.objects.select_related("meeting").get(pk=agenda_item_id)
