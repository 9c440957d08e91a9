"""What the proxy in front must say; without it people would be sent round in circles."""

import logging
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.middleware import Handler

logger = logging.getLogger(__name__)

WORDS: Final = (
    "This site is reached by https, but the proxy in front of it does not say whether a visitor"
    " came by https. It must send X-Forwarded-Proto: see “A proxy in front” in the operator guide."
)


class Proxies:
    """Answers with words for the operator where Django would redirect to the very same address.

    It goes before Django's SecurityMiddleware, which makes that redirect.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_the_same(request, response):
            logger.error("The proxy in front does not send X-Forwarded-Proto.")
            return HttpResponse(WORDS, status=500, content_type="text/plain; charset=utf-8")
        return response


def _is_the_same(request: HttpRequest, response: HttpResponse) -> bool:
    """A redirect to https of somebody who may be there already."""
    if not (settings.SECURE_SSL_REDIRECT and settings.SECURE_PROXY_SSL_HEADER):
        return False
    is_told = settings.SECURE_PROXY_SSL_HEADER[0] in request.META
    if is_told or response.status_code != 301:
        return False
    return bool(response["Location"] == f"https://{request.get_host()}{request.get_full_path()}")
