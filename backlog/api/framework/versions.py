"""Edits that must say which version they are based on."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from backlog.api.framework import problems
from backlog.rules import names

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you read, or * to overwrite whatever is there.",
)


def named_in(request: Request) -> int | None:
    """The version that If-Match names; None for *, which stands for any."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise problems.VersionRequired
    if tag == "*":
        return None
    digits = tag.strip('"')
    version = names.number(digits)
    if version is None or tag != f'"{digits}"':
        raise problems.VersionStale
    return version
