"""Customers' pages behind signed links: what became of their words, and their answer to it.

A link is the only key: there is no account, session or cookie that another site could borrow, so
the forms need no CSRF token, and no answer is lost to a mail program that blocks cookies.
"""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from backlog import errors, tasks
from backlog.auth import origins
from backlog.delivery import links, message_items, rendering
from backlog.delivery.message_items import MessageItem
from backlog.models import (
    ContactPoint,
    Customer,
    Evidence,
    Notice,
    Obligation,
    Occasion,
    Product,
    Reply,
)
from backlog.operations import contact_points, customers, replies
from backlog.pages.base import for_customers
from backlog.rules import bounds

QUOTES = 3
"""So many of a customer's own words are read back to them for each thing they are told."""

Status = Obligation.Status
# What can be said of something that was not done, or taken back.
_WITHOUT_IT: Final = {
    Reply.Verdict.YES: _("I can do without it"),
    Reply.Verdict.PARTLY: _("I still need a part of it"),
    Reply.Verdict.NO: _("I still need it"),
}


class Answer(forms.Form):
    """“Did this solve it?” with as many words as they like."""

    obligation = forms.IntegerField(max_value=bounds.BIG, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=Reply.Verdict.choices,
        error_messages={"required": _("Please choose one of the three answers.")},
    )
    satisfaction = forms.TypedChoiceField(
        choices=Reply.Satisfaction.choices, coerce=int, empty_value=None, required=False
    )
    words = forms.CharField(required=False, max_length=bounds.MESSAGE)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a customer is told: their own words, what became of them, their answers."""

    obligation: Obligation
    item: MessageItem
    words: list[Evidence]
    replies: list[Reply]
    form: Answer

    @property
    def headline(self) -> str:
        """As in the message, in the customer's language, which must be active."""
        return rendering.headline(self.item)

    @property
    def question(self) -> str:
        return rendering.question([self.item])

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers to the question: whether it is solved is asked only where it was done."""
        is_without = self.item.occasion in (Occasion.NOT_DELIVERED, Occasion.ROLLED_BACK)
        labels = _WITHOUT_IT.items() if is_without else Reply.Verdict.choices
        return [(str(verdict), str(label)) for verdict, label in labels]

    @property
    def answers(self) -> list[tuple[str, Reply]]:
        """Each with the words in which it was chosen."""
        labels = dict(self.choices)
        return [(labels[reply.verdict], reply) for reply in self.replies]

    @property
    def is_asked(self) -> bool:
        """Of a mere status update nothing can be answered: there is nothing to try yet."""
        return self.obligation.status_update is None and self.obligation.feedback is None

    @property
    def answer(self) -> Reply | None:
        """The last one: it counts."""
        return self.replies[-1] if self.replies else None


@for_customers
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def heard(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a customer's words. Only a POST writes: mail scanners follow links."""
    try:
        notice = notice_of(links.read_answer_token(token))
    except links.Refused as refused:
        return closed(request, refused)
    customer = person_of(notice)
    with translation.override(customer.language):
        form = Answer(request.POST or None)
        if request.method == "POST" and form.is_valid() and _take(notice, form):
            told = form.cleaned_data["obligation"]
            return redirect(f"{request.path}?thanks={told}#answer-{told}")
        context = {
            "customer": customer,
            "told": _told(notice, customer, form),
            "thanks": request.GET.get("thanks"),
            "unsubscribe_url": links.unsubscribe_url(notice),
            "own_data_url": links.own_data_url(notice),
            "has_changelog": Product.objects.with_public_changelog().exists(),
        }
        return show(request, "heard", context, status=422 if form.errors else 200)


