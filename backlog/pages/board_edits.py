"""Editing owner, status and day of review on the board, of one request or of several."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from backlog import errors
from backlog.db.fields import ends
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Event, Product, RequestStatus, User
from backlog.operations import request_edits
from backlog.pages.base import Request, page, refused, takes_several
from backlog.pages.board import CURSORS, SEVERAL, came_from, my_edits, query
from backlog.queries import request_edits as queries
from backlog.rules import names

NOBODY: Final = "nobody"
OVERRIDES: Final = "backlog.override_status"
MOST_OWNERS: Final = 200
_AS_IT_IS: Final = ("", gettext_lazy("as it is"))


class EditRequests(forms.Form):
    """About some requests, each in the version that the person was shown.

    What they differ in is left as it is where nothing is chosen.
    """

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    review_on = forms.DateField(
        label=gettext_lazy("Review on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    no_review = forms.BooleanField(label=gettext_lazy("no day of review"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why? It overrides the council."),
        required=False,
        **ends(Event, "reason"),
    )

    def __init__(self, rows: Sequence[CustomerRequest], user: User, *args: Any) -> None:
        super().__init__(*args)
        self.rows = rows
        self.fields["owner"].choices = self._owners()  # type: ignore[attr-defined]
        self.fields["status"].choices = self._statuses()  # type: ignore[attr-defined]
        if not user.has_perm(OVERRIDES):
            del self.fields["status"], self.fields["reason"]
        days = {row.review_on for row in rows}
        if len(days) == 1:
            del self.fields["no_review"]
            self.initial["review_on"] = days.pop()
        for name, field in self.fields.items():
            look = {} if name == "no_review" else {"class": "hb-input"}
            field.widget.attrs.update(look | {"form": "board-edit", "id": f"edit-{name}"})

    def _owners(self) -> list[tuple[str, Any]]:
        known = User.objects.filter(is_active=True).order_by("name", "pk")[:MOST_OWNERS]
        owners = {str(row.owner_id): row.owner for row in self.rows if row.owner_id}
        people = {**{str(each.pk): each for each in known}, **owners}
        return self._choices(
            "owner",
            [(NOBODY, _("no owner")), *people.items()],
            {str(row.owner_id or NOBODY) for row in self.rows},
        )

    def _statuses(self) -> list[tuple[str, Any]]:
        known = [each for each in RequestStatus.choices if each[0] != RequestStatus.MERGED]
        return self._choices("status", known, {row.status for row in self.rows})

    def _choices(self, name: str, known: list[Any], now: set[str]) -> list[tuple[str, Any]]:
        if len(now) != 1:
            return [_AS_IT_IS, *known]
        self.initial[name] = now.pop()
        return known

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        status = cleaned.get("status")
        is_other = status and any(row.status != status for row in self.rows)
        if is_other and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why: it overrides the council."))
        return cleaned

    def edits(self) -> request_edits.Edits:
        """What was chosen; of what they differ in, nothing is no choice."""
        said, edits = self.cleaned_data, request_edits.Edits()
        if said["owner"]:
            number = names.number(said["owner"])
            edits["owner"] = User.objects.get(pk=number) if number else None
        if said.get("status"):
            edits["status"] = said["status"]
        if said["review_on"] or said.get("no_review") or "no_review" not in self.fields:
            day: date | None = None if said.get("no_review") else said["review_on"]
            edits["review_on"] = day
        return edits


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("backlog.edit_request", raise_exception=True)
@takes_several("chosen", *SEVERAL)
def edit(request: Request, prefix: str) -> HttpResponse:
    """The fields for those that are chosen; sent with them, they are saved."""
    product = get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)
    sent = request.POST if request.method == "POST" else request.GET
    # `chosen` are the boxes of the board, `editing` those that the fields were shown for.
    is_saved = "editing" in sent
    try:
        versions = _versions(sent.getlist("editing" if is_saved else "chosen"))
        rows = _rows(product, versions)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return _back(request, prefix)
    if not is_saved:
        form = EditRequests(rows, request.user)
        return _show(request, product, form, {row.number: row.version for row in rows})
    form = EditRequests(rows, request.user, request.POST)
    if not form.is_valid():
        return _show(request, product, form, versions)
    if "status" in request.POST and "status" not in form.fields:
        raise PermissionDenied
    return _save(request, product, form, versions)


@require_POST
@permission_required("backlog.edit_request", raise_exception=True)
@takes_several(*SEVERAL)
def undo(request: Request, prefix: str, edit_id: int) -> HttpResponse:
    """Put back what the person has edited in one act; what was edited again since stays."""
    rows = my_edits(request).filter(request__product__prefix=prefix)
    event, at = get_object_or_404(rows, pk=edit_id), timezone.now()
    together = queries.edited_together(event)
    if together.exclude(kind="request.edited").exists() and not request.user.has_perm(OVERRIDES):
        raise PermissionDenied
    if not queries.can_be_taken_back(event):
        messages.warning(request, _("This is not taken back here: edit it instead."))
        return _back(request, prefix)
    try:
        with sent_once.once(request, at=at):
            results = request_edits.take_back(event_id=event.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return _back(request, prefix)
    _say_refusals(request, results)
    if any(result.refusal is None for result in results):
        messages.info(request, _("It is as it was."))
    return _back(request, prefix)


def _save(
    request: Request, product: Product, form: EditRequests, versions: dict[int, int | None]
) -> HttpResponse:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            results = request_edits.edit_several(
                versions={row.pk: versions[row.number] for row in form.rows},
                edits=form.edits(),
                reason=form.cleaned_data.get("reason", ""),
                by=request.user,
                at=at,
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
        return _back(request, product.prefix)
    _say_refusals(request, results)
    done = [result.event.pk for result in results if result.event is not None]
    if done:
        return _back(request, product.prefix, edited=min(done))
    if not any(result.refusal for result in results):
        messages.info(request, _("Nothing was changed."))
    return _back(request, product.prefix)


def _say_refusals(request: Request, results: Sequence[request_edits.Result]) -> None:
    """Each carries the key of its request, so that the board says it there."""
    refusals = {each.request_id: each.refusal for each in results if each.refusal}
    for row in CustomerRequest.objects.filter(pk__in=refusals).order_by("pk"):
        messages.warning(request, str(refusals[row.pk]), extra_tags=row.key)


def _versions(said: Sequence[str]) -> dict[int, int | None]:
    """The numbers of requests, and the version of each where it is said: `12` or `12.3`."""
    versions: dict[int, int | None] = {}
    for each in said:
        number, dot, version = each.partition(".")
        wanted = names.number(number), names.number(version) if dot else None
        if wanted[0] is None or (dot and wanted[1] is None):
            raise errors.Invalid(_("Choose what is to be edited."), field="requests")
        versions[wanted[0]] = wanted[1]
    return versions


def _rows(product: Product, versions: dict[int, int | None]) -> list[CustomerRequest]:
    if not versions:
        raise errors.Invalid(_("Choose what is to be edited."), field="requests")
    if len(versions) > request_edits.MOST:
        words = _("At most %(most)d requests are edited at once; these are %(count)d.")
        facts = {"most": request_edits.MOST, "count": len(versions)}
        raise errors.Invalid(words % facts, field="requests")
    found = CustomerRequest.objects.filter(product=product, number__in=versions)
    rows = list(found.select_related("owner").order_by("rank", "pk"))
    if len(rows) < len(versions):
        raise errors.Invalid(_("One of those chosen is not of this product."), field="requests")
    return rows


def _show(
    request: Request, product: Product, form: EditRequests, versions: dict[int, int | None]
) -> HttpResponse:
    """The fields alone for HTMX, where they belong; without scripts on a page of their own."""
    context = {
        "product": product,
        "form": form,
        "rows": form.rows,
        "editing": [f"{number}.{version}" for number, version in versions.items()],
        "here": query(came_from(request), *CURSORS),
        "keys": ", ".join(row.key for row in form.rows),
        "shown_after": sent_once.shown_after(request),
    }
    if request.htmx:
        fields = render(request, "backlog/_board_editor.html", context)
        if form.is_bound:
            return reswap(retarget(fields, "#editor"), "outerHTML")
        return fields
    status = 422 if form.is_bound else 200
    title = _("Edit %(keys)s") % {"keys": context["keys"]}
    return page(request, "backlog/board_edit.html", title=title, status=status, **context)


def _back(request: Request, prefix: str, **more: int) -> HttpResponse:
    address = reverse("backlog:board", args=[prefix]) + query(came_from(request), *CURSORS, **more)
    if request.htmx and request.method == "GET":
        # What was asked for is a row's fields: the board would be put into the row.
        return HttpResponseClientRedirect(address)
    return redirect(address)
