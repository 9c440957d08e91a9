"""Edits that must say which version they are based on, and the tags that versions travel in."""

import hashlib
from typing import Any

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from backlog.api.framework import problems, rendering
from backlog.models.edited import Edited
from backlog.rules import names

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you read, or several, or * to overwrite whatever is there. Weak "
    "ones are taken as well.",
)


def tag(version: int, shown: Any) -> str:
    """The ETag of a row as it is shown: its version, and what else makes two answers differ.

    Scores and names of other rows change while nobody edits this one.
    """
    digest = hashlib.sha256(rendering.dumps(shown)).hexdigest()
    return f'"{version}-{digest[:16]}"'


def named_in(request: Request, row: Edited) -> int | None:
    """The version that the edit of this row is based on; None for *, which stands for any.

    If-Match may list several tags, and proxies that compress make them weak: a version is the same
    however it was packed. What comes behind it in a tag is not asked for: that was no edit.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise problems.VersionRequired
    tags = parse_etags(given)
    if tags == ["*"]:
        return None
    versions = {_version(each) for each in tags} - {None}
    if not versions:
        raise problems.VersionStale
    # One that is not there now is refused by the operation, which says which one is.
    return row.version if row.version in versions else versions.pop()


def _version(tag: str) -> int | None:
    return names.number(tag.removeprefix("W/").strip('"').partition("-")[0])
