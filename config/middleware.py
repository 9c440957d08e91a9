"""What every answer carries: the id of its request, and what browsers may not do for the page."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
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

_current: ContextVar[str] = ContextVar("request_id", default="-")
Handler = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Takes the id that a proxy or a client gives, or makes one; answers and logs name it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        reset = _current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(reset)
        response[HEADER] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Gives each line of the log the id of the request during which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
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
