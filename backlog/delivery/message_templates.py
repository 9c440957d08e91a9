"""The words around what a message tells: the company's own where it wrote some, else built in.

Those for the product come before those for all products, part by part. The built-in ones are in
the reader's language, which is better than edited ones in a language they may not read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from backlog.delivery.message_items import MessageItem
from backlog.models import MessageTemplate, Occasion
from backlog.rules import placeholders

_USUAL: Final = {
    "subject": gettext_lazy("{{ product }}: what became of what you told us"),
    "headline": gettext_lazy("You told us. Here is what became of it."),
    "opening": gettext_lazy("{{ greeting }} thank you for telling us."),
    "closing": "",
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DECIDED: Final = {"subject": gettext_lazy("{{ product }}: decided about what you told us")}
_UNDER_WAY: Final = {  # Nothing has become of it yet.
    "subject": gettext_lazy("{{ product }}: where what you told us stands"),
    "headline": gettext_lazy("You told us. This is where it stands."),
}
_SPECIAL: Final[Mapping[Occasion, Mapping[str, StrOrPromise]]] = {
    Occasion.RECEIVED: {
        "subject": gettext_lazy("{{ product }}: your words have arrived"),
        "headline": gettext_lazy("Your words have arrived."),
    },
    Occasion.DECIDED_YES: _DECIDED,
    Occasion.DECIDED_NO: _DECIDED,
    Occasion.PLANNED: _UNDER_WAY,
    Occasion.REOPENED: _UNDER_WAY,
    Occasion.STANDING: _UNDER_WAY,
}


@dataclass(frozen=True, slots=True)
class MessageFrame:
    """How one message begins and ends."""

    subject: str
    headline: str
    opening: str
    closing: str


def built_in(occasion: Occasion) -> dict[str, str]:
    """Each part as it is where nobody wrote another, in the language that is active."""
    return {name: str(text) for name, text in {**_USUAL, **_SPECIAL.get(occasion, {})}.items()}


class MessageTexts:
    """The templates that some messages need, by product, occasion and language."""

    def __init__(self, templates: Iterable[MessageTemplate] = ()) -> None:
        self._stored = {(each.product_id, each.occasion, each.language): each for each in templates}

    def framed(self, items: Sequence[MessageItem], *, name: str, language: str) -> MessageFrame:
        """For a message that tells these items, in the language that is active."""
        products = {item.product.pk: item.product for item in items if item.product}
        values = {
            "greeting": _("Hello %(name)s,") % {"name": name} if name else _("Hello,"),
            "name": name,
            "product": " · ".join(sorted(each.name for each in products.values()))
            or settings.SITE_NAME,
            "count": str(len(items)),
            "site": settings.SITE_NAME,
        }
        [product_id] = products if len(products) == 1 else [None]
        parts = self.parts(occasion_of(items), product_id, language)
        filled = {part: placeholders.fill(text, values) for part, text in parts.items()}
        # A line break would end the header, and no control character belongs into one.
        filled["subject"] = " ".join(_CONTROL.sub(" ", filled["subject"]).split())
        return MessageFrame(**filled)

    def parts(self, occasion: Occasion, product_id: int | None, language: str) -> dict[str, str]:
        """The parts not filled in yet; the language must be active."""
        parts = built_in(occasion)
        for of in (None, product_id):
            stored = self._stored.get((of, occasion.value, language))
            for name in MessageTemplate.PARTS if stored else ():
                parts[name] = getattr(stored, name) or parts[name]
        return parts


def load(items: Iterable[MessageItem]) -> MessageTexts:
    """All that messages which tell these need; one query, however many they are."""
    products = {item.product.pk for item in items if item.product}
    return MessageTexts(
        MessageTemplate.objects.filter(Q(product__isnull=True) | Q(product__in=products))
    )


def occasion_of(items: Sequence[MessageItem]) -> Occasion:
    """What a message is about; one that tells of different things is about several."""
    occasions = {item.occasion for item in items}
    only = occasions.pop() if len(occasions) == 1 else None
    return only or Occasion.SEVERAL
