"""Signing in, slowed down for who guesses passwords."""

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext

from backlog.auth import rate_limits

if TYPE_CHECKING:
    from django.contrib.admin.forms import AdminAuthenticationForm as AuthenticationForm
else:
    from unfold.forms import AuthenticationForm

# One account may be tried from everywhere, one address may try every account.
PER_ACCOUNT: Final = rate_limits.Limit("sign-in-account", times=10, seconds=15 * 60)
PER_ADDRESS: Final = rate_limits.Limit("sign-in-address", times=50, seconds=15 * 60)


class SignIn(AuthenticationForm):
    """Counts tries before looking at the password, so that the right one has to wait as well."""

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        at, account = timezone.now(), self.cleaned_data.get("username", "").strip().lower()
        address = rate_limits.address_of(self.request)
        counts = [PER_ACCOUNT.take(account, at=at), PER_ADDRESS.take(address, at=at)]
        waits = [count.wait for count in counts if count.is_over]
        if waits:
            raise _locked(max(waits))
        cleaned = super().clean()
        PER_ACCOUNT.forget(account, at=at)
        return cleaned


def _locked(seconds: int) -> ValidationError:
    """The same for accounts that exist and for others."""
    minutes = -(-seconds // 60)
    words = ngettext(
        "Too many attempts. Try again in %(minutes)d minute.",
        "Too many attempts. Try again in %(minutes)d minutes.",
        minutes,
    )
    return ValidationError(words % {"minutes": minutes}, code="locked")
