"""How a row is named from outside: by its id, or by the name people know it by (PAY-12, PAY)."""

from typing import Any


def lookup(name: str, *, natural: str, path: str = "") -> dict[str, Any]:
    """The filter that finds the row called `name`: digits are an id, anything else its name."""
    prefix = f"{path}__" if path else ""
    if name.isdecimal():
        return {f"{prefix}pk": int(name)}
    return {f"{prefix}{natural}": name}
