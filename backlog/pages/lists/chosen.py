"""What a list is narrowed to: the menu to choose from, and what is chosen, each to be taken off."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from backlog.filters.fields import FilterSet
from backlog.models import User
from backlog.pages.lists.listing import Listing, Pick
from backlog.rules import names

MOST = 200
"""No menu is longer; what is beyond is found by search."""
CURSOR = "cursor"

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    label: str
    choices: Choices
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that the list is narrowed to, and the address of the list without it."""

    label: str
    value: str
    without: str


def address(query: QueryDict, **changes: str | None) -> str:
    """The same list, with some parameters changed or (None) taken off, from its beginning."""
    wanted = query.copy()
    wanted.pop(CURSOR, None)
    for name, value in changes.items():
        if value is None:
            wanted.pop(name, None)
        else:
            wanted[name] = value
    return f"?{wanted.urlencode()}"


def menus(listing: Listing, filterset: FilterSet, user: User, query: QueryDict) -> list[Menu]:
    """One a filter that is offered; of rows, those that the person may see."""
    return [
        Menu(pick.name, str(pick.label), _choices(pick, filterset, user), query.get(pick.name, ""))
        for pick in listing.picks
        if pick.is_offered and pick.name in filterset.filters
    ]


def _choices(pick: Pick, filterset: FilterSet, user: User) -> Choices:
    if pick.rows is not None:
        rows = pick.rows(user)[:MOST]
        return [(str(getattr(row, pick.natural)), str(row)) for row in rows]
    field: Any = filterset.form.fields[pick.name]
    choices = pick.choices or [each for each in field.choices if each[0] not in ("", None)]
    return [(str(value), str(label)) for value, label in choices]


def chips(
    listing: Listing, filterset: FilterSet, user: User, query: QueryDict, menu: list[Menu]
) -> list[Chip]:
    """What is chosen, in the order of the filters; words searched for stand in their field."""
    found = []
    choices = {each.name: dict(each.choices) for each in menu}
    for name, label in _labels(listing, filterset):
        values = [value for value in query.getlist(name) if value]
        if not values or name == "q":
            continue
        known = choices.get(name) or _names(listing, name, values, user)
        found += [
            Chip(label, known.get(value, value), _without(query, name, value)) for value in values
        ]
    return found


def _labels(listing: Listing, filterset: FilterSet) -> Iterator[tuple[str, str]]:
    said = {pick.name: str(pick.label) for pick in listing.picks}
    for name in filterset.filters:
        yield name, said.get(name) or str(filterset.form.fields[name].label or name)


def _names(listing: Listing, name: str, values: list[str], user: User) -> dict[str, str]:
    """What people call the rows that an address from elsewhere names."""
    pick = next((each for each in listing.picks if each.name == name), None)
    if pick is None or pick.rows is None:
        return {}
    numbers = [value for value in values if names.number(value) is not None]
    wanted: dict[str, Any] = (
        {"pk__in": numbers} if pick.natural == "pk" else {f"{pick.natural}__in": values}
    )
    rows = pick.rows(user).filter(**wanted)
    return {str(getattr(row, pick.natural)): str(row) for row in rows}


def _without(query: QueryDict, name: str, value: str) -> str:
    """Nothing chosen at all would be one's own again, so an emptied filter stays in the address."""
    left = query.copy()
    left.pop(CURSOR, None)
    left.setlist(name, [each for each in left.getlist(name) if each != value] or [""])
    return f"?{left.urlencode()}"
