"""A customer, all around: who they are, everything they said, and what became of it."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.filters import keysets
from backlog.models import Affiliation, Consent, Customer, Feedback, Obligation, User
from backlog.pages.base import Request, page
from backlog.queries import customer_figures, what_became
from backlog.queries.reachability import Reason, reachability
from backlog.rules import calendars

ROWS: Final = 20
ORDER: Final = keysets.order_of(Feedback, "-said_at")


@require_safe
@permission_required("backlog.view_customer", raise_exception=True)
def customer(request: Request, customer_id: int) -> HttpResponse:
    user = request.user
    row = get_object_or_404(
        Customer.objects.visible_to(user)
        .select_related("account", "merged_into")
        .prefetch_related("contact_points", "merged_into__contact_points"),
        pk=customer_id,
    )
    same = Customer.objects.filter(Q(pk=row.pk) | Q(merged_into=row.pk))
    words = Feedback.objects.visible_to(user).filter(customer__in=same)
    owed = Obligation.objects.visible_to(user).filter(customer__in=same)
    reached = reachability([row])[row.pk]
    return page(
        request,
        "backlog/customer.html",
        title=str(row),
        row=row,
        affiliations=_each_once(Affiliation.objects.filter(customer__in=same).for_listing()),
        consents=Consent.objects.filter(customer__in=same).order_by(
            "withdrawn_at", "-given_at", "-pk"
        ),
        merged=same.filter(merged_into=row).prefetch_related("contact_points").order_by("pk"),
        today=calendars.day_of(timezone.now()),
        point=None if isinstance(reached, Reason) else reached,
        why_not=reached.label if isinstance(reached, Reason) else "",
        **customer_figures.figures(words, owed, user),
        **said(words, user, request.GET, place=f"customer:{row.pk}"),
    )


def _each_once(rows: Iterable[Affiliation]) -> list[Affiliation]:
    """Records that were merged often speak for the same account, and say so each."""
    once: dict[Any, Affiliation] = {}
    for row in rows:
        once.setdefault((row.account_id, row.starts_on, row.ends_on), row)
    return list(once.values())


def said(words: QuerySet[Feedback], user: User, wanted: QueryDict, *, place: str) -> dict[str, Any]:
    """A page of words, the latest first, each with what became of it."""
    rows = words.select_related("source", "product", "account", "customer__merged_into")
    rows = rows.prefetch_related("readings", "customer__contact_points")
    rows = rows.defer("raw", "payload", "search_text")
    shown = keysets.page(rows, ORDER, keysets.begun(wanted.get("from", ""), place=place), size=ROWS)
    return {
        "said": what_became.of(shown.rows, viewer=user),
        "newer": _address(shown.behind, place),
        "older": _address(shown.ahead, place),
    }


def _address(cursor: keysets.Cursor | None, place: str) -> str:
    return f"?from={keysets.sealed(cursor, place=place)}" if cursor else ""
