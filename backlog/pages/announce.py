"""Before customers are told: who will be, quoting what, who is left out and why; and then telling.

Everything is shown before anything leaves, and the steps are here and not where they are not read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_stubs_ext import StrOrPromise

from backlog import errors, preview, tasks
from backlog.delivery import mail
from backlog.delivery.rendering import Message
from backlog.models import Customer, Language, NoticeItem, Outcome, User
from backlog.operations import announcing
from backlog.operations.reach import Reason
from backlog.pages import paging
from backlog.pages.base import Request, for_everybody, page, refused, under_policy
from backlog.pages.mailbox import LETTER_POLICY

PEOPLE: Final = 25


@dataclass(frozen=True, slots=True)
class Step:
    """What a person can do here: the operation, what its button says, and what is said after it."""

    run: Callable[..., Outcome]
    title: StrOrPromise
    done: StrOrPromise


STEPS: Final = {
    "announce": Step(
        announcing.announce_outcome,
        gettext_lazy("Announce"),
        gettext_lazy("Announced: the customers who asked are being told."),
    ),
    "ask": Step(
        announcing.ask_to_announce,
        gettext_lazy("Ask for a countersign"),
        gettext_lazy("Nobody is told until another colleague countersigns."),
    ),
    "countersign": Step(
        announcing.countersign_outcome,
        gettext_lazy("Countersign and announce"),
        gettext_lazy("Countersigned and announced: the customers who asked are being told."),
    ),
    "cancel": Step(
        announcing.cancel_announcement,
        gettext_lazy("Cancel"),
        gettext_lazy("Cancelled: nobody has been told."),
    ),
}


@require_GET
@permission_required("backlog.view_obligation", raise_exception=True)
def announce(request: Request, outcome_id: int) -> HttpResponse:
    outcome, wanted = _outcome(request.user, outcome_id), request.GET
    shown = paging.newest_first(_narrowed(preview.people(outcome), wanted), wanted, size=PEOPLE)
    counts = preview.counts(outcome)
    is_told = _is_told(outcome)
    return page(
        request,
        "backlog/announce.html",
        title=_("Announce"),
        outcome=outcome,
        customer_request=outcome.commitment.request,
        counts=counts,
        languages=[(each.value, each.label, n) for each, n in counts.by_language.items()],
        reasons=[(each.value, each.label, n) for each, n in counts.by_reason.items()],
        is_told=is_told,
        is_large=announcing.needs_countersign(outcome),
        steps=_steps(outcome, request.user, is_told=is_told),
        samples=_samples(outcome),
        shown=shown,
        people=preview.recipients(outcome, shown.rows, viewer=request.user),
        is_left_out="left_out" in wanted,
        wanted=wanted,
    )


@require_GET
@permission_required("backlog.view_obligation", raise_exception=True)
def message(request: Request, outcome_id: int, customer_id: int) -> HttpResponse:
    """What one customer would read."""
    outcome = _outcome(request.user, outcome_id)
    customer = _customer(outcome, customer_id)
    return page(
        request,
        "backlog/announce_message.html",
        title=_("Preview"),
        outcome=outcome,
        customer_request=outcome.commitment.request,
        customer=customer,
        letter=_message(outcome, customer),
    )


@require_GET
@xframe_options_sameorigin
@under_policy(LETTER_POLICY)
@permission_required("backlog.view_obligation", raise_exception=True)
def message_html(request: Request, outcome_id: int, customer_id: int) -> HttpResponse:
    """The message alone, for the frame on its page."""
    outcome = _outcome(request.user, outcome_id)
    html = _message(outcome, _customer(outcome, customer_id)).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@require_POST
@permission_required("backlog.announce_outcome", raise_exception=True)
def send_test(request: Request, outcome_id: int, customer_id: int) -> HttpResponse:
    """Send the colleague, and nobody else, what this customer would read."""
    outcome = _outcome(request.user, outcome_id)
    written = _message(outcome, _customer(outcome, customer_id))
    marked = replace(written, subject=_("[test] %(subject)s") % {"subject": written.subject})
    try:
        with mail.Sender() as sender:
            sender.send(marked, to=request.user.email)
    except mail.NotSent as failure:
        messages.error(request, _("The test was not sent. %(failure)s") % {"failure": failure})
    else:
        sent = _("A test has left for %(address)s. No customer was told.")
        messages.success(request, sent % {"address": request.user.email})
    return redirect("backlog:announce", outcome_id=outcome.pk)


@require_POST
@permission_required("backlog.announce_outcome", raise_exception=True)
def take_step(request: Request, outcome_id: int, step: str) -> HttpResponse:
    outcome = _outcome(request.user, outcome_id)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step].run(outcome_id=outcome.pk, by=request.user, at=timezone.now())
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        transaction.on_commit(tasks.nudge, robust=True)
        messages.success(request, str(STEPS[step].done))
    return redirect("backlog:announce", outcome_id=outcome.pk)


@for_everybody
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Where the links of a preview and of a test lead."""
    return render(request, "portal/sample.html")


def _outcome(user: User, outcome_id: int) -> Outcome:
    seen = Outcome.objects.visible_to(user).for_listing()
    related = seen.select_related("announced_by", "asked_by", "countersigned_by", "recorded_by")
    return get_object_or_404(related, pk=outcome_id)


def _customer(outcome: Outcome, customer_id: int) -> Customer:
    found: Customer = get_object_or_404(preview.people(outcome), pk=customer_id)
    return found


def _message(outcome: Outcome, customer: Customer) -> Message:
    return preview.message(outcome, customer, at=timezone.now())


def _narrowed(people: "QuerySet[Any]", wanted: QueryDict) -> "QuerySet[Any]":
    """Those who will be told, or with `left_out` those who will not."""
    if "left_out" in wanted:
        people = people.exclude(why=Reason.NONE)
        return people.filter(why=wanted["left_out"]) if wanted["left_out"] else people
    people = people.filter(why=Reason.NONE)
    language = wanted.get("language")
    return people.filter(language=language) if language else people


def _samples(outcome: Outcome) -> list[tuple[Language, Customer | None]]:
    """For each language, somebody whose message is shown as an example."""
    return [(language, preview.first_reader(outcome, language)) for language in Language]


def _is_told(outcome: Outcome) -> bool:
    """Whether the first message has left, so that nothing can be taken back."""
    left = NoticeItem.objects.filter(obligation__outcome=outcome, notice__sent_at__isnull=False)
    return left.exists()


def _steps(outcome: Outcome, user: User, *, is_told: bool) -> list[tuple[str, StrOrPromise]]:
    names = _open_to(outcome, user, is_told=is_told)
    may = user.has_perm("backlog.announce_outcome")
    return [(name, STEPS[name].title) for name in names if may]


def _open_to(outcome: Outcome, user: User, *, is_told: bool) -> list[str]:
    if outcome.announced_at is not None:
        return [] if is_told else ["cancel"]
    if not outcome.is_current:
        return []
    if outcome.asked_at is not None:
        return ["cancel"] if outcome.asked_by == user else ["countersign", "cancel"]
    return ["ask"] if announcing.needs_countersign(outcome) else ["announce", "ask"]
