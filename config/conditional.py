"""Conditional requests (RFC 9110, 13): what the reader has already is not sent again."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import parse_http_date_safe


class Conditional(ConditionalGetMiddleware):
    """Django's, and for HEAD as well. An ETag is made for what everybody may keep.

    WhiteNoise compares tags to the letter: proxies that compress make them weak.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return response
        if isinstance(response, HttpResponse) and _must_be_tagged(response):
            set_response_etag(response)
        modified = response.get("Last-Modified")
        answer = get_conditional_response(
            request,
            etag=response.get("ETag"),
            last_modified=parse_http_date_safe(modified) if modified else None,
            response=response,  # type: ignore[arg-type]  # files too
        )
        assert answer is not None
        if answer is not response:
            # The file behind it is closed with the answer that took its place.
            answer._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]  # noqa: SLF001
        return answer


def _must_be_tagged(response: HttpResponse) -> bool:
    """The body of an answer to HEAD is still there: servers leave it out."""
    is_kept = "public" in response.get("Cache-Control", "")
    return is_kept and response.status_code == 200 and not response.has_header("ETag")
