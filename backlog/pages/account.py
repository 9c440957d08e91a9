"""An account, all around: who speaks for it, what they asked for, and what became of it."""

from typing import Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from backlog.models import Account, Customer, Feedback, Obligation
from backlog.pages.base import Request, page
from backlog.pages.customer import said
from backlog.queries import account_requests, customer_figures

PEOPLE: Final = 12


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
        requests=account_requests.asked_for(row, user),
        with_speaker=True,
        **customer_figures.figures(words, owed, user),
        **said(words, user, request.GET, place=f"account:{row.pk}"),
    )
