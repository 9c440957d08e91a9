"""The admin's site, which every page of a colleague takes its frame from."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class Desk(UnfoldAdminSite):
    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Made when it is looked at: every page is given it, and hardly one shows it."""
        make = super().get_app_list
        return cast(list[dict[str, Any]], SimpleLazyObject(lambda: make(request, app_label)))
