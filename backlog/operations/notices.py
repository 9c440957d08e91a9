"""Messages to customers: handing them to a worker, recording what became of them.

A worker claims a batch by a lease, sends it outside any transaction and records what has left. If
it dies, the lease runs out and another worker goes on. So nobody is forgotten, and nobody is told
twice unless a worker dies between the server's yes and our commit, or the yes does not come within
a minute.

Lock order: obligation, notice; several of a kind by their id.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import ContactPoint, Notice, NoticeItem, Obligation, User
from backlog.models.notices import NoticeQuerySet
from backlog.operations import contact_points, events, mail_domains, obligations
from backlog.queries import customer_records, reachability
from backlog.queries import mail_domains as mail_domain_queries
from backlog.rules import bounces, moments, retries

LEASE: Final = timedelta(minutes=5)
UNLIMITED: Final = mail_domain_queries.Limits()
_NO_LEASE: Final = {"lease_until": None, "lease_token": ""}
_SUPPRESSED: Final = Obligation.Status.SUPPRESSED


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker alone may send until its lease runs out."""

    notice: Notice
    address: str
    token: str
    until: datetime
    domain: str = ""
    failures: int = 0
    """How often in a row the address's domain had failed; if ever, this message is the trial."""
    pauses: int = 0
    paused_for: str = ""
    """The same of all mail, and what it was refused for."""


def claim_notices(
    *,
    by: User | None,
    at: datetime,
    limit: int = 100,
    lease: timedelta = LEASE,
    limits: mail_domain_queries.Limits = UNLIMITED,
    quiet: moments.QuietHours | None = None,
) -> list[Claim]:
    """Take messages that are due; nobody else sends them until the lease has run out.

    Consent and address are looked at now: who may not be written to is left out, with the reason.
    """
    until = at + lease
    while due := _due(at, limit, shut=mail_domain_queries.blocked(at=at, limits=limits)):
        token = secrets.token_hex(16)
        admitted = mail_domains.admit(due, by=by, at=at, limits=limits)
        # The condition is asked again while each row is locked: of two workers, one gets it.
        mine = Notice.objects.filter(pk__in=admitted.notice_ids)
        taken = (mine.queued(at=at) | mine.abandoned(at=at)).update(
            status=Notice.Status.SENDING,
            lease_token=token,
            lease_until=until,
            attempts=F("attempts") + 1,
        )
        if taken and quiet:
            _leave_at_night(token, quiet, at=at)
        claims = _look_before_sending(token, until, by=by, at=at) if taken else []
        if claims:
            return [_on_mail_domains(claim, admitted) for claim in claims]
    return []


def _on_mail_domains(claim: Claim, admitted: mail_domains.Admitted) -> Claim:
    return replace(
        claim,
        failures=admitted.failures.get(claim.domain, 0),
        pauses=admitted.failures.get(mail_domains.CHANNEL, 0),
        paused_for=admitted.paused_for,
    )


def _due(at: datetime, limit: int, *, shut: set[str]) -> list[mail_domains.Due]:
    """What leaves next; announcements take turns. Nothing goes where a domain is blocked."""
    if "" in shut:
        return []
    open_mail_domains = Notice.objects.exclude(domain__in=shut) if shut else Notice.objects.all()
    abandoned = open_mail_domains.abandoned(at=at).order_by("lease_until", "pk")
    # If two workers died over it, perhaps it kills them: it goes alone, and takes nobody with it.
    suspect = _where_to(abandoned.filter(attempts__gte=2)[:1])
    if suspect:
        return suspect
    first = _where_to(abandoned[:limit])
    queued = open_mail_domains.queued(at=at).order_by("turn", "not_before", "pk")
    return first + _where_to(queued[: limit - len(first)])


def _where_to(found: NoticeQuerySet) -> list[mail_domains.Due]:
    return [mail_domains.Due(pk, domain) for pk, domain in found.values_list("pk", "domain")]


def _leased(token: str) -> NoticeQuerySet:
    return Notice.objects.filter(status=Notice.Status.SENDING, lease_token=token)


def _leave_at_night(token: str, quiet: moments.QuietHours, *, at: datetime) -> None:
    """Put back, untried, what is for somebody who should not be disturbed now."""
    claimed = _leased(token).select_related("customer").order_by("pk")
    early = []
    for notice in claimed:
        clock = notice.customer.clock if notice.customer else UTC
        moment = moments.next_allowed(at, clock=clock, quiet=quiet)
        if moment > at:
            notice.not_before, notice.waits_for = moment, Notice.Wait.QUIET_HOURS
            early.append(notice)
    Notice.objects.bulk_update(early, ["not_before", "waits_for"])
    _leased(token).filter(pk__in=[notice.pk for notice in early]).update(
        status=Notice.Status.QUEUED, attempts=F("attempts") - 1, **_NO_LEASE
    )


