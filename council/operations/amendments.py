"""Amendments: those who were there say what the minutes should say instead."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.auth.personal_acts import in_person
from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import AgendaItem, MinutesAmendment
from council.operations import minutes as minutes_operations

Status = MinutesAmendment.Status


@in_person
@transaction.atomic
def propose_amendment(
    *,
    meeting_id: int,
    text: str,
    by: User,
    at: datetime,
    agenda_item_id: int | None = None,
) -> MinutesAmendment:
    """Somebody who was there wants a note to read so, or the remarks where no item is named.

    What is on record is no matter of wording: times, votes and decisions stand as they were.
    Proposing the same again while it is open changes nothing.
    """
    meeting, minutes = minutes_operations.lock_minutes(meeting_id)
    minutes_operations.check_in_review(minutes)
    minutes_operations.check_was_there(meeting, by)
    text = text_input.fitting(text, MinutesAmendment, "text").strip()
    if not text:
        raise Invalid(_("Write what it should say."), field="text", code="blank")
    if agenda_item_id is not None and not meeting.agenda_items.filter(pk=agenda_item_id).exists():
        raise Invalid(
            _("This item is of another meeting."), field="agenda_item", code="about_something_else"
        )
    same = minutes.amendments.open().filter(agenda_item=agenda_item_id, proposed_by=by, text=text)
    if (already := same.first()) is not None:
        return already
    amendment = MinutesAmendment.objects.create(
        minutes=minutes, agenda_item_id=agenda_item_id, text=text, proposed_by=by, proposed_at=at
    )
    data = {"meeting": meeting.pk, "amendment": amendment.pk}
    events.record("minutes.amendment_proposed", subject=minutes, by=by, at=at, data=data)
    return amendment


@transaction.atomic
def answer_amendment(
    *, amendment_id: int, is_accepted: bool, by: User, at: datetime, reason: str = ""
) -> MinutesAmendment:
    """Accepted, the note reads so and all look anew; declined, it is said why. Idempotent."""
    known = MinutesAmendment.objects.select_related("minutes").get(pk=amendment_id)
    meeting, minutes = minutes_operations.lock_minutes(known.minutes.meeting_id)
    amendment = MinutesAmendment.objects.select_for_update(of=("self",)).get(pk=amendment_id)
    status = Status.ACCEPTED if is_accepted else Status.DECLINED
    if amendment.status == status:
        return amendment
    if amendment.status != Status.OPEN:
        raise errors.AmendmentAnswered(
            _("This was answered already: %(status)s.") % {"status": amendment.get_status_display()}
        )
    minutes_operations.check_in_review(minutes)
    if not is_accepted and not reason.strip():
        raise ReasonRequired(_("Say why it stays as it is."))
    amendment.status, amendment.answered_by, amendment.answered_at = status, by, at
    amendment.answer = text_input.fitting(reason, MinutesAmendment, "answer")
    amendment.save()
    data = {"meeting": meeting.pk, "amendment": amendment.pk}
    if is_accepted:
        amendment.minutes = minutes
        _carry_out(amendment, by=by, at=at)
        minutes_operations.renew(minutes, by=by, at=at)
        data["revision"] = minutes.revision
    kind = "minutes.amended" if is_accepted else "minutes.amendment_declined"
    events.record(kind, subject=minutes, by=by, at=at, reason=reason, data=data)
    return amendment


def _carry_out(amendment: MinutesAmendment, *, by: User, at: datetime) -> None:
    if amendment.agenda_item_id is None:
        amendment.minutes.remarks = amendment.text
        amendment.minutes.save(update_fields=["remarks"])
        return
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=amendment.agenda_item_id)
    events.apply(item, {"note": amendment.text}, by=by, at=at)
