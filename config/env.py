"""Settings from the environment: nonsense is refused at start, with the variable's name."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points to (for secrets)."""
    path = _env.str(f"{name}_FILE", default="")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return str(_env.str(name, default=default))


def flag(name: str, *, default: bool) -> bool:
    value = text(name)
    if not value:
        return default
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in known:
        raise ImproperlyConfigured(f"{name} must be yes or no, not “{value}”.")
    return known[value.lower()]


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name) or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a number from {low} to {high}, not “{value}”.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    if urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {', '.join(schemes)}: not “{value}”.")
    return value


def database(name: str, default: str) -> dict[str, object]:
    """The DATABASES entry; on SQLite with the settings that make writers wait their turn."""
    value = url(name, default, schemes=("sqlite", "postgres", "postgresql"))
    entry: dict[str, object] = dict(environ.Env.db_url_config(value))
    if value.startswith("sqlite"):
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        entry["CONN_MAX_AGE"] = number("DATABASE_CONN_MAX_AGE", 60, low=0, high=3600)
        entry["CONN_HEALTH_CHECKS"] = True
    return entry


def mail(name: str, default: str) -> dict[str, object]:
    """EMAIL_* settings; `mailbox:` keeps mail in files that the local mailbox page shows."""
    value = url(name, default, schemes=("mailbox", "smtp", "smtp+tls", "smtp+ssl", "consolemail"))
    if value.startswith("mailbox"):
        return {"EMAIL_BACKEND": "backlog.delivery.mailbox.MailboxBackend"}
    settings = dict(environ.Env.email_url_config(value))
    settings.pop("EMAIL_FILE_PATH", None)
    return {key: value for key, value in settings.items() if value is not None}
