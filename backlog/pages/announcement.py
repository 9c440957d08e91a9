"""Before customers are told: who will be, quoting what, who is left out and why; and then telling.

Everything is shown before anything leaves, and the steps are here and not where they are not read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrOrPromise

from backlog import errors, tasks
from backlog.db.fields import ends
from backlog.delivery import mail
from backlog.delivery.rendering import Message
from backlog.errors import Unwritable
from backlog.forms import edit_conflicts, sent_once
from backlog.models import Customer, Language, Outcome, StatusUpdate, User
from backlog.operations import announcements, status_updates
from backlog.pages import paging
from backlog.pages.base import Request, for_everybody, page, refused, under_policy
from backlog.pages.mailbox import LETTER_POLICY
from backlog.queries import announcement_preview, audience
from backlog.queries import announcements as announcement_queries
from backlog.queries.audience import Announceable
from backlog.queries.reachability import Reason

PEOPLE: Final = 25
_OTHER: Final = "in_other_language"


@dataclass(frozen=True, slots=True)
class Step:
    """What a person can do here: the operation, what its button says and what is said after."""

    take: Callable[..., Announceable]
    title: StrOrPromise
    done: StrOrPromise


STEPS: Final = {
    "announce": Step(
        announcements.announce,
        gettext_lazy("Announce"),
        gettext_lazy("Announced: the customers who asked are being told."),
    ),
    "ask": Step(
        announcements.ask_to_announce,
        gettext_lazy("Ask for a countersign"),
        gettext_lazy("Nobody is told until another colleague countersigns."),
    ),
    "countersign": Step(
        announcements.countersign,
        gettext_lazy("Countersign and announce"),
        gettext_lazy("Countersigned and announced: the customers who asked are being told."),
    ),
    "cancel": Step(
        announcements.cancel,
        gettext_lazy("Cancel"),
        gettext_lazy("Cancelled: nobody has been told."),
    ),
}


class Words(edit_conflicts.Guarded, forms.Form):
    """What we say to customers, in each language."""

    ko = forms.CharField(required=False, **ends(StatusUpdate, "words"))
    en = forms.CharField(required=False, **ends(StatusUpdate, "words"))


# Each page is of an outcome or of a status update: its address says of which, by `outcome_id` or
# `status_update_id`.


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
def announce(request: Request, **which: int) -> HttpResponse:
    subject = _subject(request.user, **which)
    words = Words(initial=subject.words) if isinstance(subject, StatusUpdate) else None
    return _show(request, subject, words)


def _show(
    request: Request, subject: Announceable, words: Words | None, *, status: int = 200
) -> HttpResponse:
    wanted = request.GET
    shown = paging.newest_first(
        _narrowed(announcement_preview.people(subject), wanted), wanted, size=PEOPLE
    )
    counts = announcement_preview.counts(subject)
    is_told = _is_told(subject)
    return page(
        request,
        "backlog/announce.html",
        title=_("Announce"),
        status=status,
        words=words,
        **_about(subject),
        counts=counts,
        languages=[(each.value, each.label, n) for each, n in counts.by_language.items()],
        reasons=[(each.value, each.label, n) for each, n in counts.by_reason.items()],
        is_told=is_told,
        is_large=announcement_queries.needs_countersign(subject),
        fault=announcement_queries.fault(subject),
        steps=_steps(subject, request.user, is_told=is_told),
        unspoken=_unspoken(subject),
        may_write=_may_write(subject, request.user),
        samples=_samples(subject),
        together=audience.together(subject) if isinstance(subject, StatusUpdate) else [],
        shown=shown,
        people=announcement_preview.recipients(subject, shown.rows, viewer=request.user),
        is_left_out="left_out" in wanted,
        wanted=wanted,
    )


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
def message(request: Request, customer_id: int, **which: int) -> HttpResponse:
    """What one customer would read."""
    subject = _subject(request.user, **which)
    customer = _customer(subject, customer_id)
    return page(
        request,
        "backlog/announce_message.html",
        title=_("Preview"),
        **_about(subject),
        customer=customer,
        **_written(subject, customer, request.user),
    )


@require_safe
@xframe_options_sameorigin
@under_policy(LETTER_POLICY)
@permission_required("backlog.view_obligation", raise_exception=True)
def message_html(request: Request, customer_id: int, **which: int) -> HttpResponse:
    """The message alone, for the frame on its page."""
    subject = _subject(request.user, **which)
    written = _written(subject, _customer(subject, customer_id), request.user)
    if written["fault"]:
        return HttpResponse(f"<p>{escape(written['fault'])}</p>")
    html = written["sample_message"].html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@require_POST
@permission_required("backlog.announce_outcome", raise_exception=True)
def send_test(request: Request, customer_id: int, **which: int) -> HttpResponse:
    """Send the colleague, and nobody else, what this customer would read."""
    subject = _subject(request.user, **which)
    try:
        written = _message(subject, _customer(subject, customer_id), request.user)
        marked = replace(written, subject=_("[test] %(subject)s") % {"subject": written.subject})
        # Before it is sent, and not around it: a mail server may take long.
        with sent_once.once(request, at=timezone.now()):
            pass
        with mail.Sender() as sender:
            sender.send(marked, to=request.user.email)
    except errors.Refusal as refusal:
        refused(request, refusal)
    except (Unwritable, mail.NotSent) as failure:
        messages.error(request, _("The test was not sent. %(failure)s") % {"failure": failure})
    else:
        sent = _("A test has left for %(address)s. No customer was told.")
        messages.success(request, sent % {"address": request.user.email})
    return redirect(_names(subject)["page"], subject.pk)


@require_POST
@permission_required("backlog.announce_outcome", raise_exception=True)
def take_step(request: Request, step: str, **which: int) -> HttpResponse:
    subject = _subject(request.user, **which)
    if step not in STEPS:
        raise Http404
    options = {} if step == "cancel" else {_OTHER: _OTHER in request.POST}
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            STEPS[step].take(subject=subject, by=request.user, at=at, **options)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        transaction.on_commit(tasks.nudge, robust=True)
        messages.success(request, str(STEPS[step].done))
    return redirect(_names(subject)["page"], subject.pk)


@require_POST
@permission_required("backlog.announce_outcome", raise_exception=True)
def write_words(request: Request, status_update_id: int) -> HttpResponse:
    """Write what customers read of this status update."""
    subject, at = _subject(request.user, status_update_id=status_update_id), timezone.now()
    assert isinstance(subject, StatusUpdate)
    form = Words(request.POST, initial=subject.words)
    form.must_say_what_it_was_shown_with = True
    if not form.is_valid():
        return _show(request, subject, form, status=422)
    try:
        with sent_once.once(request, at=at):
            status_updates.say_to_customers(
                status_update_id=status_update_id, words=form.cleaned_data, by=request.user, at=at
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("Written. This is what customers will read."))
    return redirect(_names(subject)["page"], subject.pk)


@for_everybody
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Where the links of a preview and of a test lead."""
    return render(request, "portal/sample.html")


