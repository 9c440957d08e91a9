"""CONTRIBUTING draws the house as it stands, and no guide names a file that is not there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

ROOT: Final[Path] = settings.BASE_DIR
PAGES: Final = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
APPS: Final = ("backlog", "council")
OUTSIDE_THE_RULE: Final = {"apps", "migrations", "static", "__init__"}
CODE = re.compile(r"`([^/`\s][^`\s]*)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)")
FILE = re.compile(r"^[\w./-]+\.(?:py|md|html|txt|po|json|toml|css|js|tsv)$")
MADE_LATER: Final = {"var/", "staticfiles/", "utils.py"}


def contributing() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def floors(app: str) -> set[str]:
    """What stands directly in an app, as the map writes it."""
    found = [path for path in (ROOT / app).iterdir() if path.stem not in OUTSIDE_THE_RULE]
    folders = {f"{path.name}/" for path in found if (path / "__init__.py").exists()}
    return folders | {path.name for path in found if path.suffix == ".py"}


def drawn(app: str) -> set[str]:
    lines = contributing().partition("```text\n")[2].partition("\n```")[0].splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{app}/"))
    below = iter(lines[first + 1 :])
    found = set()
    for line in below:
        if not line.startswith("  "):
            break
        found.add(line.split()[0])
    return found


@pytest.mark.parametrize("app", APPS)
class TestTheMap:
    def test_has_every_floor_and_no_other(self, app: str) -> None:
        assert drawn(app) == floors(app)

    def test_says_the_rule_that_is_checked(self, app: str) -> None:
        rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        contracts = rules["tool"]["importlinter"]["contracts"]
        (layers,) = (each["layers"] for each in contracts if each.get("containers") == [app])

        assert f"    {app}: {' → '.join(layers)}\n" in contributing()


def test_at_least_twenty_questions_are_answered_by_the_map() -> None:
    section = contributing().partition("## Where is it?")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "?" in line]

    assert len(rows) >= 20
    assert [row for row in rows if not any(FILE.match(mark) for mark in CODE.findall(row))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = {link for link in LINK.findall(text) if not (page.parent / link).exists()}
    paths = {path for path in _paths(text) if not _exists(path)}

    assert links | paths == set()


def _paths(text: str) -> Iterator[str]:
    """Files, and folders that begin with one of the tree or a floor; not addresses of the API."""
    for mark in CODE.findall(text):
        if FILE.match(mark) or (mark.endswith("/") and _exists(f"{mark.split('/')[0]}/")):
            yield mark


def _exists(path: str) -> bool:
    """From the root, or within an app, as `operations/`."""
    inside = any((ROOT / app / path).exists() for app in APPS)
    return path in MADE_LATER or (ROOT / path).exists() or inside
