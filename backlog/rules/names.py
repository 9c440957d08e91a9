"""How a row is named from outside: by its id, or by the name people know it by (PAY-12, PAY)."""

from typing import Any


def number(text: str) -> int | None:
    """A number of a row or a version, as people and tools write one; None for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 18
    return int(text) if is_number else None


def lookup(name: str, *, natural: str, path: str = "") -> dict[str, Any]:
    """The filter that finds the row called `name`: a number is an id, anything else its name.

    With the natural key `pk`, rows have ids only, and what is no number finds nothing.
    """
    prefix = f"{path}__" if path else ""
    pk = number(name)
    if pk is not None or natural == "pk":
        return {f"{prefix}pk": pk}
    return {f"{prefix}{natural}": name}