def _subject(user: User, *, outcome_id: int = 0, status_update_id: int = 0) -> Announceable:
    people = (
        "announcement__announced_by",
        "announcement__asked_by",
        "announcement__countersigned_by",
        "recorded_by",
    )
    if status_update_id:
        seen = StatusUpdate.objects.visible_to(user).for_listing()
        return get_object_or_404(seen.select_related(*people), pk=status_update_id)
    outcomes = Outcome.objects.visible_to(user).for_listing()
    return get_object_or_404(outcomes.select_related(*people), pk=outcome_id)


def _about(subject: Announceable) -> dict[str, Any]:
    return {
        "subject": subject,
        "customer_request": subject.request,
        "is_status_update": isinstance(subject, StatusUpdate),
        "names": _names(subject),
    }


def _names(subject: Announceable) -> dict[str, str]:
    """Of the addresses of its pages."""
    names = {
        "page": "announce",
        "step": "announce-step",
        "preview": "preview",
        "html": "preview-html",
        "test": "preview-test",
    }
    prefix = "status-update-" if isinstance(subject, StatusUpdate) else ""
    return {short: f"backlog:{prefix}{name}" for short, name in names.items()}


def _customer(subject: Announceable, customer_id: int) -> Customer:
    return get_object_or_404(announcement_preview.audience(subject), pk=customer_id)


def _message(subject: Announceable, customer: Customer, viewer: User) -> Message:
    return announcement_preview.message(subject, customer, viewer=viewer, at=timezone.now())


def _written(subject: Announceable, customer: Customer, viewer: User) -> dict[str, Any]:
    """The message, or in its place why it cannot be written."""
    try:
        return {"sample_message": _message(subject, customer, viewer), "fault": None}
    except Unwritable as fault:
        return {"sample_message": None, "fault": fault}


def _narrowed(people: "QuerySet[Any]", wanted: QueryDict) -> "QuerySet[Any]":
    """Those who will be told, or with `left_out` those who will not."""
    if "left_out" in wanted:
        people = people.exclude(why=Reason.NONE)
        return people.filter(why=wanted["left_out"]) if wanted["left_out"] else people
    people = people.filter(why=Reason.NONE)
    language = wanted.get("language")
    return people.filter(language=language) if language else people


def _unspoken(subject: Announceable) -> list[tuple[Language, int]]:
    """The languages in which nobody has written it yet, and how many would be told in each."""
    if subject.announced_at is not None:
        return []
    return [(Language(each), n) for each, n in announcement_queries.unspoken(subject).items()]


def _samples(subject: Announceable) -> list[tuple[Language, Customer | None]]:
    """For each language, somebody whose message is shown as an example."""
    return [
        (language, announcement_preview.first_reader(subject, language)) for language in Language
    ]


def _is_told(subject: Announceable) -> bool:
    """Whether the first message has left, so that nothing can be taken back."""
    left = subject.obligations.filter(items__notice__sent_at__isnull=False)
    return left.exists()


def _may_write(subject: Announceable, user: User) -> bool:
    """Words are written until they are announced, by those who announce."""
    is_open = (
        isinstance(subject, StatusUpdate) and subject.is_current and subject.announced_at is None
    )
    return is_open and user.has_perm("backlog.announce_outcome")


def _steps(subject: Announceable, user: User, *, is_told: bool) -> list[tuple[str, StrOrPromise]]:
    names = _open_to(subject, user, is_told=is_told)
    may = user.has_perm("backlog.announce_outcome")
    return [(name, STEPS[name].title) for name in names if may]


def _open_to(subject: Announceable, user: User, *, is_told: bool) -> list[str]:
    if subject.announced_at is not None:
        return [] if is_told else ["cancel"]
    if announcement_queries.fault(subject) is not None:
        return []
    if subject.asked_at is not None:
        return ["cancel"] if subject.asked_by == user else ["countersign", "cancel"]
    return ["ask"] if announcement_queries.needs_countersign(subject) else ["announce", "ask"]
