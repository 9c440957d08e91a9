"""Before anything leaves: who will be told, quoting which words, and who is left out and why.

Reading only, and by the same rule as when a message is sent. A constant number of queries, however
many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from backlog.delivery import message_items, message_templates, rendering
from backlog.delivery.message_items import Quote
from backlog.delivery.rendering import Message
from backlog.models import ContactPoint, Customer, Evidence, Language, Obligation, User
from backlog.queries import audience as audience_queries
from backlog.queries import reachability
from backlog.queries.audience import Announceable
from backlog.queries.reachability import Reason
from backlog.rules import addresses


@dataclass(frozen=True, slots=True)
class Counts:
    """Of customers: who will be told, by language; who is left out, by reason. None is zero."""

    by_language: dict[Language, int]
    by_reason: dict[Reason, int]

    @property
    def told(self) -> int:
        return sum(self.by_language.values())

    @property
    def left_out(self) -> int:
        return sum(self.by_reason.values())


@dataclass(frozen=True, slots=True)
class Recipient:
    """One customer: where they are written to or why not, and which words of theirs are quoted."""

    customer: Customer
    channel: str
    address: str
    why: Reason
    quotes: Sequence[Quote]


def people(subject: Announceable) -> "QuerySet[Any]":
    """The customers who are owed to hear of it and have not yet, judged by `reachability`."""
    owed = audience_queries.told_with(subject).filter(status=Obligation.Status.OWED)
    return reachability.with_reachability(
        Customer.objects.filter(pk__in=owed.values_list(Obligation.PERSON))
    )


def audience(subject: Announceable) -> "QuerySet[Customer]":
    """The customers whom it concerns, told already or not."""
    concerned = audience_queries.told_with(subject).values_list(Obligation.PERSON)
    return Customer.objects.filter(pk__in=concerned)


def counts(subject: Announceable) -> Counts:
    grouped = people(subject).order_by().values("why", "language").annotate(n=Count("pk"))
    by_language: dict[Language, int] = {}
    by_reason: dict[Reason, int] = {}
    for row in grouped.order_by("-n", "why", "language"):
        if row["why"]:
            why = Reason(row["why"])
            by_reason[why] = by_reason.get(why, 0) + row["n"]
        else:
            by_language[Language(row["language"])] = row["n"]
    return Counts(by_language, by_reason)


def recipients(
    subject: Announceable, customers: Sequence[Customer], *, viewer: User
) -> list[Recipient]:
    """Of some of these `people`, what is shown of each; addresses as far as one may see them."""
    request_id = subject.request.pk
    quotes = message_items.quotes_of(
        {each.pk for each in customers}, {request_id}, Evidence.objects.visible_to(viewer)
    )
    reached = reachability.reachability(customers)
    prefetch_related_objects(customers, "contact_points")
    shown = str if viewer.has_perm("backlog.view_contactpoint") else addresses.masked
    found = []
    for customer in customers:
        point, words = reached[customer.pk], quotes[customer.pk, request_id]
        if isinstance(point, ContactPoint):
            address = shown(point.address)
            found.append(Recipient(customer, point.channel, address, Reason.NONE, words))
        else:
            found.append(Recipient(customer, "", "", point, words))
    return found


def first_reader(subject: Announceable, language: str) -> Customer | None:
    """Somebody who will be told in this language."""
    told = people(subject).filter(why=Reason.NONE, language=language)
    return cast(Customer | None, told.order_by("pk").first())


def message(subject: Announceable, customer: Customer, *, viewer: User, at: datetime) -> Message:
    """What this customer would read or has just read, with all else that waits to be told to them.

    As far as the viewer may see it: of a closed product the customer alone reads. While a preview
    is looked at, the message may leave. Raises Unwritable.
    """
    seen = Obligation.objects.visible_to(viewer)
    theirs = seen.filter(Q(customer=customer) | Q(customer__merged_into=customer))
    owed = theirs.filter(
        Q(pk__in=theirs.speakable()) | Q(pk__in=audience_queries.told_with(subject))
    )
    told = owed.select_related(
        "request__product", "announcement__outcome__commitment", "announcement__status_update"
    ).order_by("pk")
    with rendering.writing():
        items = message_items.items_for(customer, told, viewer=viewer)
        return rendering.sample(customer, items, message_templates.load(items), at=at)
