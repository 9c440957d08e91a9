"""The admin's site, which every page of a colleague takes its frame from."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from config.unfold import NAVIGATION


class Desk(UnfoldAdminSite):
    """As Unfold's, and makes only what a page shows."""

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Made when it is looked at: every page is given it, and only two show it."""
        make = super().get_app_list
        return cast(list[dict[str, Any]], SimpleLazyObject(lambda: make(request, app_label)))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Our navigation as far as the person may go."""
        return [
            {**group, "items": [_item(item, request) for item in group["items"]]}
            for group in NAVIGATION
        ]


def _item(item: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    may = item.get("permission")
    return {
        **item,
        "active": item["active"](request),
        "has_permission": may is None or may(request),
    }
