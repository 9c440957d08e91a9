"""Every route there is, as the resolver knows them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

REDIRECTS = ("/<path:object_id>/", "admin/", "admin/(?P<url>.*)$", "api/v1/")
"""Unnamed: the admin's older addresses, and where no page and no resource is."""


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    view: Callable[..., Any]

    @property
    def actions(self) -> dict[str, str]:
        """By method, of a resource of the API; empty for pages."""
        return getattr(self.view, "actions", None) or {}

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, namespace="", path=""))


def _walk(
    patterns: list[URLPattern | URLResolver], *, namespace: str, path: str
) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(namespace + (pattern.name or ""), here, pattern.callback)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, namespace=inner, path=here)
