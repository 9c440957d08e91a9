"""What an address may say, for every page and every resource at once.

An address that no row, no file and no text could match is refused here, before anybody asks the
database about it: PostgreSQL cannot even be asked for a NUL.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from backlog.filters import fields
from config.errors import BadParameters, is_below_api
from config.middleware import Handler

# Lists of the admin are narrowed to either of several values by these ends of names; see Unfold's
# filters of several choices.
_EITHER: Final = ("__exact", "__in")


class Addresses:
    """Impossible addresses are not found; impossible or repeated parameters are a 400."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django leaves percent-encoded what is no UTF-8.
        if not _is_text(unquote_to_bytes(request.path_info)):
            raise Http404
        _check_query(request)
        if not all(map(_is_storable, request.COOKIES.values())):
            raise BadRequest("A cookie has a character that no text has.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_more: Any) -> None:
        """Resources of the API check their own, which they know one by one."""
        if is_below_api(request):
            return
        several = getattr(view, "takes_several", ())
        is_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        repeated = [
            name
            for name, values in request.GET.lists()
            if len(values) > 1 and name not in several and not (is_admin and name.endswith(_EITHER))
        ]
        if repeated:
            faults = dict.fromkeys(repeated, str(fields.ONCE))
            raise BadParameters(faults, code="repeated_parameter")


def _check_query(request: HttpRequest) -> None:
    bad = [name for name, values in _pairs(request) if not _is_text(values) or not _is_text(name)]
    if bad:
        why = _("It has a character that cannot be stored.")
        names = (name.decode(errors="replace").replace("\0", "�") for name in bad)
        raise BadParameters(dict.fromkeys(names, why), code="bad_query")


def _pairs(request: HttpRequest) -> Iterable[tuple[bytes, bytes]]:
    """Names and values as they came, which Django's reading has smoothed over."""
    for pair in request.META.get("QUERY_STRING", "").split("&"):
        name, _equals, value = pair.replace("+", " ").partition("=")
        yield unquote_to_bytes(_as_sent(name)), unquote_to_bytes(_as_sent(value))


def _as_sent(text: str) -> bytes:
    """WSGI hands bytes over as Latin-1."""
    return text.encode("latin-1", errors="replace")


def _is_text(given: bytes) -> bool:
    try:
        return _is_storable(given.decode())
    except UnicodeDecodeError:
        return False


def _is_storable(text: str) -> bool:
    """Without NUL, and without half a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)
