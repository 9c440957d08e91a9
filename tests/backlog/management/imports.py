"""Imports as the command runs them."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import translation

from backlog.models import Feedback

Write = Callable[..., Path]
"""`write(content, encoding)`: a file with this content."""


def printed(path: Path, **options: object) -> list[str]:
    """The lines that the command prints, in English."""
    out = StringIO()
    wanted = {"source": "store"} | options
    with translation.override("en"):
        call_command("import_feedback", str(path), stdout=out, **wanted)
    return out.getvalue().splitlines()


def run(path: Path, **options: object) -> list[str]:
    """What it prints after the work: the counts, and what was wrong."""
    lines = printed(path, **{"text": "review"} | options)
    return lines[next(n for n, line in enumerate(lines) if " rows in = " in line) :]


def totals(lines: list[str]) -> str:
    return next(line for line in lines if " rows in = " in line)


def words() -> list[str]:
    """What is stored, in the order of its coming."""
    return list(Feedback.objects.order_by("pk").values_list("verbatim", flat=True))
