"""Where a customer may be written to, or why they may not be. Reading only.

The rule is one expression, so that it judges one message or counts a hundred thousand customers.

Of a person with several records the stricter one counts: each is judged by itself, and what one of
them refused (by a consent withdrawn, an address unsubscribed, a complaint) is refused for all. Else
they are written to where one of them may be, the survivor first: no record lends its consent to the
address of another.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from backlog.models import Consent, ContactPoint, Customer, Notice, Obligation
from backlog.rules import natures

Reason = Obligation.Reason

# Of several bad addresses the strongest word counts: a complaint before a wish before a failure.
_WHY: Final = {
    ContactPoint.State.COMPLAINED: Reason.COMPLAINED,
    ContactPoint.State.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    ContactPoint.State.BOUNCED: Reason.BOUNCED,
}
# Of several records of a person the first of these counts. That one of them never agreed comes
# last: it gives nothing, and takes nothing from what another one agreed to.
_STRICTEST: Final = (
    Q(own_why=Reason.ERASED),
    Q(own_why=Reason.NO_CONSENT, refused=True),
    Q(own_why=Reason.COMPLAINED),
    Q(own_why=Reason.UNSUBSCRIBED),
    Q(own_why=Reason.NONE),
    Q(own_why=Reason.BOUNCED),
    Q(own_why=Reason.NO_ADDRESS),
)


def reachability(customers: Collection[Customer]) -> dict[int, ContactPoint | Reason]:
    """For each customer, by id, the address to use or the reason to stay silent; two queries."""
    judged = with_reachability(
        Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    )
    found = {pk: (point, why) for pk, point, why in judged.values_list("pk", "point_id", "why")}
    points = ContactPoint.objects.in_bulk({point for point, why in found.values() if not why})
    return {pk: Reason(why) if why else points[point] for pk, (point, why) in found.items()}


def if_one(records: Collection[int], *, survivor: int) -> ContactPoint | Reason:
    """The same as if these records were of one person, which is not said of them yet."""
    judged = _by_strictness(Customer.objects.filter(pk__in=records), Q(pk=survivor))
    why, point = judged.values_list("own_why", "own_point")[0]
    return Reason(why) if why else ContactPoint.objects.get(pk=point)


def not_agreed_to(notices: Collection[Notice], *, moments: Collection[datetime]) -> set[int]:
    """The advertising among these messages, by its ids, that its readers have not agreed to get at
    each of these moments: it may leave at any between them.

    Who has several records must have agreed under each. Asks nothing of the database where there is
    none.
    """
    advertising = [it for it in notices if it.nature == Notice.Nature.ADVERTISING and it.customer]
    if not advertising:
        return set()
    agreed = _agreed(
        {it.customer.merged_into_id or it.customer.pk for it in advertising if it.customer}
    )
    return {
        it.pk
        for it in advertising
        for moment in moments
        if it.customer
        and natures.lacking(
            it.nature,
            agreed_to=agreed[it.customer.merged_into_id or it.customer.pk],
            local=moment.astimezone(it.customer.clock),
        )
    }


def _agreed(people: Collection[int]) -> dict[int, set[str]]:
    """By person the purposes that all their records agreed to."""
    records = Customer.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    person_of = dict(records.values_list("pk", Coalesce("merged_into", "pk")))
    by_record: dict[int, set[str]] = defaultdict(set)
    live = Consent.objects.live().filter(customer__in=person_of)
    for record, purpose in live.values_list("customer", "purpose"):
        by_record[record].add(purpose)
    agreed: dict[int, set[str]] = {}
    for record, person in person_of.items():
        agreed[person] = agreed.get(person, by_record[record]) & by_record[record]
    return agreed


def with_reachability(customers: "QuerySet[Customer]") -> "QuerySet[Any]":
    """Each with `why` they may not be written to (empty: they may), and `point_id`, where to."""
    person = Coalesce("merged_into", "pk")
    same = Q(pk=OuterRef("person")) | Q(merged_into=OuterRef("person"))
    records = _by_strictness(Customer.objects.filter(same), Q(merged_into=None))
    others = Customer.objects.filter(merged_into=OuterRef("pk"))
    # The few of whom there are several pay for it.
    is_several = Q(merged_into__isnull=False) | Q(Exists(others))
    own = customers.alias(person=person, **_own())
    return own.annotate(
        point_id=Case(
            When(is_several, then=Subquery(records.values("own_point")[:1])),
            default=F("own_point"),
        ),
        why=Case(
            When(is_several, then=Subquery(records.values("own_why")[:1])),
            default=F("own_why"),
            output_field=CharField(),
        ),
    )


def _by_strictness(records: "QuerySet[Customer]", survivor: Q) -> "QuerySet[Any]":
    """Of the records of one person the one that counts first."""
    places = [When(condition, then=place) for place, condition in enumerate(_STRICTEST)]
    strictness = Case(*places, default=len(_STRICTEST))
    survivor_first = Case(When(survivor, then=0), default=1)
    return records.annotate(**_own()).order_by(strictness, survivor_first, "pk")


def _own() -> dict[str, Any]:
    """A record judged as if it were its person's only one; `refused`: consent was taken back."""
    loop = Consent.objects.filter(customer=OuterRef("pk"), purpose=Consent.Purpose.LOOP)
    points = ContactPoint.objects.filter(
        customer=OuterRef("pk"), channel=ContactPoint.Channel.EMAIL
    )
    usable = points.filter(state=ContactPoint.State.USABLE)
    verified_first = usable.order_by(Case(When(verified_at=None, then=1), default=0), "pk")
    return {
        "own_point": Subquery(verified_first.values("pk")[:1]),
        "refused": Exists(loop.filter(withdrawn_at__isnull=False)),
        "own_why": Case(
            When(erased_at__isnull=False, then=Value(Reason.ERASED.value)),
            When(~Exists(loop.live()), then=Value(Reason.NO_CONSENT.value)),
            When(Exists(usable), then=Value(Reason.NONE.value)),
            *(
                When(Exists(points.filter(state=state)), then=Value(why.value))
                for state, why in _WHY.items()
            ),
            default=Value(Reason.NO_ADDRESS.value),
            output_field=CharField(),
        ),
    }
