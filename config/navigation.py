"""The menu as one reader finds it: which rooms are open to them, and where among them they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django_stubs_ext import StrOrPromise

from config.rooms import ROOMS, Page, Room


@dataclass(frozen=True)
class OpenRoom:
    """A room as one reader finds it."""

    room: Room
    pages: list[Page]

    @property
    def link(self) -> str:
        return self.pages[0].link

    @property
    def groups(self) -> dict[StrOrPromise, list[Page]]:
        """Its pages by group, without its own first page."""
        groups: dict[StrOrPromise, list[Page]] = {}
        for page in self.pages:
            if page.group:
                groups.setdefault(page.group, []).append(page)
        return groups


class Navigation:
    """The menu as one reader finds it on one page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def rooms(self) -> list[OpenRoom]:
        request = self._request
        if not request.user.is_authenticated:
            return []
        found = [OpenRoom(it, [page for page in it.pages if page.is_open(request)]) for it in ROOMS]
        return [it for it in found if it.pages]

    @cached_property
    def _here(self) -> tuple[OpenRoom, Page] | None:
        places = [(room, page) for room in self.rooms for page in room.pages]
        near = max(places, key=lambda it: it[1].nearness(self._request), default=None)
        return near if near and near[1].nearness(self._request) else None

    @property
    def room(self) -> OpenRoom | None:
        return self._here[0] if self._here else None

    @property
    def page(self) -> Page | None:
        return self._here[1] if self._here else None

    @property
    def beside(self) -> list[Page]:
        """The pages of the same room, or in a room of many of the same group, if there are more."""
        if not self._here:
            return []
        room, here = self._here
        pages = [page for page in room.pages if page.group == here.group]
        return pages if len(pages) > 1 else []

    @property
    def settings(self) -> dict[StrOrPromise, list[Page]]:
        """What there is to set, as far as the reader may, by group."""
        return self.rooms[-1].groups if self.rooms else {}

    def __iter__(self) -> Iterator[Page]:
        return (page for room in self.rooms for page in room.pages)


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template. Nothing is asked of the database until one shows the menu."""
    return {"navigation": SimpleLazyObject(lambda: Navigation(request))}