@transaction.atomic
def _look_before_sending(
    token: str, until: datetime, *, by: User | None, at: datetime
) -> list[Claim]:
    leased = list(_leased(token).select_related("customer").order_by("pk"))
    claimed = _still_owed(leased)
    addresses = reachability.reachability(
        {notice.customer for notice in claimed if notice.customer}
    )
    refused = reachability.not_agreed_to(claimed, moments=(at, until))
    claims, moved, silent = [], [], defaultdict(list)
    for notice in claimed:
        found = addresses.get(notice.customer_id or 0, reachability.Reason.NO_ADDRESS)
        if notice.pk in refused:
            found = reachability.Reason.NO_CONSENT
        if notice.attempts > retries.MAX_ATTEMPTS:
            _give_up(notice, by=by, at=at)
            _hand_back(notice)
        elif isinstance(found, ContactPoint):
            if notice.contact_point_id != found.pk:
                notice.contact_point, notice.domain = found, found.domain
                moved.append(notice)
            claims.append(Claim(notice, found.address, token, until, found.domain))
        else:
            silent[found].append(notice.pk)
    for reason, notice_ids in silent.items():
        owed_there = obligations.lock_owed(notice_ids)
        obligations.settle(owed_there, status=_SUPPRESSED, reason=reason, by=by, at=at)
    Notice.objects.bulk_update(moved, ["contact_point", "domain"])
    _cancel({notice.pk for notice in leased} - {claim.notice.pk for claim in claims}, token)
    return claims


def _still_owed(leased: Sequence[Notice]) -> list[Notice]:
    """Of these messages the ones that have something to tell.

    Asked by their ids: of messages that were written a moment ago the planner knows nothing, and in
    one statement joins all of them to all that is owed.
    """
    items = NoticeItem.objects.filter(
        notice__pk__among=[notice.pk for notice in leased],
        is_live=True,
        obligation__status=Obligation.Status.OWED,
    )
    speaking = set(items.values_list("notice", flat=True))
    return [notice for notice in leased if notice.pk in speaking]


def _cancel(notice_ids: Collection[int], token: str) -> None:
    """Who may not be written to, or has answered meanwhile, gets no message."""
    if not notice_ids:
        return
    NoticeItem.objects.filter(notice__in=notice_ids, is_live=True).update(is_live=False)
    unsent = _leased(token).filter(pk__in=notice_ids)
    unsent.update(status=Notice.Status.CANCELLED, **_NO_LEASE)


@transaction.atomic
def return_claims(*, lease_token: str, by: User | None, at: datetime) -> int:
    """Put back what was claimed and not tried; the attempt does not count. Returns how many."""
    return _leased(lease_token).update(
        status=Notice.Status.QUEUED, attempts=F("attempts") - 1, **_NO_LEASE
    )


@transaction.atomic
def record_sent(
    *, notice_ids: Collection[int], lease_token: str, by: User | None, at: datetime
) -> set[int]:
    """The server took these messages: their customers are told.

    Returns whose lease was not lost meanwhile; of the others, nothing is recorded.
    """
    owed = obligations.lock_owed(notice_ids)
    ours = set(notice_ids)
    leased = _leased(lease_token).filter(pk__in=ours)
    count = leased.update(
        status=Notice.Status.SENT, sent_at=at, failure="", judged_as="", **_NO_LEASE
    )
    if count < len(ours):
        # Another worker's that are sent owe nothing any more: what is sent and owed is ours.
        sent = Notice.objects.filter(pk__in=ours, sent_at=at, status=Notice.Status.SENT)
        ours = set(sent.values_list("pk", flat=True))
    obligations.tell([item for item in owed if item.notice_id in ours], by=by, at=at)
    return ours


