"""The reference: the description as pages that need no script, made from what tools read."""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from backlog.api.framework import description
from backlog.api.framework.reference import Reference

POLICY: Final = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
LONGEST_SEARCH: Final = 100
View = TypeVar("View", bound=Callable[..., HttpResponse])


def _for_everybody(view: View) -> View:
    """Kept by whoever likes, who asks each time whether it is still this page."""
    varying = vary_on_headers("Accept-Language", "Cookie")(require_safe(view))
    kept = cache_control(public=True, no_cache=True)(varying)
    return cast(View, login_not_required(csp(POLICY)(kept)))


@_for_everybody
def contents(request: HttpRequest) -> HttpResponse:
    """Every operation in one line, in the order of the line, or those that `q` finds."""
    wanted = request.GET.get("q", "")[:LONGEST_SEARCH]
    reference = _reference(get_language() or "")
    context = {"reference": reference, "wanted": wanted, "found": reference.found(wanted)}
    return render(request, "api/contents.html", context)


@_for_everybody
def noun(request: HttpRequest, noun: str) -> HttpResponse:
    """The operations of one noun, and the shapes that they answer."""
    reference = _reference(get_language() or "")
    operations = reference.of(noun)
    if not operations:
        raise Http404
    context = {
        "reference": reference,
        "noun": noun,
        "groups": reference.found(""),
        "operations": operations,
        "shapes": reference.shapes_of(operations),
    }
    return render(request, "api/noun.html", context)


@cache
def _reference(language: str) -> Reference:
    return Reference(description.made(language))
