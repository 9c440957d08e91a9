"""What page views share: the shell of colleagues' pages, the bare frame of customers' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails
from django_stubs_ext import StrOrPromise

from backlog import errors
from backlog.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Request(HttpRequest):
    """What our middleware guarantees to every page of a colleague."""

    htmx: HtmxDetails
    user: User


def page(
    request: HttpRequest, template: str, *, title: StrOrPromise, **context: Any
) -> HttpResponse:
    """A page in the admin's shell: the same navigation, theme and language switch."""
    shell = admin.site.each_context(request)
    return render(request, template, {**shell, "title": title, **context})


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


def for_customers(view: View[P]) -> View[P]:
    """A page behind a signed link: no account, no script, no cookie, not cached, not indexed.

    The link is the customer's key to the page, so no other site may learn it as a referrer.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return cast(View[P], login_not_required(never_cache(csp(STRICT_POLICY)(wrapped))))
