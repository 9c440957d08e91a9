"""Whoever branches on a code finds it in the guide to the API."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from backlog import errors
from council import errors as council_errors

GUIDE: Final = Path(settings.BASE_DIR) / "docs" / "api.md"
NOT_ANSWERED: Final = {
    "refused": "no refusal has only this",
    "sent_already": "of forms",
    "import_closed": "of files that are imported on the server",
    "privacy_request_closed": "of a page",
}


def codes() -> Iterator[str]:
    for module in (errors, council_errors):
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, errors.Refusal):
                yield each.code
    for view in _views():
        yield from _denials_in(view)


def _views() -> Iterator[Path]:
    for app in ("backlog", "council"):
        yield from (Path(settings.BASE_DIR) / app / "api").rglob("*.py")


def _denials_in(path: Path) -> Iterator[str]:
    """Codes of a `PermissionDenied` that is raised with one."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("PermissionDenied"):
            for given in node.keywords:
                if given.arg == "code":
                    yield ast.literal_eval(given.value)


def test_walks_denials_too() -> None:
    assert "assess_first" in set(codes())


@pytest.mark.parametrize("code", sorted(set(codes()) - NOT_ANSWERED.keys()))
def test_is_in_the_guide(code: str) -> None:
    assert re.search(rf"`{code}`", GUIDE.read_text())
