"""Delivery health: how old the queue is, what fails and why, what was given up, and a self-test."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrOrPromise, StrPromise

from backlog import errors, tasks
from backlog.delivery import failure_texts, selftest
from backlog.forms import sent_once
from backlog.models import ContactPoint, MailDomain, Notice, User
from backlog.models.notices import NoticeQuerySet
from backlog.operations import mail_domains, notices
from backlog.pages import paging
from backlog.pages.base import Request, page, refused
from backlog.queries import notices as notice_queries
from backlog.rules import bounces

SAMPLE: Final = 10_000
"""So many of the last messages are counted, however many there were; all given up are listed."""
LANES: Final = 20
SUSPICIOUS: Final = 3
"""So many domains that fail in the same way may be our own server's fault."""
_GOES_ON: Final = (Notice.Status.QUEUED, Notice.Status.HELD, Notice.Status.SENDING)


@require_safe
@permission_required("backlog.view_notice", raise_exception=True)
def health(request: Request) -> HttpResponse:
    seen = Notice.objects.visible_to(request.user)
    given_up = seen.filter(status=Notice.Status.DEAD).for_listing()
    shown = paging.newest_first(given_up, request.GET)
    return page(
        request,
        "backlog/loop_delivery.html",
        title=_("Message delivery"),
        queue_age=notice_queries.queue_age(at=timezone.now()),
        is_stuck=notice_queries.is_stuck(at=timezone.now()),
        sample=SAMPLE,
        postponed=_postponed(seen, at=timezone.now()),
        our_side=_our_side(request.user, seen),
        resting=_resting(request.user, seen),
        failures=_failures(_latest(seen)),
        states=_counts(_latest(seen), Notice.Status.choices),
        addresses=_counts(
            ContactPoint.objects.unusable(), ContactPoint.State.choices, column="state"
        ),
        shown=shown,
        given_up=[(notice, failure_texts.cause_of(notice.failure)) for notice in shown.rows],
    )


@require_POST
@permission_required("backlog.retry_notice", raise_exception=True)
def retry(request: Request, notice_id: int) -> HttpResponse:
    """Try a message again that was given up."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=notice_id)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            notices.retry_notice(notice_id=notice.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        transaction.on_commit(tasks.nudge, robust=True)
        messages.success(request, _("The message is tried again."))
    return redirect("backlog:delivery")


@require_POST
@permission_required("backlog.test_delivery", raise_exception=True)
def test_message(request: Request) -> HttpResponse:
    """Send the person a message, and say which step fails if one does."""
    address = request.user.email
    try:
        # Before it is sent, and not around it: a mail server may take long.
        with sent_once.once(request, at=timezone.now()):
            pass
    except errors.Refusal as refusal:
        refused(request, refusal)
        return redirect("backlog:delivery")
    last = None
    for last in selftest.send_test_message(to=address):  # noqa: B007 -- only the last one counts
        pass
    if last and last.failure:
        failed = _("%(step)s: this failed. %(failure)s")
        messages.error(request, failed % {"step": last.step.label, "failure": last.failure})
    else:
        sent = _("A test message has left for %(address)s.")
        messages.success(request, sent % {"address": address})
    return redirect("backlog:delivery")


@dataclass(frozen=True, slots=True)
class Failure:
    """What goes wrong, with how many messages, and one server's words for it."""

    cause: failure_texts.Cause
    waiting: int
    given_up: int
    example: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """How many messages wait for a better moment, and when the first of them leaves."""

    label: StrOrPromise
    waiting: int
    first_at: datetime


def _postponed(seen: NoticeQuerySet, *, at: datetime) -> list[Postponed]:
    labels = dict(Notice.Wait.choices)
    rows = seen.postponed(at=at).order_by("waits_for").values_list("waits_for")
    found = rows.annotate(n=Count("pk"), first=Min("not_before"))
    return [Postponed(labels[waits_for], n, first) for waits_for, n, first in found]


@dataclass(frozen=True, slots=True)
class Resting:
    """A domain that is left alone for a while, and how many messages wait for it."""

    mail_domain: MailDomain
    cause: failure_texts.Cause
    waiting: int


def _resting(user: User | AnonymousUser, seen: NoticeQuerySet) -> list[Resting]:
    """Those that failed most often first."""
    left = list(MailDomain.objects.visible_to(user).failing().of_domains()[:LANES])
    there = seen.filter(
        status=Notice.Status.QUEUED, domain__in=[mail_domain.domain for mail_domain in left]
    )
    waiting = dict(there.order_by().values_list("domain").annotate(n=Count("pk")))
    return [
        Resting(
            mail_domain,
            failure_texts.cause_of(mail_domain.failure),
            waiting.get(mail_domain.domain, 0),
        )
        for mail_domain in left
    ]


@dataclass(frozen=True, slots=True)
class OurSide:
    """What is wrong with our own server or sender, and what to look at.

    Where `mail_domain` is None nothing is certain: several domains only fail in the same way.
    """

    cause: failure_texts.Cause
    remedy: StrOrPromise
    said: str
    mail_domain: MailDomain | None
    waiting: int
    domains: int = 0


def _our_side(user: User | AnonymousUser, seen: NoticeQuerySet) -> OurSide | None:
    failing = MailDomain.objects.visible_to(user).failing()
    mail_domain = failing.filter(domain=mail_domains.CHANNEL).first()
    if mail_domain is not None:
        said, waiting = mail_domain.failure, seen.filter(status=Notice.Status.QUEUED).count()
        return OurSide(
            failure_texts.cause_of(said), failure_texts.remedy_of(said), said, mail_domain, waiting
        )
    said_of_domains = failing.of_domains().values_list("failure", flat=True)[:SAMPLE]
    alike = Counter(map(bounces.likeness, said_of_domains)).most_common(1)
    if not alike or alike[0][1] < SUSPICIOUS:
        return None
    said = next(said for said in said_of_domains if bounces.likeness(said) == alike[0][0])
    return OurSide(
        failure_texts.cause_of(said), failure_texts.remedy_of(said), said, None, 0, alike[0][1]
    )


def _failures(latest: NoticeQuerySet) -> list[Failure]:
    """What the messages that have not left failed of, the most common cause first."""
    said = latest.exclude(failure="").values_list("failure", "status")
    examples: dict[failure_texts.Cause, str] = {}
    waiting: Counter[failure_texts.Cause] = Counter()
    given_up: Counter[failure_texts.Cause] = Counter()
    for failure, status in said:
        cause = failure_texts.cause_of(failure)
        examples.setdefault(cause, failure)
        (waiting if status in _GOES_ON else given_up)[cause] += 1
    found = [Failure(each, waiting[each], given_up[each], examples[each]) for each in examples]
    return sorted(found, key=lambda each: -(each.waiting + each.given_up))


def _latest(seen: NoticeQuerySet) -> NoticeQuerySet:
    return Notice.objects.filter(pk__in=seen.order_by("-pk").values("pk")[:SAMPLE])


def _counts(
    rows: "QuerySet[Any]", choices: "list[tuple[str, StrPromise]]", *, column: str = "status"
) -> "list[tuple[str, StrPromise, int]]":
    """How many there are in each state that occurs, with its name."""
    found = dict(rows.order_by().values_list(column).annotate(n=Count("pk")))
    return [(value, label, found[value]) for value, label in choices if value in found]
