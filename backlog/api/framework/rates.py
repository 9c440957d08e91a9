"""How often one caller may call. Every answer says how much is left."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backlog.auth import rate_limits
from backlog.models import ApiToken


class TooManyCalls(exceptions.APIException):
    status_code = HTTPStatus.TOO_MANY_REQUESTS
    default_code = "too_many_calls"

    def __init__(self, wait: int) -> None:
        words = ngettext(
            "Too many calls. Wait %(seconds)d second.",
            "Too many calls. Wait %(seconds)d seconds.",
            wait,
        )
        super().__init__(words % {"seconds": wait})
        self.wait = wait


class Limited(APIView):
    """Counts who calls: each token and each person; strangers by their address, and sooner over.

    Counted is whoever calls, whatever the answer, also who guesses tokens.
    """

    _count: rate_limits.Count | None = None

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            self._count_call(_strangers(), rate_limits.address_of(request))
            raise
        if request.user.is_authenticated:
            token = request.auth if isinstance(request.auth, ApiToken) else None
            who = f"token:{token.pk}" if token else f"user:{request.user.pk}"
            self._count_call(rate_limits.Limit("api", settings.API_CALLS_PER_MINUTE, 60), who)
        else:
            self._count_call(_strangers(), rate_limits.address_of(request))

    def _count_call(self, limit: rate_limits.Limit, who: str) -> None:
        self._count = limit.take(who, at=timezone.now())
        if self._count.is_over:
            raise TooManyCalls(self._count.wait)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        if self._count is not None:
            answer["RateLimit-Limit"] = str(self._count.times)
            answer["RateLimit-Remaining"] = str(self._count.remaining)
            answer["RateLimit-Reset"] = str(self._count.wait)
        return answer


def _strangers() -> rate_limits.Limit:
    return rate_limits.Limit("api-strangers", settings.API_STRANGERS_CALLS_PER_MINUTE, 60)
