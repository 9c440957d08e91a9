"""Every error as problem details (RFC 9457): what went wrong, a stable code, and where."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from django.core import exceptions as django_exceptions
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, views
from rest_framework.response import Response

from backlog import errors
from backlog import errors as backlog_errors

CONTENT_TYPE = "application/problem+json"
MOST_FAULTS = 50
"""A page of them; the rest is counted."""


class BadQuery(exceptions.APIException):
    """A query parameter that does not exist here, or has an impossible value."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = gettext_lazy("The address has a parameter that cannot be used.")
    default_code = "bad_query"

    def __init__(self, faults: Mapping[str, str], code: str | None = None) -> None:
        super().__init__(code=code)
        self.faults = faults


class VersionRequired(exceptions.APIException):
    """Without If-Match an edit could undo somebody else's without a word."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = gettext_lazy("Send If-Match with the ETag of what you read.")
    default_code = "version_required"


class VersionStale(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = gettext_lazy("If-Match is not the ETag it has now. Read it again.")
    default_code = "version_conflict"


@dataclass(frozen=True)
class Problem:
    """`errors` point into the body or name a parameter; `details` are facts a client may act on."""

    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": _sayable(self.detail),
            "code": self.code,
        }
        if self.errors:
            body["errors"] = [
                {name: _sayable(text) for name, text in fault.items()} for fault in self.errors
            ]
        if self.details:
            body["details"] = self.details
        return body


ANSWERED = (
    errors.Refusal,
    Http404,
    django_exceptions.PermissionDenied,
    django_exceptions.RequestDataTooBig,
    django_exceptions.ValidationError,
    exceptions.APIException,
)
"""What is the caller's to mend; anything else is a bug and stays loud."""


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF asks here what to answer to an exception."""
    if not isinstance(exc, ANSWERED):
        return None
    views.set_rollback()
    return response(exc)


def response(exc: Exception) -> Response:
    """The answer to one of the exceptions in ANSWERED."""
    problem = problem_of(exc)
    assert problem is not None
    return Response(
        problem.as_dict(),
        status=problem.status,
        headers=problem.headers,
        content_type=CONTENT_TYPE,
    )


def problem_of(exc: Exception) -> Problem | None:
    """None for what is no fault of the caller's."""
    problem = None
    match exc:
        case errors.Refusal():
            problem = _of_refusal(exc)
        case Http404() | exceptions.NotFound():
            problem = Problem(404, "not_found", _("There is nothing here, or you may not see it."))
        case django_exceptions.PermissionDenied():
            problem = Problem(403, "permission_denied", _("You may not do this."))
        case django_exceptions.RequestDataTooBig():
            problem = Problem(413, "body_too_large", _("The body is too large."))
        case django_exceptions.ValidationError():
            problem = _invalid(list(_django_faults(exc)))
        case exceptions.ValidationError():
            problem = _invalid(list(_drf_faults(exc.detail)))
        case exceptions.APIException():
            problem = _of_api_exception(exc)
    return problem


def _of_refusal(refusal: errors.Refusal) -> Problem:
    if isinstance(refusal, errors.Invalid):
        return _invalid([_fault(refusal.field.split("."), refusal.code, str(refusal))])
    is_stale = isinstance(refusal, errors.VersionConflict)
    is_forbidden = isinstance(refusal, backlog_errors.PersonRequired)
    wait = refusal.details.get("retry_after")
    return Problem(
        412 if is_stale else 403 if is_forbidden else 409,
        refusal.code,
        str(refusal),
        details=refusal.details,
        headers={"Retry-After": str(wait)} if wait else {},
    )


def _of_api_exception(exc: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    faults = exc.faults if isinstance(exc, BadQuery) else {}
    code = exc.get_codes()
    return Problem(
        status=int(exc.status_code),
        code=code if isinstance(code, str) else exc.default_code,
        detail=str(exc.detail),
        errors=[
            {"parameter": name, "code": str(exc.get_codes()), "detail": text}
            for name, text in faults.items()
        ],
        headers=headers,
    )


def _invalid(faults: list[dict[str, str]]) -> Problem:
    problem = Problem(422, "invalid", _("Some of what was sent is not valid."), errors=faults)
    return shortened(problem, MOST_FAULTS)


def shortened(problem: Problem, most: int) -> Problem:
    """The same with so many faults at most; `more_errors` in its details counts the others."""
    left_out = len(problem.errors) - most
    if left_out <= 0:
        return problem
    left_out += problem.details.get("more_errors", 0)
    details = {**problem.details, "more_errors": left_out}
    return replace(problem, errors=problem.errors[:most], details=details)


def _sayable(text: str) -> str:
    """What was sent is quoted back; half a surrogate pair in it is nothing an answer can hold."""
    return text.encode(errors="replace").decode()


def _fault(path: list[str], code: str, detail: str) -> dict[str, str]:
    """`path` as a JSON pointer in a URI fragment, as RFC 9457 writes it; the root is “#”."""
    steps = [step.replace("~", "~0").replace("/", "~1") for step in path]
    return {"pointer": "/".join(["#", *steps]), "code": code, "detail": detail}


def _django_faults(exc: django_exceptions.ValidationError) -> Iterator[dict[str, str]]:
    """What `full_clean` found, field by field."""
    by_field = exc.error_dict if hasattr(exc, "error_dict") else {None: exc.error_list}
    for name, found in by_field.items():
        path = [] if name in {None, django_exceptions.NON_FIELD_ERRORS} else [str(name)]
        for each in found:
            yield _fault(path, str(each.code or "invalid"), each.messages[0])


def _drf_faults(detail: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """What serializers found, however deeply nested."""
    if isinstance(detail, exceptions.ErrorDetail):
        yield _fault(list(path), str(detail.code), str(detail))
    elif isinstance(detail, dict):
        for name, inner in detail.items():
            step = () if name == "non_field_errors" else (str(name),)
            yield from _drf_faults(inner, path + step)
    else:
        for position, inner in enumerate(detail):
            is_fault = isinstance(inner, exceptions.ErrorDetail)
            yield from _drf_faults(inner, path if is_fault else (*path, str(position)))
