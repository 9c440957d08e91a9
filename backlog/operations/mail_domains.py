"""Mail domains: none gets more than it can bear, and none holds up another.

A domain that does not answer, or asks us to come later, is left alone for a while, twice as long
each time. Then one worker tries one message; the rest waits for what becomes of it. All workers
see the same rows, and nothing else is shared. So does all mail where it is our own server or
sender that is refused.

Lock order: rows by their domain, and nothing else in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from backlog.models import MailDomain, User
from backlog.queries.mail_domains import EMAIL, Limits
from backlog.rules import pace, retries

CHANNEL: Final = ""
"""In place of a domain: all of the channel's mail."""
TRIAL: Final = timedelta(minutes=2)
"""How long the others wait for who tries; a worker that dies over it holds nobody up for longer."""


@dataclass(frozen=True, slots=True)
class Due:
    """A message that could leave, and where to."""

    notice_id: int
    domain: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who may leave, and how often in a row their domains failed before (0: not at all).

    `paused_for` is what all mail was refused for, if it is: then only one may leave, and tries.
    """

    notice_ids: list[int]
    failures: dict[str, int]
    paused_for: str = ""


@transaction.atomic
def admit(due: Sequence[Due], *, by: User | None, at: datetime, limits: Limits) -> Admitted:
    """Let leave what there is room for, the first first; who is left out waits for room.

    What was let through counts, even if it does not leave after all.
    """
    domains = {each.domain for each in due}
    mail_domains = _lock(domains, limits)
    room = {
        name: _room(mail_domain, at=at, limits=limits) for name, mail_domain in mail_domains.items()
    }
    asked, admitted = dict.fromkeys(mail_domains, 0), []
    for each in due:
        on = [name for name in dict.fromkeys(("", each.domain)) if name in mail_domains]
        if all(asked[name] < room[name] for name in on):
            admitted.append(each.notice_id)
            for name in on:
                asked[name] += 1
    failures = {name: mail_domain.failures for name, mail_domain in mail_domains.items()}
    _take(mail_domains, asked, at=at, limits=limits)
    channel = mail_domains.get(CHANNEL)
    return Admitted(admitted, failures, channel.failure if channel else "")


def _lock(domains: set[str], limits: Limits) -> dict[str, MailDomain]:
    wanted = {domain for domain in domains if limits.of(domain)} | (
        {""} if limits.channel else set()
    )
    if wanted:
        known = MailDomain.objects.filter(channel=EMAIL, domain__in=wanted)
        new = wanted - set(known.values_list("domain", flat=True))
        made = [MailDomain(channel=EMAIL, domain=domain) for domain in sorted(new)]
        MailDomain.objects.bulk_create(made, ignore_conflicts=True)
    rows = MailDomain.objects.filter(channel=EMAIL, domain__in=domains | {""}).order_by("domain")
    return {mail_domain.domain: mail_domain for mail_domain in rows.select_for_update(no_key=True)}


def _room(mail_domain: MailDomain, *, at: datetime, limits: Limits) -> int:
    if mail_domain.rests_until and mail_domain.rests_until > at:
        return 0
    if mail_domain.failures:
        return 1  # One tries; the others wait.
    limit = limits.of(mail_domain.domain)
    return pace.room(mail_domain.free_at, at=at, per_minute=limit) if limit else 2**31


def _take(
    mail_domains: dict[str, MailDomain], asked: dict[str, int], *, at: datetime, limits: Limits
) -> None:
    changed = [mail_domain for name, mail_domain in mail_domains.items() if asked[name]]
    for mail_domain in changed:
        limit = limits.of(mail_domain.domain)
        if limit:
            count = asked[mail_domain.domain]
            mail_domain.free_at = pace.taken(mail_domain.free_at, count, at=at, per_minute=limit)
        if mail_domain.failures:
            mail_domain.rests_until = at + TRIAL
    MailDomain.objects.bulk_update(changed, ["free_at", "rests_until"])


@transaction.atomic
def back_off(*, domain: str, failures: int, failure: str, by: User | None, at: datetime) -> bool:
    """Leave a domain alone for a while. `failures` is what was known when its message was claimed.

    Workers that run into the same failure at once count as one: False for all but the first.
    """
    MailDomain.objects.bulk_create(
        [MailDomain(channel=EMAIL, domain=domain)], ignore_conflicts=True
    )
    mail_domain = MailDomain.objects.filter(channel=EMAIL, domain=domain, failures=failures)
    return bool(
        mail_domain.update(
            failures=F("failures") + 1,
            failure=failure.replace("\x00", "")[:300],
            rests_until=at + retries.rest_after(failures),
        )
    )


def reset(*, domain: str, by: User | None, at: datetime) -> None:
    """A message went through: the domain is as good as any other again."""
    MailDomain.objects.filter(channel=EMAIL, domain=domain, failures__gt=0).update(
        failures=0, failure="", rests_until=None
    )
