"""What an account asked for, and how far it was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Q

from backlog.models import Account, CustomerRequest, Evidence, Obligation, User

MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the account asked for: how often, and how many of those who did were told."""

    request: CustomerRequest
    pieces: int
    last_at: datetime
    told: int
    owed: int


def asked_for(row: Account, user: User) -> list[Asked]:
    """Those that it asked for most, first."""
    live = Evidence.objects.visible_to(user).live().filter(feedback__account=row)
    live = live.without_repeats()
    counts = (
        live.order_by()
        .values("counts_for")
        .annotate(pieces=Count("pk"), last=Max("feedback__said_at"))
        .order_by("-pieces", "-last", "counts_for")[:MOST]
    )
    found = {each["counts_for"]: each for each in counts}
    told = {
        each["request"]: each
        for each in Obligation.objects.visible_to(user)
        .filter(account=row, request__in=found)
        .order_by()
        .values("request")
        .annotate(
            told=Count("customer", filter=Q(status__in=Obligation.HEARD), distinct=True),
            owed=Count("customer", filter=Q(status=Obligation.Status.OWED), distinct=True),
        )
    }
    requests = CustomerRequest.objects.in_bulk(found)
    nobody = {"told": 0, "owed": 0}
    return [
        Asked(
            requests[pk],
            each["pieces"],
            each["last"],
            told.get(pk, nobody)["told"],
            told.get(pk, nobody)["owed"],
        )
        for pk, each in found.items()
    ]
