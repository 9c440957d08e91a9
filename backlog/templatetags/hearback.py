"""What our own templates need beyond Django's tags."""

from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from backlog.forms import sent_once as sent_once_forms
from backlog.rules import texts

register = template.Library()

# The largest unit that fits is used: 1_230_000_000 is "12.3억" in Korean and "1.2 bn" in English.
_UNITS = {
    "ko": [(10**12, "조"), (10**8, "억"), (10**4, "만")],
    "en": [(10**9, " bn"), (10**6, " m"), (10**3, " k")],
}


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """A sum short enough for a list: `12.3억 원`, `12억 USD`, `KRW 1.2 bn`."""
    if amount is None:
        return ""
    language = (get_language() or "en").split("-")[0]
    units = _UNITS.get(language, _UNITS["en"])
    size, unit = next(((size, unit) for size, unit in units if amount >= size), (1, ""))
    rounded = round(amount / size, 1 if size > 1 and amount < 100 * size else 0)
    figure = number_format(rounded, decimal_pos=0 if rounded == int(rounded) else 1)
    if language == "ko":
        return f"{figure}{unit} {'원' if currency == 'KRW' else currency}"
    return f"{currency} {figure}{unit}"


@register.filter
def absolute(number: float) -> float:
    return abs(number)


@register.filter
def in_language(by_language: dict[str, str] | None) -> str:
    """The text in the reader's language, or else in the other one."""
    return texts.pick(by_language or {}, get_language())


@register.inclusion_tag("backlog/_interval.html")
def interval(
    middle: float | None, low: float | None, high: float | None, scale: float = 100
) -> dict[str, Any]:
    """A number with what it can be: a bar from `low` to `high` with a tick at the middle."""
    if low is None or high is None:
        return {"is_known": False}
    return {
        "is_known": True,
        "middle": middle,
        "low": low,
        "high": high,
        "start": 100 * low / scale,
        "width": max(100 * (high - low) / scale, 1),
        "tick": None if middle is None else 100 * middle / scale,
    }


@register.simple_tag(takes_context=True)
def sent_once(context: template.Context) -> SafeString:
    """Stands in every form of a colleague's page beside the CSRF token: sent twice, done once."""
    request = context["request"]
    assert isinstance(request, HttpRequest)
    hidden = '<input type="hidden" name="{}" value="{}">'
    return format_html(hidden, sent_once_forms.FIELD, sent_once_forms.shown_after(request))
