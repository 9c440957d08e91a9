"""What a message tells: for each obligation the customer's own words, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from backlog.models import Customer, Evidence, Notice, NoticeItem, Obligation
from backlog.rules import texts

QUOTES: Final = 3
# A worker reads these for thousands of messages; the rest of the rows stays where it is.
_TOLD: Final = (
    "notice_id",
    "obligation__request__status",
    "obligation__request__product__name",
    "obligation__outcome__result",
    "obligation__outcome__summary",
    "obligation__outcome__missing",
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the customer as they said them; a long passage is cut, and shows it."""

    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One thing the customer asked for, and what became of it, in the language of the message."""

    obligation: Obligation
    quotes: tuple[Quote, ...]
    result: str
    summary: str
    missing: str


def stories_of(notices: Sequence[Notice]) -> dict[int, list[Story]]:
    """What each of these notices tells, by the notice's id, in four queries however many they are.

    Where a message is about the same request twice, only the later outcome is told.
    """
    told: dict[int, dict[int, Obligation]] = defaultdict(dict)
    items = NoticeItem.objects.filter(notice__in=notices, is_live=True)
    for item in (
        items.select_related("obligation__request__product", "obligation__outcome")
        .only(*_TOLD)
        .order_by("obligation_id")
    ):
        told[item.notice_id][item.obligation.request_id] = item.obligation
    quotes = quotes_of(
        {notice.customer_id for notice in notices if notice.customer_id},
        {request_id for owed in told.values() for request_id in owed},
    )
    return {
        notice.pk: [
            _story(obligation, quotes[notice.customer_id or 0, request_id], notice.language)
            for request_id, obligation in told[notice.pk].items()
        ]
        for notice in notices
    }


def stories_for(customer: Customer, owed: Iterable[Obligation]) -> list[Story]:
    """What one message to this customer tells when it settles these, given the oldest first."""
    latest = {obligation.request_id: obligation for obligation in owed}
    quotes = quotes_of({customer.pk}, set(latest))
    return [
        _story(obligation, quotes[customer.pk, request_id], customer.language)
        for request_id, obligation in latest.items()
    ]


def _story(obligation: Obligation, quotes: Iterable[Quote], language: str) -> Story:
    outcome = obligation.outcome
    return Story(
        obligation=obligation,
        quotes=tuple(quotes),
        result=outcome.result if outcome else "",
        summary=texts.pick(outcome.summary, language) if outcome else "",
        missing=texts.pick(outcome.missing, language) if outcome else "",
    )


def quotes_of(customers: set[int], requests: set[int]) -> dict[tuple[int, int], list[Quote]]:
    """By customer and request: what mattered most to them first, then by when they said it."""
    people = {
        pk: merged_into or pk
        for pk, merged_into in Customer.objects.filter(
            Q(pk__in=customers) | Q(merged_into__in=customers)
        ).values_list("pk", "merged_into")
    }
    spoken = (
        Evidence.objects.live()
        .filter(
            Q(request__in=requests) | Q(counts_for__in=requests),
            feedback__customer__in=people,
            feedback__erased_at__isnull=True,
        )
        .select_related("feedback")
        .only(
            "request_id",
            "counts_for_id",
            "start",
            "end",
            "feedback__customer_id",
            "feedback__verbatim",
            "feedback__said_at",
        )
        .order_by("-importance", "feedback__said_at", "pk")
    )
    found: dict[tuple[int, int], list[Quote]] = defaultdict(list)
    for evidence in spoken:
        quote = Quote(evidence.passage, evidence.feedback.said_at)
        for request_id in {evidence.request_id, evidence.counts_for_id}:
            said = found[people[evidence.feedback.customer_id or 0], request_id]
            if len(said) < QUOTES and quote not in said:
                said.append(quote)
    return found
