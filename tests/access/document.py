"""`docs/access.md`, made from the tables that the tests hold every route against."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.access.addresses import BY_NAME
from tests.access.admin_pages import ADMIN_PAGES, Noun
from tests.access.matrix import API, PAGES, Row
from tests.access.world import ROLES, STRANGER

PLACE: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "access.md"
YES: Final = "✓"
CLOSED: Final = "of a closed product"
MARK: Final = "<!-- From here on made by `python -m tests.access`. -->\n"


def text(written: str) -> str:
    """What is written, with its tables as they are now."""
    words, mark, _tables = written.partition(MARK)
    parts = [
        words + mark,
        "## The REST API\n",
        *_table(("Method", "Address", "Scope", *ROLES.values(), CLOSED), map(_api, API)),
        "\n## Pages\n",
        *_table(("Method", "Address", "stranger", *ROLES.values(), CLOSED), map(_page, PAGES)),
        "\n## Admin\n\nNobody deletes anything.\n",
        *_table(("Noun", "Page", *ROLES.values(), CLOSED), _nouns()),
    ]
    return "\n".join(parts) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield _line(columns)
    yield _line(["---"] * len(columns))
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _may(who: str) -> list[str]:
    return [YES if letter in who else "" for letter in ROLES]


def _hidden(row: Row) -> str:
    return "404" if row.of_product else ""


def _api(row: Row) -> list[str]:
    who = row.who.replace("I", "") if row.in_person else row.who
    return [row.method, f"`{_address(row)}`", f"`{row.scope}`", *_may(who), _hidden(row)]


def _page(row: Row) -> list[str]:
    stranger = YES if STRANGER in row.who else ""
    return [row.method, f"`{_address(row)}`", stranger, *_may(row.who), _hidden(row)]


def _nouns() -> Iterator[list[str]]:
    for name, noun in ADMIN_PAGES.items():
        hides = "404" if noun.of_product else ""
        for page, who in _pages_of(noun):
            yield [f"`{name}`", page, *_may(who), hides]


def _pages_of(noun: Noun) -> Iterator[tuple[str, str]]:
    yield "list, page", noun.see
    if noun.add:
        yield "add", noun.add
    if noun.edit:
        yield "edit", noun.edit
    for step, who in noun.steps.items():
        yield f"step `{step}`", who


def _address(row: Row) -> str:
    """As people write it: `/api/v1/requests/{id}/`."""
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", BY_NAME[row.route].path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return "/" + re.sub(r"[\^$]", "", path).replace("{pk}", "{id}")
