"""What mail servers say after they have taken a message: it arrived, came back, or was a nuisance.

Lock order: obligation, notice.
"""

from datetime import UTC, datetime
from typing import Final

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog import errors
from backlog.models import ContactPoint, Notice, NoticeItem, Obligation, User
from backlog.operations import contact_points, events, obligations
from backlog.queries import notices
from backlog.rules import addresses, bounces, bounds
from backlog.rules.bounces import Meaning


class Kind(models.TextChoices):
    """`returned` came back although the address is good: a full mailbox, a server that was down."""

    DELIVERED = "delivered", gettext_lazy("arrived")
    RETURNED = "returned", gettext_lazy("came back")
    BOUNCED = "bounced", gettext_lazy("bounced")
    COMPLAINED = "complained", gettext_lazy("complained")


_STATUS: Final = {
    Kind.DELIVERED: Notice.Status.DELIVERED,
    Kind.RETURNED: Notice.Status.BOUNCED,
    Kind.BOUNCED: Notice.Status.BOUNCED,
    Kind.COMPLAINED: Notice.Status.COMPLAINED,
}
# A later word counts only if it is a stronger one; reports come in any order, and more than once.
_WEIGHT: Final = {
    Notice.Status.SENT: 0,
    Notice.Status.DELIVERED: 1,
    Notice.Status.BOUNCED: 2,
    Notice.Status.COMPLAINED: 3,
}
_STOPS_MAIL: Final = {
    Kind.BOUNCED: ContactPoint.State.BOUNCED,
    Kind.COMPLAINED: ContactPoint.State.COMPLAINED,
}


@transaction.atomic
def record_report(
    *,
    message_id: str,
    kind: str,
    by: User | None,
    at: datetime,
    happened_at: datetime | None = None,
    detail: str = "",
    recipient: str = "",
) -> bool:
    """Keep what became of a message that had left. False if it was known: nothing happens twice.

    `message_id` is anything that names it. What came back was not told, unless its customer has
    answered. A bounce or a complaint stops all mail to the address; a bounce of another
    `recipient`, to whom the message had gone on, came back and no more.
    """
    known = _named(message_id, kind)
    told = _lock_told(known)
    notice = Notice.objects.select_for_update(no_key=True).get(pk=known.pk)
    if notice.status == Notice.Status.SENDING:
        # Its worker has not written yet that it left: a report that is repeated is not lost.
        raise errors.BeingSent(_("The message is being sent right now."))
    kind, judged_as = check_kind(notice, kind=kind, detail=detail, recipient=recipient)
    is_stopped = _stop_mail(notice, kind, by=by, at=at)
    if not _is_stronger(notice, kind):
        return is_stopped
    _keep(notice, kind, detail=detail, judged_as=judged_as)
    data = {"judged_as": judged_as, "happened_at": _in_utc(bounds.plausible(happened_at, at))}
    events.record(f"notice.{notice.status}", subject=notice, by=by, at=at, data=data)
    if notice.status == Notice.Status.BOUNCED:
        status, reason = Obligation.Status.BOUNCED, Obligation.Reason(kind)
        obligations.settle(told, status=status, reason=reason, by=by, at=at)
    return True


def _named(message_id: str, kind: str) -> Notice:
    """The message that is reported on, in a way that there is."""
    if kind not in Kind:
        raise errors.Invalid(_("Say delivered, returned, bounced or complained."), field="kind")
    notice = notices.notice_of(message_id)
    if notice is None:
        raise errors.Invalid(_("No message of ours has this Message-ID."), field="message_id")
    return notice


def check_kind(notice: Notice, *, kind: str, detail: str, recipient: str) -> tuple[Kind, str]:
    """What became of it, and what the words are taken to mean.

    Who reports it may know more than the words tell; but not of another recipient.
    """
    kind = Kind(kind)
    if kind not in (Kind.RETURNED, Kind.BOUNCED):
        return kind, ""
    point = notice.contact_point
    if recipient and (point is None or addresses.bare(recipient) != addresses.bare(point.address)):
        return Kind.RETURNED, Meaning.OTHER_RECIPIENT
    meaning = bounces.meaning_of(detail)
    if (kind == Kind.BOUNCED) == (meaning in bounces.ENDS):
        return kind, meaning
    return kind, Meaning.NO_MAILBOX if kind == Kind.BOUNCED else Meaning.UNCLEAR


def _is_stronger(notice: Notice, kind: Kind) -> bool:
    """What has become of it says more than what is on record."""
    known = _WEIGHT.get(Notice.Status(notice.status))
    return known is not None and _WEIGHT[_STATUS[kind]] > known


def _keep(notice: Notice, kind: Kind, *, detail: str, judged_as: str) -> None:
    notice.status, notice.judged_as = _STATUS[kind], judged_as
    notice.failure = "" if kind == Kind.DELIVERED else detail.replace("\x00", "")[: bounces.KEPT]
    notice.save(update_fields=["status", "failure", "judged_as"])


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _lock_told(notice: Notice) -> list[NoticeItem]:
    """What its customer is told by this message and has not answered, with what that superseded."""
    told = models.Q(obligation__status=Obligation.Status.TOLD)
    superseded = models.Q(
        obligation__status=Obligation.Status.SUPERSEDED,
        obligation__superseded_by__status=Obligation.Status.TOLD,
    )
    return obligations.lock_items([notice.pk], told | superseded)


def _stop_mail(notice: Notice, kind: Kind, *, by: User | None, at: datetime) -> bool:
    """Whether the address was good until now, and is not any more."""
    point = notice.contact_point
    if kind not in _STOPS_MAIL or point is None or point.state != ContactPoint.State.USABLE:
        return False
    contact_points.set_contact_state(
        contact_point_id=point.pk, state=_STOPS_MAIL[kind], by=by, at=at
    )
    return True
