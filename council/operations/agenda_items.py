"""Agenda items: putting them there, proposing them, arranging them, taking them off."""

from datetime import datetime
from typing import Final, Unpack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, User
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import AgendaItem, Ballot, Meeting
from council.operations import councils, meetings
from council.operations.meetings import Item, ItemDetails
from council.queries import meetings as meeting_queries
from council.rules import papers as paper_rules

ARRANGED: Final = (*meetings.TO_COME, *meetings.UNDER_WAY)


@transaction.atomic
def add_agenda_item(
    *,
    meeting_id: int,
    by: User | None,
    at: datetime,
    request_id: int | None = None,
    minutes: int = 10,
    is_proposal: bool = False,
    **details: Unpack[ItemDetails],
) -> AgendaItem:
    """Put a request to decide, or a topic, at the end of the agenda of a meeting to come.

    A proposal waits there for the secretary to take it on, or to decline it.
    """
    request = lock_request(request_id)
    meeting = lock_meeting(meeting_id)
    if meeting.status not in ARRANGED:
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": meeting})
    _check_subject(meeting, request, details.get("title", ""))
    _check_papers(details)
    return meetings.append_item(
        meeting,
        request,
        minutes=minutes,
        status=Item.PROPOSED if is_proposal else Item.SCHEDULED,
        by=by,
        at=at,
        **details,
    )


def _check_subject(meeting: Meeting, request: CustomerRequest | None, title: str) -> None:
    if request is None:
        if not title.strip():
            raise Invalid(_("Name a request or a topic."), field="title", code="blank")
        return
    councils.check_product(meeting.council, request)
    on_agenda = meeting.agenda_items.exclude(status__in=AgendaItem.OFF_AGENDA)
    if on_agenda.filter(request=request).exists():
        raise errors.AlreadyOnAgenda(
            _("%(key)s is on the agenda of “%(meeting)s” already.")
            % {"key": request.key, "meeting": meeting}
        )


def _check_papers(details: ItemDetails) -> None:
    if unusable := paper_rules.unusable(details.get("papers", "")):
        raise Invalid(
            _("This line is no link: %(line)s") % {"line": unusable[0]},
            field="papers",
            code="invalid",
        )


class ItemChanges(ItemDetails, total=False):
    minutes: int


