"""Who asked for a request, and who of them has heard nothing."""

from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from backlog.models import Customer, CustomerRequest, Evidence, Feedback, Obligation
from backlog.models.evidence import EvidenceQuerySet


def askers(request: CustomerRequest) -> "QuerySet[Customer]":
    """Who asked for it, each person once."""
    return Customer.objects.filter(
        pk__in=_spoken_for(request).values_list(Evidence.CUSTOMER), erased_at__isnull=True
    )


def _spoken_for(request: CustomerRequest) -> EvidenceQuerySet:
    """All that customers said for it and that still counts."""
    return Evidence.objects.live().filter(counts_for=request, feedback__customer__isnull=False)


def last_words(request: CustomerRequest) -> "QuerySet[Any]":
    """Of each `person` who asked for it, the newest words that do; read in one pass over them.

    Not looked up for one person after the other: a moment after an import the planner knows too
    little of its rows to find the way, and reads all of them for each.
    """
    newest = Window(
        RowNumber(),
        partition_by=F("person"),
        order_by=(F("feedback__said_at").desc(), F("feedback").desc(), F("pk").desc()),
    )
    erased_at = Case(
        When(feedback__customer__merged_into=None, then="feedback__customer__erased_at"),
        default="feedback__customer__merged_into__erased_at",
    )
    return (
        _spoken_for(request)
        .alias(erased_at=erased_at)
        .filter(erased_at__isnull=True)
        .annotate(person=Evidence.CUSTOMER)
        .alias(nth=newest)
        .filter(nth=1)
        .order_by()
    )


def spoke_for(person: OuterRef, request: OuterRef) -> Subquery:
    """The account for which a person last asked for a request; found by the person, who said few
    things.
    """
    same = Customer.objects.filter(Q(pk=OuterRef(person)) | Q(merged_into=OuterRef(person)))
    asks_for_it = Evidence.objects.live().filter(
        feedback=OuterRef("pk"), counts_for=OuterRef(request)
    )
    words = Feedback.objects.filter(Exists(asks_for_it), customer__in=same.values("pk"))
    return Subquery(words.order_by("-said_at", "-pk").values("account")[:1])


def unheard() -> EvidenceQuerySet:
    """Words that nobody came back on; `asker` is the number of who said them.

    Being told, by whatever message, ends the silence about all that the customer had said until
    then; what they say afterwards begins a new one.
    """
    told = Obligation.objects.filter(
        # Of what they asked for themselves, or of what that was merged into.
        Q(request=OuterRef("counts_for")) | Q(request=OuterRef("request")),
        status__in=Obligation.HEARD,
        settled_at__gte=OuterRef("feedback__said_at"),
    )
    # Two conditions rather than one with an “or”: each can be looked up by the customer.
    return (
        Evidence.objects.live()
        .annotate(asker=Evidence.CUSTOMER)
        .filter(
            ~Exists(told.filter(customer=OuterRef("asker"))),
            ~Exists(told.filter(customer__merged_into=OuterRef("asker"))),
            asker__isnull=False,
            feedback__customer__erased_at__isnull=True,
        )
    )


def unanswered_customers(request: CustomerRequest) -> "QuerySet[Customer]":
    """Who asked for it, has heard nothing of it since and is not being told; each person once."""
    waiting = unheard().filter(counts_for=request)
    leaving = Obligation.objects.filter(
        request=request, status=Obligation.Status.OWED, released_at__isnull=False
    )
    return Customer.objects.filter(
        pk__in=waiting.values_list(Evidence.CUSTOMER), erased_at__isnull=True
    ).exclude(pk__in=leaving.values_list(Obligation.PERSON))
