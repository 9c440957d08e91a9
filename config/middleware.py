"""What every answer carries: the id of its request, and what browsers may not do for the page."""

import logging
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from backlog.auth import origins
from backlog.rules.origins import PAGE, correlation_of

HEADER: Final = "X-Request-ID"
FEATURES: Final = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)
PERMISSIONS_POLICY: Final = ", ".join(f"{feature}=()" for feature in FEATURES)

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Takes the id that a proxy or a client gives, or makes one; answers, logs and events name it.

    Whoever calls acts on a page, until a token or a signed link shows that it is by that.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origins.acting(PAGE, correlation=correlation_of(request.headers)) as origin:
            response = self.get_response(request)
        response[HEADER] = origin.correlation
        return response


class RequestIdFilter(logging.Filter):
    """Gives each line of the log the id of the call, run or command during which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = origins.correlation()
        return True


class Private:
    """What is not said to be for everybody is kept by nobody on the way (RFC 9111)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "public" not in response.get("Cache-Control", ""):
            is_secret = "no-transform" in response.get("Cache-Control", "")
            response["Cache-Control"] = "private, no-store" + ", no-transform" * is_secret
            del response["Expires"]
        return response


class PermissionsPolicy:
    """No page of ours needs a camera, a place or a purse."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response