@transaction.atomic
def edit_agenda_item(
    *,
    agenda_item_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[ItemChanges],
) -> AgendaItem:
    """Change what an item says of itself. Editing nothing records nothing."""
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = _lock_unreached(agenda_item_id)
    _check_papers(changes)
    if "title" in changes:
        changes["title"] = text_input.storable(changes["title"], field="title")
        if request is None and not changes["title"].strip():
            raise Invalid(_("Name a request or a topic."), field="title", code="blank")
    changed = events.apply(item, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record(
            "agenda_item.edited",
            subject=item,
            request=request,
            by=by,
            at=at,
            data={"meeting": item.meeting_id, "changed": changed},
        )
    return item


@transaction.atomic
def move_agenda_item(
    *, agenda_item_id: int, after: int | None, by: User | None, at: datetime
) -> bool:
    """Put an item behind another of its agenda, or first. Whether that moved it.

    The others keep their order; places are counted anew, so that no two share one.
    """
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = _lock_unreached(agenda_item_id)
    order = list(meeting_queries.arranged(item.meeting))
    before = [each.pk for each in order]
    others = [each for each in order if each.pk != item.pk]
    places = [each.pk for each in others]
    if after is not None and after not in places:
        raise errors.NotOnThisAgenda(_("The item to put it behind is not on this agenda now."))
    others.insert(places.index(after) + 1 if after is not None else 0, item)
    if [each.pk for each in others] == before:
        return False
    for position, each in enumerate(others, 1):
        each.position = position
    AgendaItem.objects.bulk_update(others, ["position"])
    events.record(
        "agenda_item.moved",
        subject=item,
        request=request,
        by=by,
        at=at,
        data={"meeting": item.meeting_id},
    )
    return True


@transaction.atomic
def accept_agenda_item(*, agenda_item_id: int, by: User | None, at: datetime) -> AgendaItem:
    """Take a member's proposal on the agenda. Accepting it twice changes nothing."""
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = _lock_unreached(agenda_item_id)
    if item.status != Item.PROPOSED:
        return item
    return _answer(item, Item.SCHEDULED, "agenda_item.accepted", request, "", by=by, at=at)


@transaction.atomic
def decline_agenda_item(
    *, agenda_item_id: int, reason: str, by: User | None, at: datetime
) -> AgendaItem:
    """Say no to a member's proposal, and why. Declining it twice changes nothing."""
    if not reason.strip():
        raise ReasonRequired(_("Say why it is not taken on the agenda."))
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == Item.DECLINED:
        return item
    if item.status != Item.PROPOSED:
        raise errors.NotProposed(_("“%(item)s” does not wait for an answer.") % {"item": item})
    return _answer(item, Item.DECLINED, "agenda_item.declined", request, reason, by=by, at=at)


def _answer(
    item: AgendaItem,
    status: Item,
    kind: str,
    request: CustomerRequest | None,
    reason: str,
    *,
    by: User | None,
    at: datetime,
) -> AgendaItem:
    item.status = status
    item.save(update_fields=["status"])
    data = {"meeting": item.meeting_id}
    events.record(kind, subject=item, request=request, by=by, at=at, reason=reason, data=data)
    return item


@transaction.atomic
def carry_over_agenda_item(*, agenda_item_id: int, by: User | None, at: datetime) -> AgendaItem:
    """Put an item off to the council's next meeting, which counts. Twice changes nothing.

    Where no other meeting is called yet, it comes up at whichever is called next.
    """
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == Item.DEFERRED:
        return item
    _check_unreached(item)
    _check_no_vote(item)
    item.status, item.times_deferred = Item.DEFERRED, F("times_deferred") + 1
    item.save(update_fields=["status", "times_deferred"])
    item.refresh_from_db()
    data = {"meeting": item.meeting_id}
    events.record(
        "agenda_item.carried_over", subject=item, request=request, by=by, at=at, data=data
    )
    # Always a later meeting than the item's own: so two who do this never wait for each other.
    coming = meeting_queries.next_meeting(item.meeting, at=max(at, item.meeting.starts_at))
    if coming is not None:
        meetings.carry_over_item(item, lock_meeting(coming.pk), by=by, at=at)
    return item


@transaction.atomic
def activate_agenda_item(*, agenda_item_id: int, by: User | None, at: datetime) -> AgendaItem:
    """The meeting under way turns to an item; from the one before it turns away.

    Also without a quorum: what is not decided can be talked about. Turning to it twice is once.
    """
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == Item.ACTIVE:
        return item
    if item.meeting.status not in Meeting.UNDER_WAY:
        raise errors.MeetingNotInSession(
            _("“%(meeting)s” is not in session.") % {"meeting": item.meeting}
        )
    if item.status not in meetings.NOT_REACHED:
        raise errors.AgendaItemDecided(_("This item has been dealt with."))
    _check_not_elsewhere(item)
    before = item.meeting.agenda_items.filter(status=Item.ACTIVE)
    before.update(status=Item.SCHEDULED)
    item.status, item.activated_at = Item.ACTIVE, at
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


def _check_not_elsewhere(item: AgendaItem) -> None:
    """Two councils over one product do not discuss the same at once; the request's lock says so."""
    if item.request_id is None:
        return
    active = AgendaItem.objects.filter(request=item.request_id, status=Item.ACTIVE)
    elsewhere = active.filter(meeting__status__in=Meeting.UNDER_WAY).exclude(pk=item.pk)
    other = elsewhere.select_related("meeting").first()
    if other is not None:
        raise errors.DiscussedElsewhere(
            _("“%(item)s” is being discussed in “%(meeting)s”. Take up something else until then.")
            % {"item": item, "meeting": other.meeting},
            meeting=other.meeting_id,
        )


@transaction.atomic
def withdraw_agenda_item(
    *, agenda_item_id: int, by: User | None, at: datetime, reason: str = ""
) -> AgendaItem:
    """Take an item off the agenda; it stays on record. Withdrawing it twice changes nothing."""
    request = lock_request(AgendaItem.objects.get(pk=agenda_item_id).request_id)
    item = lock_agenda_item(agenda_item_id)
    if item.status == Item.WITHDRAWN:
        return item
    if item.status not in meetings.NOT_REACHED:
        raise errors.AgendaItemDecided(_("This item has been dealt with."))
    _check_no_vote(item)
    item.status = Item.WITHDRAWN
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


@transaction.atomic
def take_off_what_goes_on(item: AgendaItem, *, by: User | None, at: datetime) -> None:
    """It was decided after it had been carried over: where it went on, nothing waits any more.

    What is voted on there goes its own way. The caller holds the lock of its request.
    """
    later = AgendaItem.objects.filter(carried_from=item).first()
    while later is not None:
        later = lock_agenda_item(later.pk)
        voted_on = Ballot.objects.open().on(later.pk).exists()
        if later.status in meetings.NOT_REACHED and not voted_on:
            later.status = Item.WITHDRAWN
            later.save(update_fields=["status"])
            events.record(
                "agenda_item.withdrawn", subject=later, request=item.request, by=by, at=at
            )
        later = AgendaItem.objects.filter(carried_from=later).first()


def _check_no_vote(item: AgendaItem) -> None:
    """What is being voted on stays where it is until the ballot is over."""
    if Ballot.objects.open().on(item.pk).exists():
        raise errors.BallotOpen(_("A ballot on this item is open."))


def lock_request(request_id: int | None) -> CustomerRequest | None:
    """The request that an agenda or action item is about, if any; always locked first."""
    if request_id is None:
        return None
    return CustomerRequest.objects.select_for_update().get(pk=request_id)


def lock_meeting(meeting_id: int) -> Meeting:
    """A meeting, and with it all that is on its agenda."""
    return Meeting.objects.select_for_update().get(pk=meeting_id)


def lock_agenda_item(agenda_item_id: int) -> AgendaItem:
    """An agenda item under its meeting's lock, with the meeting."""
    Meeting.objects.select_for_update(of=("self",)).get(agenda_items=agenda_item_id)
    return AgendaItem.objects.select_related("meeting").get(pk=agenda_item_id)


def _lock_unreached(agenda_item_id: int) -> AgendaItem:
    item = lock_agenda_item(agenda_item_id)
    _check_unreached(item)
    return item


def _check_unreached(item: AgendaItem) -> None:
    if item.meeting.status not in ARRANGED:
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": item.meeting})
    if item.status in AgendaItem.OFF_AGENDA:
        raise errors.AgendaItemWithdrawn(_("This item was taken off the agenda."))
    if item.status not in meetings.NOT_REACHED:
        raise errors.AgendaItemDecided(_("This item has been dealt with."))
