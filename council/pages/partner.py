"""What a partner sees behind their link: one action item, and two things to say about it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from backlog import errors
from backlog.db.fields import ends
from backlog.pages.base import for_customers
from council.delivery import partner_links
from council.models import ActionItem
from council.operations import action_item_partners
from council.pages.action_item_forms import UNFINISHED


class PartnerDone(forms.Form):
    evidence = forms.CharField(
        **ends(ActionItem, "evidence"), label=_("How one can see that it is done")
    )


class PartnerTime(forms.Form):
    until = forms.DateField(label=_("Until"))
    reason = forms.CharField(**ends(ActionItem, "asked_why"), label=_("Why"))


FORMS: Final[Mapping[str, tuple[type[forms.Form], Callable[..., ActionItem]]]] = {
    "done": (PartnerDone, action_item_partners.claim_as_partner),
    "time": (PartnerTime, action_item_partners.ask_for_time),
}


@for_customers
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, token: str) -> HttpResponse:
    """Shows it, and nothing else of the house. Only a POST writes: scanners follow links."""
    action, link = _named(token)
    if action is None:
        context = {"site_name": settings.SITE_NAME}
        return render(request, "portal/closed.html", context, status=404)
    asked, form = "", None
    if request.method == "POST":
        asked = "time" if request.POST.get("act") == "time" else "done"
        kind, operation = FORMS[asked]
        form = kind(request.POST)
        if form.is_valid() and _say(form, operation, {"action_id": action.pk, "link": link}):
            return redirect(f"{request.path}?thanks")
    shown: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "action": action,
        "is_open": action.status in UNFINISHED,
        "thanks": "thanks" in request.GET,
        "done": form if asked == "done" else PartnerDone(),
        "time": form if asked == "time" else PartnerTime(),
    }
    return render(request, "portal/partner.html", shown, status=422 if form else 200)


def _named(token: str) -> tuple[ActionItem | None, int]:
    try:
        pk, link = partner_links.read(token)
    except partner_links.Refused:
        return None, 0
    rows = ActionItem.objects.select_related("council", "owner").exclude(partner="")
    return rows.filter(pk=pk, partner_link=link).first(), link


def _say(form: forms.Form, operation: Callable[..., ActionItem], about: Mapping[str, int]) -> bool:
    """Whether it is on record now; if not, the form says why."""
    try:
        operation(**about, **form.cleaned_data, by=None, at=timezone.now())
    except errors.Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
