"""The demo's sign-ins: made once, shown once, and kept in a file that only its owner can read."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class SignIn:
    """One line of the file: a role, and how to be it."""

    role: str
    email: str
    password: str
    token: str


def new_password() -> str:
    return secrets.token_urlsafe(9)


def path() -> Path:
    return Path(settings.DATA_DIR) / "demo-sign-ins.txt"


def write(sign_ins: list[SignIn]) -> None:
    """Role, e-mail, password and API token, separated by tabs, a line each; mode 0600."""
    lines = ["\t".join((each.role, each.email, each.password, each.token)) for each in sign_ins]
    file = path()
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shown_marker().unlink(missing_ok=True)


def shown_marker() -> Path:
    return Path(settings.DATA_DIR) / ".sign-ins-shown"


def welcome(address: str) -> str:
    """What to print when the site answers: the address, and the sign-ins the first time."""
    parts = ["", f"  Hearback is at {address}", ""]
    if not shown_marker().exists() and path().exists():
        for line in path().read_text(encoding="utf-8").splitlines():
            role, email, password, _token = line.split("\t")
            parts.append(f"  {role:<18} {email:<28} {password}")
        parts.append("")
        shown_marker().touch()
    parts += [f"  Sign-ins and API tokens: {path()}", "  Ctrl-C stops everything.", ""]
    return "\n".join(parts)