@transaction.atomic
def record_failure(
    *,
    notice_id: int,
    lease_token: str,
    failure: str,
    is_permanent: bool,
    by: User | None,
    at: datetime,
    judged_as: str = "",
) -> bool:
    """The message did not leave; it is tried again later, or given up.

    `is_permanent` says that the address is no good: nobody writes there again. `judged_as` is what
    the failure was taken to mean. False if the lease was lost meanwhile.
    """
    owed = obligations.lock_owed([notice_id])
    notice = _leased(lease_token).select_for_update(no_key=True).filter(pk=notice_id).first()
    if notice is None:
        return False
    notice.failure = failure.replace("\x00", "")[:300]
    notice.judged_as = judged_as or (bounces.Meaning.NO_MAILBOX if is_permanent else "")
    if is_permanent:
        _give_up_address(notice, owed, by=by, at=at)
    elif notice.attempts >= retries.MAX_ATTEMPTS:
        _give_up(notice, by=by, at=at)
    else:
        notice.status = Notice.Status.QUEUED
        notice.not_before = at + retries.wait_after(notice.attempts, row=notice.pk)
        notice.waits_for = Notice.Wait.NONE
    _hand_back(notice)
    return True


@transaction.atomic
def put_off(
    *,
    claim: Claim,
    failure: str,
    judged_as: str,
    by: User | None,
    at: datetime,
) -> bool:
    """Our own server or sender was refused: the message waits, and its attempt does not count.

    So does all mail, until one message has found out whether it leaves again; that is another one
    first, lest a recipient who is refused for their own sake keeps all others waiting. The attempt
    of one that is refused as before, though others have left since, does count. False if the lease
    was lost meanwhile.
    """
    notice, wait = claim.notice, 2 * retries.rest_after(claim.pauses)
    is_their_own = not claim.pauses and notice.judged_as == judged_as
    if is_their_own:
        wait = max(wait, retries.wait_after(notice.attempts, row=notice.pk))
    return bool(
        _leased(claim.token)
        .filter(pk=notice.pk)
        .update(
            status=Notice.Status.QUEUED,
            attempts=F("attempts") - (0 if is_their_own else 1),
            failure=failure.replace("\x00", "")[:300],
            judged_as=judged_as,
            not_before=at + wait,
            waits_for=Notice.Wait.NONE,
            **_NO_LEASE,
        )
    )


def _hand_back(notice: Notice) -> None:
    notice.lease_until, notice.lease_token = None, ""
    notice.save(
        update_fields=[
            *("status", "failure", "judged_as", "not_before", "waits_for"),
            *("lease_until", "lease_token"),
        ]
    )


def _give_up_address(
    notice: Notice, owed: list[NoticeItem], *, by: User | None, at: datetime
) -> None:
    """The customer is tried at another address at once; without one they are out of reach."""
    if notice.contact_point_id is not None:
        contact_points.set_contact_state(
            contact_point_id=notice.contact_point_id,
            state=ContactPoint.State.BOUNCED,
            by=by,
            at=at,
        )
    person = notice.customer_id and customer_records.all_of(notice.customer_id)
    if person and ContactPoint.objects.usable().filter(customer__in=person).exists():
        notice.status, notice.not_before = Notice.Status.QUEUED, at
        return
    _give_up(notice, by=by, at=at)
    obligations.settle(
        owed, status=Obligation.Status.BOUNCED, reason=Obligation.Reason.BOUNCED, by=by, at=at
    )


def _give_up(notice: Notice, *, by: User | None, at: datetime) -> None:
    notice.status = Notice.Status.DEAD
    events.record("notice.given_up", subject=notice, by=by, at=at)


@transaction.atomic
def retry_notice(*, notice_id: int, by: User | None, at: datetime) -> Notice:
    """Try a message again now, with all its attempts; also one that was given up.

    Refused for a message that has left, was cancelled, or is leaving.
    """
    rows = Obligation.objects.filter(items__notice=notice_id, items__is_live=True)
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    if notice.status == Notice.Status.SENDING:
        raise errors.BeingSent(_("The message is being sent right now."))
    if notice.status not in (Notice.Status.DEAD, Notice.Status.QUEUED):
        raise errors.IllegalTransition(
            _("This message cannot be tried again: %(status)s.")
            % {"status": notice.get_status_display()},
            status=notice.status,
        )
    rows.filter(status=Obligation.Status.BOUNCED).update(
        status=Obligation.Status.OWED, reason=Obligation.Reason.NONE, settled_at=None
    )
    notice.status, notice.not_before, notice.attempts = Notice.Status.QUEUED, at, 0
    notice.waits_for = Notice.Wait.NONE
    notice.save(update_fields=["status", "not_before", "attempts", "waits_for"])
    events.record("notice.retried", subject=notice, by=by, at=at)
    return notice
