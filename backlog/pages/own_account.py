"""One's own page: who one is to colleagues, in which language and on whose clock one reads."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backlog import errors
from backlog.forms import edit_conflicts, sent_once
from backlog.models import User
from backlog.operations import users
from backlog.pages.base import Request, page, refused
from backlog.queries import memberships
from backlog.rules import time_zones

_FIELD: Final = {"class": "hb-input hb-input-wide"}


class OwnAccount(edit_conflicts.Guarded, forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        widgets = {
            "name": forms.TextInput({**_FIELD, "autocomplete": "name"}),
            "language": forms.Select(_FIELD),
            "time_zone": forms.TextInput({**_FIELD, "list": "zones"}),
        }

    def version_now(self) -> int | None:
        return self.instance.version


@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request: Request) -> HttpResponse:
    # A form writes what it was given into its row, also what is wrong: that is a copy.
    user = User.objects.get(pk=request.user.pk)
    form = OwnAccount(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        return _save(request, form)
    context: dict[str, Any] = {
        "form": form,
        "department": memberships.department_of(request.user),
        "held_roles": sorted(request.user.roles),
        "zones": time_zones.names(),
    }
    status = 422 if form.is_bound else 200
    title = _("Your account")
    return page(request, "account/own.html", title=title, status=status, **context)


def _save(request: Request, form: OwnAccount) -> HttpResponse:
    at, by = timezone.now(), request.user
    answer = redirect("backlog:own-account")
    try:
        with sent_once.once(request, at=at):
            users.edit_colleague(
                user_id=by.pk, version=form.version_shown, by=by, at=at, **form.cleaned_data
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
        return answer
    # What one has chosen for good goes before what one chose for this browser.
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Your details are saved."))
    return answer
