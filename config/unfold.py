"""The admin's shell: its name and its styles. Its menu is in `config.rooms`."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

STYLES = ("tokens", "shell", "admin")


def shell(*, site_name: str) -> dict[str, Any]:
    """Unfold's settings."""
    return {
        "SITE_TITLE": site_name,
        "SITE_HEADER": site_name,
        "SITE_SUBHEADER": _("Customers are heard, and hear back"),
        "LOGIN": {"form": "backlog.pages.sign_in.SignIn"},
        "SITE_FAVICONS": [
            {
                "rel": "icon",
                "type": "image/svg+xml",
                "href": lambda _request: static("backlog/icon.svg"),
            }
        ],
        "SITE_URL": reverse_lazy("council:home"),
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": True,
        "SHOW_LANGUAGES": True,
        "SHOW_BACK_BUTTON": True,
        "STYLES": [lazy(static, str)(f"backlog/{name}.css") for name in STYLES],
        "SCRIPTS": [lazy(static, str)("backlog/shell.js")],
    }