@for_customers
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before doing it; a POST does it, from the button or from a mail program (RFC 8058).

    Or hear less often: who posts a rhythm keeps the mail.
    """
    try:
        notice = notice_of(links.read_unsubscribe_token(token))
    except links.Refused as refused:
        return closed(request, refused)
    customer, point = person_of(notice), notice.contact_point
    rhythm = request.POST.get("rhythm", "")
    if rhythm in Customer.Rhythm:
        customer = customers.edit_customer(
            customer_id=customer.pk, rhythm=rhythm, by=None, at=timezone.now()
        )
        transaction.on_commit(tasks.nudge, robust=True)
    elif request.method == "POST" and point is not None:
        point = contact_points.unsubscribe(contact_point_id=point.pk, by=None, at=timezone.now())
    with translation.override(customer.language):
        context = {
            "address": point and _masked(point.address),
            "rhythm": customer.rhythm,
            "rhythms": Customer.Rhythm.choices,
            "is_changed": rhythm in Customer.Rhythm,
            "is_done": point is None or point.state != ContactPoint.State.USABLE,
        }
        return show(request, "unsubscribe", context)


def notice_of(notice_id: int) -> Notice:
    """The message whose link was opened; none of somebody who was erased."""
    notices = Notice.objects.select_related("customer__merged_into", "contact_point")
    notice = get_object_or_404(notices, pk=notice_id, customer__erased_at__isnull=True)
    if notice.customer_id is not None:
        origins.is_by_link(notice.customer_id)
    return notice


def person_of(notice: Notice) -> Customer:
    """Who it went to, as they are known today: of merged records the survivor."""
    assert notice.customer is not None
    return notice.customer.merged_into or notice.customer


def closed(request: HttpRequest, refused: links.Refused) -> HttpResponse:
    """The link opens nothing; say what can be done about it."""
    is_expired = isinstance(refused, links.Expired)
    context = {"is_expired": is_expired}
    return show(request, "closed", context, status=410 if is_expired else 404)


def show(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context["site_name"] = settings.SITE_NAME
    return render(request, f"portal/{name}.html", context, status=status)


def _take(notice: Notice, form: Answer) -> bool:
    """Whether the answer is on record now; if not, the form says why."""
    answer = form.cleaned_data
    obligation = get_object_or_404(_obligations(notice), pk=answer["obligation"])
    try:
        replies.take_answer(
            obligation_id=obligation.pk,
            verdict=answer["verdict"],
            words=answer["words"],
            satisfaction=answer["satisfaction"],
            by=None,
            at=timezone.now(),
        )
    except errors.Refusal as refusal:
        form.add_error("words", str(refusal))
        return False
    transaction.on_commit(tasks.nudge, robust=True)
    return True


def _obligations(notice: Notice) -> QuerySet[Obligation]:
    """What this message tells; what a later one tells, or nobody has to, is left out."""
    settled_otherwise = [Status.WAIVED, Status.SUPPRESSED, Status.SUPERSEDED]
    return Obligation.objects.filter(items__notice=notice).exclude(status__in=settled_otherwise)


def _told(notice: Notice, customer: Customer, form: Answer) -> list[Told]:
    obligations = list(
        _obligations(notice)
        .select_related(
            "request__product",
            "announcement__outcome__commitment",
            "announcement__status_update",
            "feedback__source",
        )
        .prefetch_related("replies__feedback")
        .order_by("pk")
    )
    words = _own_words(customer, [each.request_id for each in obligations])
    return [
        Told(
            obligation=each,
            item=message_items.item_of(each, (), customer.language),
            words=words.get(each.request_id or 0, [])[:QUOTES],
            replies=sorted(each.replies.all(), key=lambda reply: (reply.answered_at, reply.pk)),
            form=form if form.data.get("obligation") == str(each.pk) else Answer(),
        )
        for each in obligations
    ]


def _own_words(customer: Customer, request_ids: list[int | None]) -> dict[int, list[Evidence]]:
    """What this person said that speaks for each request, the earliest first."""
    rows = (
        Evidence.objects.live()
        .filter(counts_for__in=request_ids, feedback__erased_at__isnull=True)
        .annotate(customer=Evidence.CUSTOMER)
        .filter(customer=customer.pk)
        .select_related("feedback__source")
        .defer("feedback__raw", "feedback__payload")
        .order_by("feedback__said_at", "pk")
    )
    words: dict[int, list[Evidence]] = {}
    for row in rows:
        words.setdefault(row.counts_for_id, []).append(row)
    return words


def _masked(address: str) -> str:
    """Enough of an address for its owner to know it."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
