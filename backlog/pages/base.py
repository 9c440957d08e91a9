"""What page views share: the shell of colleagues' pages, the bare frame of customers' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails
from django_stubs_ext import StrOrPromise

from backlog import errors
from backlog.auth import rate_limits
from backlog.models import User

View = TypeVar("View", bound=Callable[..., HttpResponse])

# A customer corrects an answer some times; a machine would go on.
PER_LINK: Final = rate_limits.Limit("portal-link", times=20, seconds=10 * 60)


class Request(HttpRequest):
    """What our middleware guarantees to every page of a colleague."""

    htmx: HtmxDetails
    user: User


def page(
    request: HttpRequest, template: str, *, title: StrOrPromise, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the admin's shell: the same navigation, theme and language switch."""
    shell = admin.site.each_context(request)
    return render(request, template, {**shell, "title": title, **context}, status=status)


def refused(request: HttpRequest, refusal: errors.Refusal) -> None:
    """Tell the person what the rules said instead of doing what was asked."""
    messages.warning(request, str(refusal))


STRICT_POLICY = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}


def under_policy(directives: dict[str, list[str]]) -> Callable[[View], View]:
    """Serve the view under this Content-Security-Policy instead of the shell's."""
    return cast(Callable[[View], View], csp(directives))


def takes_several(*names: str) -> Callable[[View], View]:
    """The page is narrowed to either of several values of these parameters.

    Of any other, two values are refused before a page is asked (config.addresses).
    """

    def mark(view: View) -> View:
        view.takes_several = names  # type: ignore[attr-defined]
        return view

    return mark


def for_everybody(view: View) -> View:
    """A page without account and without script, that anybody may keep for some minutes."""
    strict = under_policy(STRICT_POLICY)(view)
    # Its language may be the one that a reader has chosen.
    by_reader = vary_on_headers("Cookie", "Accept-Language")(strict)
    return login_not_required(cache_control(public=True, max_age=300)(by_reader))


def _too_many(request: HttpRequest, count: rate_limits.Count) -> HttpResponse:
    context = {"site_name": settings.SITE_NAME, "must_wait": True}
    response = render(request, "portal/closed.html", context, status=429)
    response["Retry-After"] = str(count.wait)
    return response


def uncompressed(view: View) -> View:
    """The page holds a key, as in a signed link, which compression could give away (0027)."""
    return cache_control(no_transform=True)(view)


def for_customers(view: View) -> View:
    """A page behind a signed link: no account, no script, no cookie, not cached, not indexed.

    The link is the customer's key to the page, so no other site may learn it as a referrer, and
    nobody writes through one link without end.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        count = PER_LINK.take(token, at=timezone.now()) if request.method == "POST" else None
        if count is not None and count.is_over:
            response = _too_many(request, count)
        else:
            response = view(request, token)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    strict = under_policy(STRICT_POLICY)(wrapped)
    return cast(View, login_not_required(never_cache(uncompressed(strict))))
