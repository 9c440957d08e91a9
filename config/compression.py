"""Answers are compressed on their way out, but none that holds a secret (decision 0027)."""

from typing import Final

from django.contrib.messages import get_messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

SHRINKING: Final = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/rss+xml",
    "application/vnd.oai.openapi",
    "application/yaml",
)


class Compression(GZipMiddleware):
    """Django's, which adds bytes at random, so that no length tells what was compressed.

    What says `no-transform` is sent as it is: pages behind signed links, letters, secrets. So is a
    page that shows a message, which may be a new token. Files were compressed when collected.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code == 304:  # It has the headers of the answer it stands for.
            patch_vary_headers(response, ["Accept-Encoding"])
        is_text = response.get("Content-Type", "").startswith(SHRINKING)
        if isinstance(response, FileResponse) or not is_text or _is_secret(request, response):
            return response
        return super().process_response(request, response)


def _is_secret(request: HttpRequest, response: HttpResponseBase) -> bool:
    told = get_messages(request)
    is_telling = bool(getattr(told, "used", False)) and len(told) > 0
    return is_telling or "no-transform" in response.get("Cache-Control", "")
