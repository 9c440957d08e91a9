"""The description of the API, for everybody: what it is, is no secret; whose data it holds, is."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import rates

_made: dict[tuple[str, str], bytes] = {}


class Description(rates.Limited, SpectacularAPIView):
    """Making it takes a second, so each process makes it once for each language and format."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        key = (get_language() or "", renderer.media_type)
        if key not in _made:
            made: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
            _made[key] = renderer.render(made.data, renderer.media_type, {})
        return HttpResponse(_made[key], content_type=renderer.media_type)


class Reader(SpectacularSwaggerSplitView):
    """The description as a page."""

    def options(  # type: ignore[override]
        self, request: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Which methods there are; the library would look for a template that says so."""
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
