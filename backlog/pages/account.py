"""An account, all around: who speaks for it, what they asked for, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from backlog.models import (
    Account,
    Customer,
    CustomerRequest,
    Evidence,
    Feedback,
    Obligation,
    User,
)
from backlog.pages.base import Request, page
from backlog.pages.customer import figures, said

REQUESTS, PEOPLE = 12, 12
HEARD: Final = Obligation.HEARD


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the account asked for: how often, and how many of those who did were told."""

    request: CustomerRequest
    pieces: int
    last_at: datetime
    told: int
    owed: int


@require_safe
@permission_required("backlog.view_account", raise_exception=True)
def account(request: Request, account_id: int) -> HttpResponse:
    user = request.user
    row = get_object_or_404(Account.objects.visible_to(user), pk=account_id)
    words = Feedback.objects.visible_to(user).filter(account=row)
    owed = Obligation.objects.visible_to(user).filter(account=row)
    people = Customer.objects.visible_to(user).filter(account=row, erased_at__isnull=True)
    return page(
        request,
        "backlog/account.html",
        title=str(row),
        row=row,
        people=people.prefetch_related("contact_points").order_by("name", "pk")[:PEOPLE],
        people_count=people.count(),
        requests=_asked(row, user),
        with_speaker=True,
        **figures(words, owed, user),
        **said(words, user, request.GET, place=f"account:{row.pk}"),
    )


def _asked(row: Account, user: User) -> list[Asked]:
    """Those that it asked for most, first."""
    live = Evidence.objects.visible_to(user).live().filter(feedback__account=row)
    counts = (
        live.order_by()
        .values("counts_for")
        .annotate(pieces=Count("pk"), last=Max("feedback__said_at"))
        .order_by("-pieces", "-last", "counts_for")[:REQUESTS]
    )
    found = {each["counts_for"]: each for each in counts}
    told = {
        each["request"]: each
        for each in Obligation.objects.visible_to(user)
        .filter(account=row, request__in=found)
        .order_by()
        .values("request")
        .annotate(
            told=Count("customer", filter=Q(status__in=HEARD), distinct=True),
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
