"""The page on which two records of one person become one, and the way back."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.db.fields import ends
from backlog.filters import narrowing, words
from backlog.forms import sent_once
from backlog.models import ContactPoint, Customer, Event, User
from backlog.models.customers import CustomerQuerySet
from backlog.operations import customer_merges, suggestions
from backlog.pages.base import Request, page, refused
from backlog.queries import customer_likeness
from backlog.queries import customer_merges as queries
from backlog.queries import suggestions as suggestion_queries
from backlog.rules import addresses, bounds, names

FOUND: Final = 10
FIND_LENGTH: Final = 200


class MergeCustomer(forms.Form):
    """Why this record and another are of one person."""

    into = forms.IntegerField(min_value=1, max_value=bounds.BIG)
    reason = forms.CharField(**ends(Event, "reason"))


class UnmergeCustomer(forms.Form):
    reason = forms.CharField(**ends(Event, "reason"))


@require_safe
@permission_required("backlog.merge_customer", raise_exception=True)
def merge_page(request: Request, customer_id: int) -> HttpResponse:
    row = _find(request.user, customer_id)
    if row.merged_into is not None:
        return redirect("backlog:customer", row.pk)
    return _show(request, row, into=request.GET.get("into", ""))


def _find(user: User, customer_id: int) -> Customer:
    rows = Customer.objects.visible_to(user).select_related("account", "merged_into__account")
    return get_object_or_404(rows.prefetch_related("contact_points"), pk=customer_id)


def _show(
    request: Request,
    row: Customer,
    *,
    into: str,
    status: int = 200,
    form: MergeCustomer | None = None,
) -> HttpResponse:
    """Others to choose from, or what merging into the one chosen would do."""
    other = _other(row, request.user, into)
    context: dict[str, Any] = {"row": row, "other": other, "form": form or MergeCustomer()}
    if other is not None:
        context["preview"] = queries.preview(row, other, viewer=request.user)
    else:
        context |= _found(request, row)
    title = _("Merge %(customer)s") % {"customer": row}
    return page(request, "backlog/customer_merge.html", title=title, status=status, **context)


def _others(row: Customer, user: User) -> CustomerQuerySet:
    """Who they may be merged into: not merged themselves, and not forgotten."""
    seen = Customer.objects.visible_to(user).filter(merged_into=None, erased_at=None)
    loaded = seen.exclude(pk=row.pk).select_related("account", "merged_into")
    return loaded.prefetch_related("contact_points")


def _other(row: Customer, user: User, into: str) -> Customer | None:
    number = names.number(into)
    return None if number is None else _others(row, user).filter(pk=number).first()


def _found(request: Request, row: Customer) -> dict[str, Any]:
    """Whom the person looks for, by name or address; without that, who may be the same."""
    wanted = request.GET.get("q", "").strip().replace("\x00", "")[:FIND_LENGTH]
    others = _others(row, request.user).defer("search_text")
    if address := addresses.normal(wanted):
        owners = ContactPoint.objects.filter(channel=ContactPoint.Channel.EMAIL, address=address)
        found = list(others.filter(pk__in=owners.values("customer")))
    elif wanted:
        matching = words.matching(others, wanted, "search_text").order_by("-created_at", "-pk")
        found = narrowing.first(matching, FOUND)
    else:
        found = []
    likely = suggestion_queries.for_customer(row, request.user)
    return {"wanted": wanted, "found": found, "likely": likely}


@require_POST
@permission_required("backlog.merge_customer", raise_exception=True)
def merge(request: Request, customer_id: int) -> HttpResponse:
    row, form = _find(request.user, customer_id), MergeCustomer(request.POST)
    into = request.POST.get("into", "")
    other = _other(row, request.user, into)
    if row.merged_into is None and (not form.is_valid() or other is None):
        return _show(request, row, into=into, status=422, form=form)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            survivor = customer_merges.merge_customer(
                customer_id=row.pk,
                into_id=other.pk if other else row.merged_into_id or row.pk,
                reason=request.POST.get("reason", ""),
                by=request.user,
                at=at,
            )
            _note(row, survivor, request.user, at)
            done = _("%(customer)s is part of %(survivor)s from now on.")
            messages.success(request, done % {"customer": row, "survivor": survivor})
    except errors.Refusal as refusal:
        refused(request, refusal)
        address = reverse("backlog:merge-customer", args=[row.pk])
        return redirect(f"{address}?{urlencode({'into': into})}")
    return redirect("backlog:customer", survivor.pk)


def _note(row: Customer, survivor: Customer, user: User, at: datetime) -> None:
    """If they were found by what both have in common, that rule was right."""
    likely = customer_likeness.like(row, viewer=user)
    for each in likely:
        if each.customer == survivor:
            pair = suggestions.Pair(suggestions.Kind.MERGE_CUSTOMERS, row.pk, survivor.pk)
            suggestions.note_merge(pair=pair, source=_by_rule(each.score), by=user, at=at)


def _by_rule(score: float | None) -> suggestions.Source:
    return suggestions.Source(
        "rule", customer_likeness.RULE, customer_likeness.VERSION, score=score
    )


@require_POST
@permission_required("backlog.merge_customer", raise_exception=True)
def dismiss(request: Request, customer_id: int) -> HttpResponse:
    """The other one is somebody else, and is not proposed here again."""
    row = _find(request.user, customer_id)
    other = _other(row, request.user, request.POST.get("other", ""))
    if other is None:
        messages.warning(request, _("Choose one of the customers that are found."))
        return redirect("backlog:merge-customer", row.pk)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            suggestions.dismiss_found(
                pair=suggestions.Pair(suggestions.Kind.MERGE_CUSTOMERS, row.pk, other.pk),
                source=_by_rule(None),
                by=request.user,
                at=at,
            )
            done = _("%(customer)s is not suggested here any more.")
            messages.success(request, done % {"customer": other})
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("backlog:merge-customer", row.pk)


@require_POST
@permission_required("backlog.merge_customer", raise_exception=True)
def unmerge(request: Request, customer_id: int) -> HttpResponse:
    row, form = _find(request.user, customer_id), UnmergeCustomer(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why they are two people."))
        return redirect("backlog:customer", row.pk)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            customer_merges.unmerge_customer(
                customer_id=row.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
            )
            messages.success(
                request, _("%(customer)s is a customer of their own again.") % {"customer": row}
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("backlog:customer", row.pk)
