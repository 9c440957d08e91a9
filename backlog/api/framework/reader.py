"""The reference: the description as pages that need no script, made from what tools read."""

from collections.abc import Callable
from functools import cache
from typing import Final, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.cache import cache_control
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
Page = Callable[..., HttpResponseBase]


class Contents(View):
    """Every operation in one line, in the order of the line, or those that `q` finds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("q", "")[:LONGEST_SEARCH]
        reference = _reference(get_language() or "")
        context = {"reference": reference, "wanted": wanted, "found": reference.found(wanted)}
        return render(request, "api/contents.html", context)


class Noun(View):
    """The operations of one noun, and the shapes that they are made of."""

    def get(self, request: HttpRequest, noun: str) -> HttpResponse:
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


def _for_everybody(page: Page) -> Page:
    """Kept by whoever likes, who asks each time whether it is still this page."""
    varying = vary_on_headers("Accept-Language", "Cookie")(page)
    kept = cache_control(public=True, no_cache=True)(varying)
    return cast(Page, login_not_required(csp(POLICY)(kept)))


contents = _for_everybody(Contents.as_view())
noun = _for_everybody(Noun.as_view())
