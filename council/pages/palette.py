"""Where one can go: pages of the menu, and what is found by its key or its words."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
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
from backlog.models import Account, Customer, CustomerRequest, Sprint, User
from backlog.pages.base import Request
from backlog.rules import search
from council.models import Council, Meeting

MOST: Final = 7
"""Of each noun. Who needs more looks in its list."""


class Noun(NamedTuple):
    title: StrOrPromise
    permission: str
    rows: Callable[[User], QuerySet[Any]]
    name: str
    """Of its page, which takes what `of` gives."""
    of: Callable[[Any], object]
    note: Callable[[Any], StrOrPromise]


class Found(NamedTuple):
    address: str
    title: str
    note: StrOrPromise


NOUNS: Final = (
    Noun(
        _("Requests"),
        "backlog.view_customerrequest",
        lambda user: CustomerRequest.objects.visible_to(user).defer("problem"),
        "council:request",
        lambda row: row.key,
        lambda row: row.get_status_display(),
    ),
    Noun(
        _("Customers"),
        "backlog.view_customer",
        lambda user: Customer.objects.visible_to(user).select_related("account"),
        "backlog:customer",
        lambda row: row.pk,
        lambda row: str(row.account or ""),
    ),
    Noun(
        _("Accounts"),
        "backlog.view_account",
        Account.objects.visible_to,
        "backlog:account",
        lambda row: row.pk,
        lambda row: row.segment,
    ),
    Noun(
        _("Meetings"),
        "council.view_meeting",
        Meeting.objects.visible_to,
        "council:meeting",
        lambda row: row.pk,
        lambda row: date_format(localtime(row.starts_at), "SHORT_DATE_FORMAT"),
    ),
    Noun(
        _("Councils"),
        "council.view_council",
        lambda user: Council.objects.visible_to(user).select_related("chair"),
        "council:council",
        lambda row: row.pk,
        lambda row: str(row.chair),
    ),
    Noun(
        _("Sprints"),
        "backlog.view_sprint",
        lambda user: Sprint.objects.visible_to(user).select_related("product"),
        "backlog:sprint",
        lambda row: row.pk,
        lambda row: row.get_status_display(),
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
    """The request of exactly this key first, then the newest that hold every word."""
    rows = noun.rows(user)
    found = narrowing.first(words.matching(rows, wanted, "search_text").order_by("-pk"), MOST)
    if noun.name == "council:request":
        key = search.folded(wanted).strip().upper()
        exact = list(rows.filter(key=key))
        found = [*exact, *(row for row in found if row not in exact)][:MOST]
    return [
        Found(reverse(noun.name, args=[noun.of(row)]), str(row), noun.note(row)) for row in found
    ]
