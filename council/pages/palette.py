"""Where one can go: pages of the menu, and what is found by its key or its words."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from backlog.filters import narrowing, words
from backlog.models import Account, Customer, CustomerRequest, Evidence, Feedback, Sprint, User
from backlog.pages.base import Request
from backlog.rules import search
from council.models import Council, Meeting

MOST: Final = 7
"""Of each noun. Who needs more looks in its list."""
LOOKED_AT: Final = 3 * MOST
"""So many of the newest are put in order by how near they are to what is wanted."""


class Noun(NamedTuple):
    title: StrOrPromise
    permission: str
    rows: Callable[[User], QuerySet[Any]]
    address: Callable[[Any], str]
    note: Callable[[Any], StrOrPromise]
    has_key: bool = False


class Found(NamedTuple):
    address: str
    title: str
    note: StrOrPromise


def _page(name: str) -> Callable[[Any], str]:
    return lambda row: reverse(name, args=[row.pk])


def _heard(user: User) -> QuerySet[Any]:
    speaking = Evidence.objects.visible_to(user).live().select_related("request").order_by("pk")
    return (
        Feedback.objects.visible_to(user)
        .defer("raw", "payload")
        .prefetch_related(Prefetch("evidence", queryset=speaking, to_attr="live_evidence"))
    )


def _speaks_for(feedback: Any) -> str:
    """Who looks for a customer's words looks for what became of them."""
    for evidence in feedback.live_evidence:
        return reverse("council:request", args=[evidence.request.key])
    return reverse("admin:backlog_feedback_change", args=[feedback.pk])


NOUNS: Final = (
    Noun(
        _("Requests"),
        "backlog.view_customerrequest",
        lambda user: CustomerRequest.objects.visible_to(user).defer("problem"),
        lambda row: reverse("council:request", args=[row.key]),
        lambda row: row.get_status_display(),
        has_key=True,
    ),
    Noun(
        _("Customers"),
        "backlog.view_customer",
        lambda user: Customer.objects.visible_to(user).select_related("account"),
        _page("backlog:customer"),
        lambda row: str(row.account or ""),
    ),
    Noun(
        _("Accounts"),
        "backlog.view_account",
        Account.objects.visible_to,
        _page("backlog:account"),
        lambda row: row.segment,
    ),
    Noun(
        _("Meetings"),
        "council.view_meeting",
        Meeting.objects.visible_to,
        _page("council:meeting"),
        lambda row: date_format(localtime(row.starts_at), "SHORT_DATE_FORMAT"),
    ),
    Noun(
        _("Councils"),
        "council.view_council",
        lambda user: Council.objects.visible_to(user).select_related("chair"),
        _page("council:council"),
        lambda row: str(row.chair),
    ),
    Noun(
        _("Sprints"),
        "backlog.view_sprint",
        lambda user: Sprint.objects.visible_to(user).select_related("product"),
        _page("backlog:sprint"),
        lambda row: row.get_status_display(),
    ),
    Noun(
        _("What customers said"),
        "backlog.view_feedback",
        _heard,
        _speaks_for,
        lambda row: " ".join(each.request.key for each in row.live_evidence),
    ),
)


@require_safe
@never_cache
def go(request: Request) -> HttpResponse:
    """Without words the pages that the menu leads to; with words what is found by them."""
    wanted = request.GET.get("q", "").strip()
    if not wanted:
        return render(request, "shell/_places.html")
    return render(request, "shell/_found.html", {"nouns": _found(wanted, request.user)})


def _found(wanted: str, user: User) -> list[tuple[StrOrPromise, list[Found]]]:
    return [
        (noun.title, found)
        for noun in NOUNS
        if user.has_perm(noun.permission) and (found := _rows(noun, wanted, user))
    ]


def _rows(noun: Noun, wanted: str, user: User) -> list[Found]:
    """The request of just this key first, then the nearest of the newest that hold every word."""
    rows = noun.rows(user)
    newest = words.matching(rows, wanted, "search_text").order_by("-pk")
    found = search.nearest_first(narrowing.first(newest, LOOKED_AT), wanted)[:MOST]
    if noun.has_key:
        key = search.folded(wanted).strip().upper()
        exact = list(rows.filter(key=key))
        found = [*exact, *(row for row in found if row not in exact)][:MOST]
    return [Found(noun.address(row), str(row), noun.note(row)) for row in found]
