"""The nouns of the API in the order of the line, from words to hearing back."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

LINE: Final = (
    (_("What customers say"), ("feedback", "sources", "customers", "accounts")),
    (
        _("Requests and scores"),
        ("requests", "suggestions", "overrides", "views", "scoring-models", "departments"),
    ),
    (
        _("The council"),
        (
            *("councils", "seats", "series", "meetings", "agenda-items"),
            *("ballots", "decisions", "action-items"),
        ),
    ),
    (_("The sprint"), ("sprints", "commitments", "outcomes")),
    (
        _("Hearing back"),
        (
            *("status-updates", "obligations", "notices", "replies"),
            *("loop", "reports", "message-templates"),
        ),
    ),
    (_("Running it"), ("products", "endpoints", "webhook-deliveries", "events", "tokens")),
)
_PLACES: Final = [tag for _title, tags in LINE for tag in tags]


def declare_tags(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the tags by which the operations are grouped."""
    used = {
        tag
        for methods in result["paths"].values()
        for operation in methods.values()
        for tag in operation["tags"]
    }
    return {**result, "tags": [{"name": tag} for tag in sorted(used, key=_PLACES.index)]}
