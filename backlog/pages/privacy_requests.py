"""Privacy: who asked for a copy or to be forgotten, by when, and words that are kept too long."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.forms import sent_once
from backlog.models import Customer, PrivacyRequest, Source, User
from backlog.operations import erased_identifiers
from backlog.operations import privacy_requests as privacy_request_operations
from backlog.pages import own_data, paging
from backlog.pages.base import Request, page, refused
from backlog.queries import retention as retention_queries

OPEN: Final = 200
"""So many that are open are shown; nobody should ever have as many."""


class Welcome(forms.Form):
    """By what somebody goes who came back of their own will: an address, or a source's number."""

    email = forms.CharField(label=gettext_lazy("e-mail address"), max_length=254, required=False)
    source = forms.ModelChoiceField(
        Source.objects.none(), label=gettext_lazy("source"), required=False
    )
    external_id = forms.CharField(
        label=gettext_lazy("name or number there"), max_length=255, required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["source"]
        choice.queryset = Source.objects.visible_to(user).order_by("name", "pk")
        for field in self.fields.values():
            field.widget.attrs["class"] = "hb-input"


@require_safe
@permission_required("backlog.view_privacyrequest", raise_exception=True)
def privacy_requests(request: Request) -> HttpResponse:
    at = timezone.now()
    seen = PrivacyRequest.objects.visible_to(request.user)
    shown = paging.newest_first(seen.exclude(status="open").for_listing(), request.GET)
    today = timezone.localdate(at, timezone.get_default_timezone())
    sources = set(Source.objects.visible_to(request.user).values_list("pk", flat=True))
    waiting = seen.open().due_first()[:OPEN]
    return page(
        request,
        "backlog/privacy.html",
        title=_("Privacy"),
        waiting=[
            (privacy_request, privacy_request.is_overdue(today)) for privacy_request in waiting
        ],
        shown=shown,
        expiring=[each for each in retention_queries.due(at=at) if each.source.pk in sources],
        form=Welcome(user=request.user),
    )


@require_POST
@permission_required("backlog.export_customer", raise_exception=True)
def close(request: Request, request_id: int) -> HttpResponse:
    """It is done, or was withdrawn."""
    privacy_request = get_object_or_404(
        PrivacyRequest.objects.visible_to(request.user), pk=request_id
    )
    status = request.POST.get("status", "")
    if status in (PrivacyRequest.Status.DONE, PrivacyRequest.Status.WITHDRAWN):
        at = timezone.now()
        try:
            with sent_once.once(request, at=at):
                privacy_request_operations.close(
                    request_id=privacy_request.pk, status=status, by=request.user, at=at
                )
        except errors.Refusal as refusal:
            refused(request, refusal)
    return redirect("backlog:privacy")


@require_POST
@permission_required("backlog.erase_customer", raise_exception=True)
def welcome_back(request: Request) -> HttpResponse:
    """What somebody says who came back is stored again."""
    form = Welcome(request.POST, user=request.user)
    if form.is_valid():
        at = timezone.now()
        try:
            with sent_once.once(request, at=at):
                is_known = erased_identifiers.welcome_back(
                    by=request.user, at=at, **form.cleaned_data
                )
        except errors.Refusal as refusal:
            refused(request, refusal)
            return redirect("backlog:privacy")
        if is_known:
            messages.success(request, _("What they say is stored again from now on."))
        else:
            messages.warning(request, _("Nobody of this address or number was erased."))
    return redirect("backlog:privacy")


@require_safe
@never_cache
@permission_required("backlog.export_customer", raise_exception=True)
def personal_copy(request: Request, customer_id: int) -> HttpResponse:
    """The copy of one person's data, for handing it to them."""
    seen = Customer.objects.visible_to(request.user)
    return own_data.as_file(get_object_or_404(seen, pk=customer_id), viewer=request.user)
