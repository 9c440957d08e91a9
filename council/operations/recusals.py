"""Stepping aside: a seat has no voice on an item, for a conflict of interest."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import ReasonRequired
from backlog.models import CustomerRequest, User
from backlog.models.feedback import new_salt
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import AgendaItem, Ballot, Council, Meeting, Recusal, Seat
from council.operations import agenda_items, attendances
from council.queries import decisions as decision_queries
from council.queries import seats as seat_queries


@in_person
@transaction.atomic
def step_aside(
    *, agenda_item_id: int, reason: str, by: User, at: datetime, seat_id: int | None = None
) -> Recusal:
    """The seat of the person, or `seat_id` said by who runs the meeting, has no voice on the item.

    It counts neither as there nor as entitled; what it has answered to an open ballot is taken
    back. Doing so twice changes nothing.
    """
    request, council, item = _lock(agenda_item_id)
    seat = _seat(council, by, seat_id)
    standing = Recusal.objects.standing().filter(agenda_item=item, seat=seat).first()
    if standing is not None:
        return standing
    if not reason.strip():
        raise ReasonRequired(_("Say why they step aside."))
    _check_open(item)
    _take_answer_back(item, seat)
    recusal = Recusal(
        agenda_item=item,
        seat=seat,
        user=by,
        reason=text_input.storable(reason, field="reason"),
        stepped_aside_at=at,
        salt=new_salt(),
    )
    recusal.full_clean(validate_unique=False, validate_constraints=False)
    recusal.save(force_insert=True)
    _record("agenda_item.stepped_aside", recusal, request, by=by, at=at)
    return recusal


@in_person
@transaction.atomic
def come_back(
    *, agenda_item_id: int, by: User, at: datetime, seat_id: int | None = None
) -> Recusal | None:
    """They have their voice again on an item that is not decided. Twice changes nothing."""
    request, council, item = _lock(agenda_item_id)
    seat = _seat(council, by, seat_id)
    recusal = Recusal.objects.standing().filter(agenda_item=item, seat=seat).first()
    if recusal is None:
        return None
    _check_open(item)
    recusal.returned_at = max(at, recusal.stepped_aside_at)
    recusal.save(update_fields=["returned_at"])
    _record("agenda_item.came_back", recusal, request, by=by, at=at)
    return recusal


def _lock(agenda_item_id: int) -> tuple[CustomerRequest | None, Council, AgendaItem]:
    about = AgendaItem.objects.values_list("request", "meeting").get(pk=agenda_item_id)
    request = agenda_items.lock_request(about[0])
    council, meeting = attendances.lock_meeting(about[1])
    # Nobody answers, and nothing is counted, while somebody steps aside or comes back.
    list(Ballot.objects.open().on(agenda_item_id).select_for_update(of=("self",)).order_by("pk"))
    item = AgendaItem.objects.get(pk=agenda_item_id)
    item.meeting = meeting
    return request, council, item


def _seat(council: Council, by: User, seat_id: int | None) -> Seat:
    """One's own; of others, who runs the meeting says it. Only who votes can step aside."""
    term = seat_queries.term_of(council, by)
    own = term.seat if term else None
    if seat_id is not None and (own is None or own.pk != seat_id):
        if not by.has_perm("council.hold_meeting"):
            raise errors.NotYoursToSay(
                _("Only who runs the meeting says of others that they step aside.")
            )
        own = Seat.objects.get(pk=seat_id, council=council)
    if own is None or not own.is_voting:
        raise errors.NoVoice(
            _("%(user)s has no voting seat in “%(council)s”.") % {"user": by, "council": council}
        )
    return own


def _check_open(item: AgendaItem) -> None:
    if Ballot.objects.open().on(item.pk).exists():
        return
    refusal = decision_queries.refusal_between_meetings(item)
    if refusal is not None:
        raise refusal
    if item.meeting.status not in (*Meeting.TO_COME, *Meeting.UNDER_WAY):
        raise errors.MeetingOver(_("“%(meeting)s” is over.") % {"meeting": item.meeting})


def _take_answer_back(item: AgendaItem, seat: Seat) -> None:
    for ballot in Ballot.objects.open().on(item.pk):
        ballot.stances.filter(seat=seat).delete()


def _record(
    kind: str, recusal: Recusal, request: CustomerRequest | None, *, by: User, at: datetime
) -> None:
    """Without the reason: it stands with the recusal, where it can be erased."""
    item = recusal.agenda_item
    data = {"meeting": item.meeting_id, "seat": recusal.seat_id}
    events.record(kind, subject=item, request=request, by=by, at=at, data=data)
