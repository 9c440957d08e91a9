"""Through what something was done, as somebody may read it.

Which way in it was is for all who read the ledger. Which key, and which call, is for those who keep
the keys; whose link, for those who may see customers.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from backlog.models import Event

May = Callable[[str], bool]


def for_key_keepers(value: str | None, may: May) -> str | None:
    return value if may("backlog.view_apitoken") else None


def for_those_who_see_customers(value: int | None, may: May) -> int | None:
    return value if may("backlog.view_customer") else None


def phrase(event: Event, may: May) -> str:
    """In words, as in “through the API, key “Shop intake””; needs `with_token_names`."""
    way = event.get_way_display()
    if token := for_key_keepers(event.token, may):
        key = {"way": way, "key": event.token_name or token}
        return _("%(way)s, key “%(key)s”") % key
    return f"{way} ({event.process})" if event.process else way
