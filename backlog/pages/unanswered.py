"""The silence report: who asked and has not heard since, by request, the oldest requests first."""

from collections.abc import Collection
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backlog import errors
from backlog.forms import sent_once
from backlog.models import Customer, CustomerRequest, Obligation, Product, StatusUpdate
from backlog.models.requests import CustomerRequestQuerySet
from backlog.operations import status_updates
from backlog.pages import paging
from backlog.pages.announcement import Words
from backlog.pages.base import Request, page, refused
from backlog.queries import loop_ledger, unanswered

REQUESTS: Final = 20
CUSTOMERS: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("backlog.view_obligation", raise_exception=True)
def report(request: Request) -> HttpResponse:
    return _tell(request) if request.method == "POST" else _show(request)


def _show(
    request: Request, *, form: Words | None = None, chosen: Collection[str] = (), status: int = 200
) -> HttpResponse:
    """The report; what somebody has written and chosen already stays."""
    at, wanted = timezone.now(), request.GET
    days = _days(wanted)
    requests = CustomerRequest.objects.visible_to(request.user).select_related("product", "owner")
    found = unanswered.unanswered_requests(_narrowed(requests, wanted), at=at, days=days)
    rows = list(found.order_by("opened_at", "pk")[: REQUESTS + 1])
    has_more, rows = len(rows) > REQUESTS, rows[:REQUESTS]
    counts, to_announce = unanswered.counts(rows, at=at), _to_announce(rows)
    return page(
        request,
        "backlog/loop_unanswered.html",
        title=_("Silence"),
        rows=[(row, counts[row.pk], to_announce.get(row.pk)) for row in rows],
        days=days,
        ages=(0, *unanswered.AGES),
        products=Product.objects.visible_to(request.user).order_by("name", "pk"),
        wanted=wanted,
        next=paging.address(wanted, after=rows[-1].pk) if has_more else "",
        first=paging.address(wanted),
        is_first="after" not in wanted,
        form=form,
        chosen=chosen,
        status=status,
    )


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
def request_report(request: Request, key: str) -> HttpResponse:
    """Who waits for one request, and what is on record as the reason."""
    requests = CustomerRequest.objects.visible_to(request.user).select_related("product")
    row = get_object_or_404(requests, key=key)
    beyond = paging.number(request.GET, "after")
    waiting = unanswered.waiting_for(row, beyond=beyond, limit=CUSTOMERS + 1)
    has_more, waiting = len(waiting) > CUSTOMERS, waiting[:CUSTOMERS]
    ids = [each.customer_id for each in waiting]
    named = Customer.objects.select_related("account").prefetch_related("contact_points")
    people = named.in_bulk(ids)
    owed = _last_owed(row, ids)
    return page(
        request,
        "backlog/loop_unanswered_request.html",
        title=_("Silence"),
        customer_request=row,
        count=unanswered.counts([row], at=timezone.now()).get(row.pk),
        waiting=[
            (people[each.customer_id], each.since, owed.get(each.customer_id)) for each in waiting
        ],
        next=paging.address(request.GET, after=ids[-1]) if has_more else "",
        first=paging.address(request.GET),
        is_first=beyond is None,
    )


@permission_required("backlog.announce_outcome", raise_exception=True)
def _tell(request: Request) -> HttpResponse:
    """Write to all who wait for the chosen requests where these stand; each is announced by itself.

    What was not written, and why, is said; the others go on.
    """
    keys, form = (
        [each for each in request.POST.getlist("key") if "\x00" not in each][:REQUESTS],
        Words(request.POST),
    )
    seen = CustomerRequest.objects.visible_to(request.user)
    chosen = list(seen.filter(key__in=keys).order_by("opened_at", "pk"))
    if not chosen:
        messages.warning(request, _("Choose the requests first."))
    elif not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors.values())))
    elif _write(request, chosen, form.cleaned_data):
        return redirect(request.get_full_path())
    return _show(request, form=form, chosen=keys, status=422)


def _write(request: Request, chosen: list[CustomerRequest], words: dict[str, str]) -> bool:
    """Whether it was written for at least one of them."""
    written, at = [], timezone.now()
    for row in chosen:
        try:
            with sent_once.once(request, at=at, part=row.pk):
                status_updates.tell_where_it_stands(
                    request_id=row.pk, words=words, by=request.user, at=at
                )
        except errors.Refusal as refusal:
            refused(request, refusal)
            if isinstance(refusal, errors.Invalid):
                break  # The words are no better for the others.
        else:
            written.append(row.key)
    if written:
        told = ngettext(
            "Written, and not told yet. Look at it and announce it: %(keys)s.",
            "Written, and not told yet. Look at each and announce it: %(keys)s.",
            len(written),
        )
        messages.success(request, told % {"keys": ", ".join(written)})
    return bool(written)


def _to_announce(rows: list[CustomerRequest]) -> dict[int, int]:
    """By request, the update of where it stands that waits to be announced."""
    waiting = StatusUpdate.objects.waiting().filter(
        request__in=rows, kind=StatusUpdate.Kind.STANDING
    )
    return dict(waiting.values_list("request", "pk"))


def _days(wanted: QueryDict) -> int:
    days = paging.number(wanted, "days")
    return days if days in unanswered.AGES else 0


def _narrowed(requests: CustomerRequestQuerySet, wanted: QueryDict) -> CustomerRequestQuerySet:
    """Of one product, and after the request that the address names."""
    if prefix := wanted.get("product"):
        requests = requests.filter(product__prefix=prefix)
    after = paging.number(wanted, "after")
    last = requests.filter(pk=after).first() if after is not None else None
    if last is None:
        return requests
    later = Q(opened_at__gt=last.opened_at) | Q(opened_at=last.opened_at, pk__gt=last.pk)
    return requests.filter(later, opened_at__gte=last.opened_at)


def _last_owed(row: CustomerRequest, customer_ids: list[int]) -> dict[int, loop_ledger.Entry]:
    """Why each has not heard: the line of the ledger that was to tell them, if there is one."""
    owed = Obligation.objects.filter(request=row, customer__in=customer_ids)
    entries = loop_ledger.entries(list(owed.for_ledger().order_by("pk")))
    return {entry.obligation.customer_id: entry for entry in entries}
