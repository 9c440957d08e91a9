"""A forgotten password, and the link by which one is set: for who cannot sign in."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backlog import tasks
from backlog.auth import rate_limits
from backlog.models import User
from backlog.operations import users
from backlog.pages.base import page

# Nobody is to be flooded with our mail, and nobody to try all addresses.
PER_ACCOUNT: Final = rate_limits.Limit("password-account", times=3, seconds=15 * 60)
PER_ADDRESS: Final = rate_limits.Limit("password-address", times=20, seconds=15 * 60)

_FIELD: Final = {"class": "hb-input hb-input-wide"}


class Forgotten(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("e-mail address"),
        max_length=254,
        widget=forms.EmailInput({**_FIELD, "autocomplete": "username", "autofocus": True}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same for every address, at once: a worker finds out whose it is."""
    form = Forgotten(request.POST if request.method == "POST" else None)
    is_sent = form.is_valid()
    if is_sent and not _is_too_often(request, form.cleaned_data["email"], at=timezone.now()):
        send = partial(tasks.send_forgotten_password.delay, form.cleaned_data["email"])
        transaction.on_commit(send, robust=True)
    status = 422 if form.is_bound and not is_sent else 200
    title = _("Forgot your password?")
    return page(
        request, "account/forgotten.html", title=title, status=status, form=form, is_sent=is_sent
    )


def _is_too_often(request: HttpRequest, email: str, *, at: datetime) -> bool:
    address = rate_limits.address_of(request)
    counts = [PER_ACCOUNT.take(email.strip().lower(), at=at), PER_ADDRESS.take(address, at=at)]
    return any(count.is_over for count in counts)


class Choose(auth_forms.SetPasswordForm):  # type: ignore[type-arg]  # Only its stub is generic.
    """Two fields for one new password, which the operation writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.update(_FIELD)

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 -- Django's signature
        password = self.cleaned_data["new_password1"]
        user = self.user
        return users.set_password(user_id=user.pk, password=password, by=user, at=timezone.now())


@method_decorator(login_not_required, name="dispatch")
class SetPassword(views.PasswordResetConfirmView):
    """Behind the link. Django takes the key out of the address before it shows anything."""

    form_class = Choose
    template_name = "account/set_password.html"
    success_url = reverse_lazy("admin:login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shell = admin.site.each_context(self.request)
        return {**shell, **super().get_context_data(**kwargs), "title": _("Choose a password")}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return super().form_valid(form)
