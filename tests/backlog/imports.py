"""Imports as the command runs them."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import translation


def printed(path: Path, **options: object) -> list[str]:
    """The lines that the command prints, in English."""
    out = StringIO()
    wanted = {"source": "store", "text": "review"} | options
    with translation.override("en"):
        call_command("import_feedback", str(path), stdout=out, **wanted)
    return out.getvalue().splitlines()


def run(path: Path, **options: object) -> list[str]:
    """What it prints after the work: the counts, and what was wrong."""
    lines = printed(path, **options)
    return lines[next(n for n, line in enumerate(lines) if " rows in = " in line) :]
