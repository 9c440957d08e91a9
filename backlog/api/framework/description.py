"""The description of the API, for everybody: what it is, is no secret; whose data it holds, is."""

import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from backlog.api.framework import rates


@cache
def made(language: str) -> dict[str, Any]:
    """The description in a language; making it takes a second, so each process does it once."""
    with override(language):
        description = SchemaGenerator().get_schema(request=None, public=True)
        # Texts that wait for a language have theirs from here on. Nobody reads this JSON: without
        # indentation it is written by C.
        return dict(json.loads(JSONRenderer().render(description)))


@cache
def _written(language: str, *, is_yaml: bool) -> bytes:
    description = made(language)
    if is_yaml:
        return bytes(OpenApiYamlRenderer().render(description))
    return json.dumps(description, ensure_ascii=False, separators=(",", ":")).encode()


# Whoever keeps it asks each time whether it is still this one, and is mostly answered “304”.
@method_decorator(cache_control(public=True, no_cache=True), name="dispatch")
@method_decorator(vary_on_headers("Accept", "Accept-Language", "Cookie"), name="dispatch")
class Description(rates.Limited, SpectacularAPIView):
    """OpenAPI 3.1, as JSON or YAML."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        is_yaml = isinstance(renderer, OpenApiYamlRenderer)
        words = _written(get_language() or "", is_yaml=is_yaml)
        return HttpResponse(words, content_type=renderer.media_type)
