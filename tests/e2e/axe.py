"""What axe-core finds wrong with a page, in words; decision 32 says where it comes from."""

import json
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# Of WCAG 2.2, and off unless asked for.
ALL: Final = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS: Final = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    return _run(page, ALL)


def faint(page: Page) -> list[str]:
    """What is hard to read in the theme that is on, after `violations`: all else is the same."""
    return _run(page, COLOURS)


def _run(page: Page, options: dict[str, Any]) -> list[str]:
    found = page.evaluate(f"axe.run({json.dumps(options)})")["violations"]
    return [f"{rule['id']}: {node['html'][:140]}" for rule in found for node in rule["nodes"]]
