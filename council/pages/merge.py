"""The page on which requests that say the same become one, and the way back."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.filters import narrowing, words
from backlog.forms import sent_once
from backlog.models import CustomerRequest, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.operations import merges, suggestions
from backlog.pages.base import Request, page, refused
from backlog.queries import merges as queries
from backlog.queries import similar
from backlog.queries import suggestions as suggestion_queries
from council.models import AgendaItem, Decision
from council.pages import request_forms
from council.pages.request import find

FOUND: Final = 10
FIND_LENGTH: Final = 200


@require_safe
@permission_required("backlog.merge_request", raise_exception=True)
def merge_page(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    if row.merged_into is not None:
        return redirect("council:request", key=row.key)
    return show(request, row, into=request.GET.get("into", ""))


def show(
    request: Request,
    row: CustomerRequest,
    *,
    into: str,
    status: int = 200,
    form: request_forms.Merge | None = None,
) -> HttpResponse:
    """Others to choose from, or what merging into the one chosen would do."""
    other = _other(row, request.user, into)
    context: dict[str, Any] = {"row": row, "other": other, "form": form or request_forms.Merge()}
    if other is not None:
        context["preview"] = queries.preview(row, other)
        context["by_council"] = [_by_council(each, request.user) for each in (row, other)]
    else:
        context |= _found(request, row)
    title = _("Merge %(key)s") % {"key": row.key}
    return page(request, "council/merge.html", title=title, status=status, **context)


def _others(row: CustomerRequest, user: User) -> CustomerRequestQuerySet:
    """What it may be merged into: of its product, and not merged itself."""
    seen = CustomerRequest.objects.visible_to(user).filter(product=row.product_id)
    return seen.filter(merged_into=None).exclude(pk=row.pk)


def _other(row: CustomerRequest, user: User, key: str) -> CustomerRequest | None:
    """The one that was chosen, if it can be."""
    others = _others(row, user).select_related("product", "merged_into")
    return others.filter(key=key.replace("\x00", "")).first()


def _found(request: Request, row: CustomerRequest) -> dict[str, Any]:
    """What the person looks for, by key or words; without that, what says the same."""
    wanted = request.GET.get("q", "").strip().replace("\x00", "")[:FIND_LENGTH]
    others = _others(row, request.user).defer("search_text")
    matching = words.matching(others, wanted, "search_text", "key")
    found = narrowing.first(matching.order_by("-opened_at", "-pk"), FOUND) if wanted else []
    likely = suggestion_queries.for_request(row, request.user)
    alike = [each for each in likely if each.request.product_id == row.product_id]
    return {"wanted": wanted, "found": found, "alike": alike}


def _by_council(row: CustomerRequest, user: User) -> dict[str, int]:
    """What stays where it is, as far as the council wrote it."""
    return {
        "decisions": Decision.objects.visible_to(user).filter(request=row).count(),
        "agenda": AgendaItem.objects.visible_to(user)
        .awaited(at=timezone.now())
        .filter(request=row)
        .count(),
    }


@require_POST
@permission_required("backlog.merge_request", raise_exception=True)
def merge(request: Request, key: str) -> HttpResponse:
    row, form = find(request, key), request_forms.Merge(request.POST)
    into = request.POST.get("into", "")
    other = _other(row, request.user, into)
    if row.merged_into is None and (not form.is_valid() or other is None):
        return show(request, row, into=into, status=422, form=form)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            survivor = merges.merge_request(
                request_id=row.pk,
                into_id=other.pk if other else row.merged_into_id or row.pk,
                reason=request.POST.get("reason", ""),
                by=request.user,
                at=at,
            )
            _note(row, survivor, request.user, at)
            done = _("%(key)s is part of %(survivor)s from now on.")
            messages.success(request, done % {"key": row.key, "survivor": survivor.key})
    except errors.Refusal as refusal:
        refused(request, refusal)
        address = reverse("council:merge", args=[row.key])
        return redirect(f"{address}?{urlencode({'into': into})}")
    return redirect("council:request", key=row.key)


def _note(row: CustomerRequest, survivor: CustomerRequest, user: User, at: datetime) -> None:
    """If it was found by its words, that rule was right."""
    found = similar.requests_like(f"{row.title}\n{row.problem}", viewer=user, but=row)
    score = next((each.score for each in found if each.request == survivor), None)
    if score is not None:
        pair = suggestions.Pair(suggestions.Kind.MERGE_REQUESTS, row.pk, survivor.pk)
        suggestions.note_merge(pair=pair, source=suggestions.Source.by_words(score), by=user, at=at)


@require_POST
@permission_required("backlog.merge_request", raise_exception=True)
def dismiss(request: Request, key: str) -> HttpResponse:
    """The other one is not the same, and is not proposed here again."""
    row = find(request, key)
    other = _other(row, request.user, request.POST.get("other", ""))
    if other is None:
        messages.warning(request, _("Choose one of the requests that are found, or type its key."))
        return redirect("council:merge", key=row.key)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            suggestions.dismiss_found(
                pair=suggestions.Pair(suggestions.Kind.MERGE_REQUESTS, row.pk, other.pk),
                source=suggestions.Source.by_words(None),
                by=request.user,
                at=at,
            )
            done = _("%(key)s is not suggested here any more.")
            messages.success(request, done % {"key": other.key})
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("council:merge", key=row.key)


@require_POST
@permission_required("backlog.merge_request", raise_exception=True)
def unmerge(request: Request, key: str) -> HttpResponse:
    row, form = find(request, key), request_forms.Unmerge(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why it is not the same."))
        return redirect("council:request", key=row.key)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            merges.unmerge_request(
                request_id=row.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
            )
            messages.success(request, _("%(key)s is its own request again.") % {"key": row.key})
    except errors.Refusal as refusal:
        refused(request, refusal)
    return redirect("council:request", key=row.key)
