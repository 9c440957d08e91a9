"""How every error reads: problem details for tools, a page for people.

It holds for whatever fails and wherever, also where no view of ours has been reached: an unknown
address or host, a method that is not there, a database that is busy or away.
"""

import sys
from http import HTTPStatus
from typing import Final

from django.core.exceptions import BadRequest
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from backlog.api.framework import problems, rendering
from config.middleware import Handler

AGAIN_AFTER: Final = 5  # seconds
_WORDS: Final = {
    400: ("bad_request", gettext_lazy("The request is malformed.")),
    403: ("permission_denied", gettext_lazy("You may not do this.")),
    404: ("not_found", gettext_lazy("There is nothing here, or you may not see it.")),
    405: ("method_not_allowed", gettext_lazy("That cannot be done with this address.")),
    412: ("precondition_failed", gettext_lazy("It is not what your precondition asks for.")),
    413: ("body_too_large", gettext_lazy("The body is too large.")),
    500: ("server_error", gettext_lazy("Something went wrong on our side. Nothing was done.")),
    503: ("unavailable", gettext_lazy("The database is busy or away. Try again in a moment.")),
}


class Errors:
    """Gives its words to every error that has none: empty answers, and all below /api/.

    Status and headers stay as they are.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or response.streaming:
            return response
        is_told = bool(response.content)
        if is_below_api(request):
            is_told = response["Content-Type"] == problems.CONTENT_TYPE
            if is_told and isinstance(response, Response):
                # Where YAML or a page is answered, the error would have been written as such.
                response.content = rendering.dumps(response.data)
        if not is_told:
            told = answer(request, response.status_code)
            response.content = told.content
            response["Content-Type"] = told["Content-Type"]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A number beyond every id names nothing, wherever it stands in an address.

        Some look-ups (by a relation, in a filter of the admin) hand it to the database as it is,
        and each database refuses it in its own way.
        """
        is_reading = request.method in ("GET", "HEAD")
        is_beyond = isinstance(exception, OverflowError | DataError)
        return answer(request, 404) if is_reading and is_beyond else None


def is_below_api(request: HttpRequest) -> bool:
    return request.path_info == "/api" or request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`. Of a bad parameter it says which one, and why."""
    faults = exception.faults if isinstance(exception, BadParameters) else {}
    return answer(request, 400, faults, code=getattr(exception, "code", ""))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`. A database that is busy or away is no fault in us, and passes."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, 500)
    response = answer(request, 503)
    response["Retry-After"] = str(AGAIN_AFTER)
    return response


class BadParameters(BadRequest):
    """Parameters of an address that cannot be used, each with the reason."""

    def __init__(self, faults: dict[str, str], code: str) -> None:
        super().__init__(f"{code}: {', '.join(map(ascii, faults))}")
        self.faults, self.code = faults, code


def answer(
    request: HttpRequest, status: int, faults: dict[str, str] | None = None, *, code: str = ""
) -> HttpResponse:
    """The error in the reader's language; nothing of it asks the database."""
    language = getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(
        request
    )
    with translation.override(language):
        if is_below_api(request):
            return _for_tools(status, faults or {}, code)
        context = {"status": status, "faults": faults, "LANGUAGE_CODE": language}
        template = f"{status}.html" if status in (403, 404, 500) else "error.html"
        return render(None, template, context, status=status)  # No session.


def _for_tools(status: int, faults: dict[str, str], code: str) -> JsonResponse:
    usual, detail = _WORDS.get(status, ("error", HTTPStatus(status).phrase))
    if faults:
        detail = _("The address has a parameter that cannot be used.")
    code = code or usual
    told = [{"parameter": name, "code": code, "detail": why} for name, why in faults.items()]
    problem = problems.Problem(status, code, str(detail), errors=told)
    return JsonResponse(problem.as_dict(), status=status, content_type=problems.CONTENT_TYPE)
