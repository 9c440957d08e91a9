"""The loop ledger: beside each customer who is owed an answer, the proof that they got it.

When and how they were told and what they answered, or exactly why they were not told. Three
queries for any number of obligations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_stubs_ext import StrOrPromise

from backlog.models import Event, Notice, NoticeItem, Obligation, Reply
from backlog.queries.loop_metrics import TOLD

_UNSENT: Final[dict[str, StrOrPromise]] = {
    Notice.Status.QUEUED: _("their message is about to leave"),
    Notice.Status.HELD: _("their message is held back"),
    Notice.Status.SENDING: _("their message is leaving now"),
    Notice.Status.DEAD: _("their message was given up"),
}
# Gettext collects them here; they are put into words where the reader's language is known.
POSTPONED: Final[dict[str, str]] = {
    Notice.Wait.QUIET_HOURS: gettext_noop("their message waits out the quiet hours: %(until)s"),
    Notice.Wait.DIGEST: gettext_noop("their message waits for their digest: %(until)s"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    `notice` told the customer, or is to; `answer` is their last one; `reason` is why a colleague
    waived what is owed.
    """

    obligation: Obligation
    notice: Notice | None
    answer: Reply | None
    reason: str

    @property
    def is_told(self) -> bool:
        return self.obligation.status in TOLD

    @property
    def told_at(self) -> datetime | None:
        """When the server took the message; who answered has been reached without that, too."""
        if not self.is_told:
            return None
        sent_at = self.notice.sent_at if self.notice else None
        return sent_at or self.obligation.settled_at

    @property
    def why(self) -> str:
        """Exactly why they have not been told; empty for those who were."""
        return "" if self.is_told else ": ".join(str(part) for part in self._why() if part)

    def _why(self) -> list[StrOrPromise]:
        row, failure = self.obligation, self.notice.failure if self.notice else ""
        match row.status:
            case Obligation.Status.OWED:
                return [self._waits_for(), failure]
            case Obligation.Status.WAIVED:
                return [row.get_reason_display(), str(row.waived_by or ""), self.reason]
            case Obligation.Status.BOUNCED:
                return [row.get_reason_display(), failure]
        return [row.get_reason_display()]

    def _waits_for(self) -> StrOrPromise:
        if self.obligation.released_at is None:
            return _("not announced yet")
        if self.notice is None:
            return _("their message is being written")
        if self.notice.waits_for and self.notice.status == Notice.Status.QUEUED:
            until = date_format(timezone.localtime(self.notice.not_before), "DATETIME_FORMAT")
            return _(POSTPONED[self.notice.waits_for]) % {"until": until}
        return _UNSENT.get(self.notice.status, self.notice.get_status_display())


def entries(obligations: Sequence[Obligation]) -> list[Entry]:
    """The lines of these obligations, in their order; `waived_by` should be loaded with them."""
    ids = [row.pk for row in obligations]
    notices, answers, reasons = _notices(ids), _answers(ids), _reasons(ids)
    return [
        Entry(row, notices.get(row.pk), answers.get(row.pk), reasons.get(row.pk, ""))
        for row in obligations
    ]


def _notices(ids: Sequence[int]) -> dict[int, Notice]:
    """The message each is on now, or else was on last."""
    items = NoticeItem.objects.filter(obligation__in=ids).order_by("is_live", "pk")
    return {
        item.obligation_id: item.notice for item in items.select_related("notice__contact_point")
    }


def _answers(ids: Sequence[int]) -> dict[int, Reply]:
    replies = Reply.objects.filter(obligation__in=ids).order_by("pk")
    return {reply.obligation_id: reply for reply in replies.select_related("feedback")}


def _reasons(ids: Sequence[int]) -> dict[int, str]:
    waivings = Event.objects.filter(
        kind="obligation.waived", subject_type="obligation", subject_id__in=ids
    )
    return dict(waivings.values_list("subject_id", "reason"))
