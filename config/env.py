"""Settings from the environment: nonsense is refused at start, with the variable's name."""

import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from backlog.rules import moments, time_zones

_MAIL = ("mailbox", "smtp", "smtp+tls", "smtp+ssl", "consolemail", "anymail")


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points to (for secrets).

    An empty variable is one that is not set, as in compose files.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return os.environ.get(name) or default


def kept_secret(path: Path) -> str:
    """A random text that is made once and kept in a file that only its owner can read."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.with_name(f"{path.name}.{os.getpid()}")
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(50), encoding="ascii")
            made.replace(path)
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ImproperlyConfigured(f"Set SECRET_KEY, or let DATA_DIR keep one: {error}") from error


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
    is_short = value.isdecimal() and len(value) < 10
    if not is_short or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a number from {low} to {high}, not “{value}”.")
    return int(value)


def limit(name: str) -> int | None:
    """So many a minute; none where nothing is set."""
    return number(name, 0, low=1, high=1_000_000) if text(name) else None


def hours(name: str) -> moments.QuietHours | None:
    """From one full hour to another, as in 21-8; none where nothing is set."""
    value = text(name)
    if not value:
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])", value, re.ASCII)
    quiet = found and moments.QuietHours(int(found[1]), int(found[2]))
    if not quiet or not 1 <= quiet.length <= moments.LONGEST_NIGHT:
        raise ImproperlyConfigured(
            f"{name} must be two hours, as in 21-8, at most {moments.LONGEST_NIGHT} apart,"
            f" not “{value}”."
        )
    return quiet


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(among)}, not “{value}”.")
    return value


def zone(name: str, default: str) -> str:
    """The name of a time zone, as in Asia/Seoul."""
    value = text(name, default)
    if not time_zones.is_known(value):
        raise ImproperlyConfigured(f"{name} must be a time zone, as in Asia/Seoul: “{value}”.")
    return value


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """An address. It may hold a password, so what is wrong with it is said without showing it."""
    value = text(name, default)
    scheme = value.partition(":")[0]
    if scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(schemes)}, and “:”.")
    if scheme in ("http", "https") and not _has_host(value):
        raise ImproperlyConfigured(f"{name} must name a host, as in {scheme}://example.org.")
    return value


def _has_host(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # Brackets that do not match, or a port that is no number.
        return False


def database(name: str, default: str) -> dict[str, object]:
    """The DATABASES entry; on SQLite with the settings that make writers wait their turn."""
    value = url(name, default, schemes=("sqlite", "postgres", "postgresql"))
    try:
        entry: dict[str, object] = dict(environ.Env.db_url_config(value))
    except ValueError:
        raise _unreadable(name) from None
    if not entry["NAME"]:
        raise ImproperlyConfigured(f"{name} must end with the name of the database.")
    if value.startswith("sqlite"):
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # What is erased is overwritten, not only let go of.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA secure_delete=ON;",
        }
    else:
        entry["CONN_MAX_AGE"] = number("DATABASE_CONN_MAX_AGE", 60, low=0, high=3600)
        entry["CONN_HEALTH_CHECKS"] = True
        # What PostgreSQL takes to compile a query, up to a second with a million rows, is longer
        # than any of ours runs.
        options: dict[str, object] = dict(entry.get("OPTIONS") or {})  # type: ignore[call-overload]
        entry["OPTIONS"] = {"options": "-c jit=off", **options}
    return entry


PROVIDERS = ("brevo", "mailgun", "mailjet", "mailtrap", "mandrill", "postmark", "sparkpost")
"""They carry metadata of ours, and need no further packages."""


def mail(name: str, default: str) -> dict[str, object]:
    """EMAIL_* settings; `mailbox:` keeps mail in files that the local mailbox page shows.

    `anymail:mailgun` sends by that provider's API, with the settings in ANYMAIL_…
    """
    value = url(name, default, schemes=_MAIL)
    if value.startswith("mailbox"):
        return {"EMAIL_BACKEND": "backlog.delivery.mailbox.MailboxBackend"}
    if value.startswith("anymail"):
        return _provider(name, value.removeprefix("anymail:"))
    try:
        settings = dict(environ.Env.email_url_config(value))
    except ValueError:
        raise _unreadable(name) from None
    settings.pop("EMAIL_FILE_PATH", None)
    return {key: value for key, value in settings.items() if value is not None}


def _provider(name: str, provider: str) -> dict[str, object]:
    if provider not in PROVIDERS:
        raise ImproperlyConfigured(f"{name} must be anymail: and one of {', '.join(PROVIDERS)}.")
    if find_spec("anymail") is None:
        raise ImproperlyConfigured(f"{name} needs the packages of requirements/anymail.txt.")
    prefix = "ANYMAIL_"
    given = {each.removesuffix("_FILE") for each in os.environ if each.startswith(prefix)}
    return {
        "EMAIL_BACKEND": "backlog.delivery.provider.ProviderBackend",
        "EMAIL_PROVIDER": provider,
        "ANYMAIL": {each.removeprefix(prefix): text(each) for each in sorted(given)},
    }


def _unreadable(name: str) -> ImproperlyConfigured:
    """Python's own complaint would show a part of the password."""
    return ImproperlyConfigured(
        f"{name} is no address: is its port a number, and are “/”, “@” and “:” in its user and"
        " password written as %2F, %40 and %3A?"
    )
