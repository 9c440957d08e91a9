"""What a message tells: for each obligation the customer's own words, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy

from backlog.models import (
    Customer,
    Evidence,
    Notice,
    NoticeItem,
    Obligation,
    Occasion,
    Outcome,
    Product,
    User,
)
from backlog.models.evidence import EvidenceQuerySet
from backlog.rules import passages, texts

QUOTES: Final = 3
_OUTCOMES: Final = {Occasion(result.value) for result in Outcome.Result}
_DONE: Final = (Occasion.DELIVERED, Occasion.PARTLY)
# A worker reads these for thousands of messages; the rest of the rows stays where it is.
_TOLD: Final = (
    "notice_id",
    "obligation__request__status",
    "obligation__request__merged_into",
    "obligation__request__product__name",
    "obligation__announcement__outcome__result",
    "obligation__announcement__outcome__summary",
    "obligation__announcement__outcome__missing",
    "obligation__announcement__outcome__shipped_at",
    "obligation__announcement__outcome__shipped_where",
    "obligation__announcement__outcome__commitment__is_pilot",
    "obligation__announcement__status_update__kind",
    "obligation__announcement__status_update__words",
    "obligation__feedback__verbatim",
    "obligation__feedback__said_at",
    "obligation__feedback__erased_at",
    "obligation__feedback__product__name",
)
# What we say where no colleague has said it better; a “no” is never told without their words.
_USUALLY: Final = {
    Occasion.RECEIVED: gettext_lazy("A person will read it, and we tell you what becomes of it."),
    Occasion.DECIDED_YES: gettext_lazy("We are going to do it, and tell you when it is done."),
    Occasion.DECIDED_NO: gettext_lazy("We have decided not to do it now."),
    Occasion.PLANNED: gettext_lazy("It is planned now, and we tell you when it is done."),
    Occasion.REOPENED: gettext_lazy(
        "Customers told us that it is not solved yet. We are looking at it again."
    ),
    Occasion.STANDING: gettext_lazy(
        "It is not forgotten. We tell you as soon as there is something new."
    ),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the customer as they said them; a long passage is cut, and shows it."""

    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One thing the customer asked for, and what became of it, in the language of the message.

    `status` is the request's; it is told where the occasion is not known. What is only tried out
    `is_pilot`. `shipped_at` and `shipped_where` are of what customers can use now.
    """

    occasion: Occasion | None
    product: Product | None
    status: str
    quotes: tuple[Quote, ...]
    summary: str
    missing: str
    is_pilot: bool = False
    shipped_at: datetime | None = None
    shipped_where: str = ""

    @property
    def asks(self) -> bool:
        """Only an outcome can be answered: before it there is nothing to try."""
        return self.occasion in _OUTCOMES

    @property
    def is_done(self) -> bool:
        """For everybody who asked: whether it solved their problem can be said."""
        return self.occasion in _DONE and not self.is_pilot


def items_of_each(notices: Sequence[Notice]) -> dict[int, list[MessageItem]]:
    """What each of these notices tells, by the notice's id, in four queries however many they are.

    Where a message is about the same thing twice, only the later is told.
    """
    told: dict[int, dict[tuple[int | None, int | None], Obligation]] = defaultdict(dict)
    items = NoticeItem.objects.filter(notice__in=notices, is_live=True)
    for item in (
        items.select_related(
            "obligation__request__product",
            "obligation__announcement__outcome__commitment",
            "obligation__announcement__status_update",
            "obligation__feedback__product",
        )
        .only(*_TOLD)
        .order_by("obligation_id")
    ):
        told[item.notice_id][item.obligation.about] = item.obligation
    quotes = quotes_of(
        {notice.customer_id for notice in notices if notice.customer_id},
        {each.request_id for owed in told.values() for each in owed.values() if each.request_id},
    )
    return {
        notice.pk: [
            item_of(each, quotes[notice.customer_id or 0, each.request_id or 0], notice.language)
            for each in told[notice.pk].values()
        ]
        for notice in notices
    }


def items_for(customer: Customer, owed: Iterable[Obligation], *, viewer: User) -> list[MessageItem]:
    """What one message to this customer tells when it settles these, given the oldest first.

    As far as the viewer may see it: the message itself tells its customer all.
    """
    latest = {obligation.about: obligation for obligation in owed}
    requests = {each.request_id for each in latest.values() if each.request_id}
    quotes = quotes_of({customer.pk}, requests, Evidence.objects.visible_to(viewer))
    return [
        item_of(each, quotes[customer.pk, each.request_id or 0], customer.language)
        for each in latest.values()
    ]


def item_of(obligation: Obligation, quotes: Sequence[Quote], language: str) -> MessageItem:
    """What this obligation tells, with words of its customer; receipts quote their own."""
    outcome, status_update, words = (
        obligation.outcome,
        obligation.status_update,
        obligation.feedback,
    )
    if words is not None and words.erased_at is None:
        quotes = [Quote(passages.passage(words.verbatim, 0, 0), words.said_at)]
    said = outcome.summary if outcome else status_update.words if status_update else {}
    is_there = outcome is not None and obligation.occasion in _DONE
    return MessageItem(
        occasion=obligation.occasion,
        product=obligation.product,
        status=obligation.request.status if obligation.request else "",
        quotes=tuple(quotes),
        summary=texts.pick(said, language) or default_text(obligation.occasion, language),
        missing=texts.pick(outcome.missing, language) if outcome else "",
        is_pilot=outcome is not None and is_there and outcome.commitment.is_pilot,
        shipped_at=outcome.shipped_at if outcome and is_there else None,
        shipped_where=outcome.shipped_where if outcome and is_there else "",
    )


def default_text(occasion: Occasion | None, language: str) -> str:
    """What the customer reads of it where no colleague has written anything."""
    with translation.override(language):
        return str(_USUALLY.get(occasion, "")) if occasion else ""


def quotes_of(
    customers: set[int], requests: set[int], evidence: EvidenceQuerySet | None = None
) -> dict[tuple[int, int], list[Quote]]:
    """By customer and request: what mattered most to them first, then by when they said it.

    Of all that they said, or of some evidence only.
    """
    customer_ids = _with_merged(customers)
    quoted = (
        (Evidence.objects.all() if evidence is None else evidence)
        .live()
        .filter(
            Q(request__in=requests) | Q(counts_for__in=requests),
            feedback__customer__in=customer_ids,
            feedback__erased_at__isnull=True,
        )
        .select_related("feedback")
        .only(
            *("request_id", "counts_for_id", "start", "end"),
            *("feedback__customer_id", "feedback__verbatim", "feedback__said_at"),
        )
        .order_by("-importance", "feedback__said_at", "pk")
    )
    found: dict[tuple[int, int], list[Quote]] = defaultdict(list)
    for each in quoted:
        quote = Quote(each.passage, each.feedback.said_at)
        for request_id in {each.request_id, each.counts_for_id}:
            quotes = found[customer_ids[each.feedback.customer_id or 0], request_id]
            if len(quotes) < QUOTES and quote not in quotes:
                quotes.append(quote)
    return found


def _with_merged(customers: set[int]) -> dict[int, int]:
    """Their ids and those of whom they took the place of, to theirs."""
    rows = Customer.objects.filter(Q(pk__in=customers) | Q(merged_into__in=customers))
    return {pk: merged_into or pk for pk, merged_into in rows.values_list("pk", "merged_into")}
