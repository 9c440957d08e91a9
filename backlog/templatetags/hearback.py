"""What our own templates need beyond Django's tags."""

import re
from decimal import Decimal

from django import template
from django.http import HttpRequest
from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backlog.forms import sent_once as sent_once_forms
from backlog.rules import texts

register = template.Library()

# The largest unit that fits is used: 1_230_000_000 is "12.3억" in Korean and "1.2 bn" in English.
_UNITS = {
    "ko": [(10**12, "조"), (10**8, "억"), (10**4, "만")],
    "en": [(10**9, " bn"), (10**6, " m"), (10**3, " k")],
}


_LOOKS = re.compile(r' data-label="[^"]*"| class="(?:field-[^"]*)?"')
_SPECIAL = re.compile(r"[^\w ]")


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
def figure(number: Decimal | float) -> str:
    """With the decimals that it has, and no more: 4.1000 is 4.1."""
    exact = Decimal(str(number)).normalize()
    exponent = exact.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    return number_format(exact, decimal_pos=places, force_grouping=True)


@register.filter
def percent(number: float) -> str:
    """Whole, with its sign as the language writes it."""
    return _("%(n)s %%") % {"n": floatformat(number, 0)}


@register.filter
def absolute(number: float) -> float:
    return abs(number)


@register.filter
def in_language(by_language: dict[str, str] | None) -> str:
    """The text in the reader's language, or else in the other one."""
    return texts.pick(by_language or {}, get_language())


@register.filter
def plain(cell: SafeString) -> SafeString:
    """A cell of unfold's lists without its label and classes: the list says those once."""
    return SafeString(_LOOKS.sub("", cell))


@register.filter
def in_css(words: str) -> SafeString:
    """Words as a string of CSS."""
    escaped = _SPECIAL.sub(lambda found: f"\\{ord(found[0]):x} ", str(words))
    return SafeString(f'"{escaped}"')


@register.simple_tag
def interval(
    middle: float | None, low: float | None, high: float | None, scale: float = 100
) -> SafeString:
    """A number with what it can be: a bar from `low` to `high` with a tick at the middle."""
    if low is None or high is None:
        return format_html('<span class="hb-sub hb-small">{}</span>', _("not scored yet"))
    ends = {"low": floatformat(low, 0), "high": floatformat(high, 0)}
    start, width = 100 * low / scale, max(100 * (high - low) / scale, 1)
    at = "" if middle is None else f"{100 * middle / scale:.1f}"
    return format_html(
        '<span class="hb-interval"><b>{middle}</b>'
        '<svg role="img"><title>{words}</title>'
        '<rect x="{start}%" width="{width}%"/>{tick}</svg></span>',
        middle="?" if middle is None else floatformat(middle, 0),
        words=_("between %(low)s and %(high)s") % ends,
        start=f"{start:.1f}",
        width=f"{width:.1f}",
        tick=format_html('<rect x="{}%"/>', at) if at else "",
    )


@register.simple_tag(takes_context=True)
def sent_once(context: template.Context) -> SafeString:
    """Stands in every form of a colleague's page beside the CSRF token: sent twice, done once."""
    request = context["request"]
    assert isinstance(request, HttpRequest)
    hidden = '<input type="hidden" name="{}" value="{}">'
    return format_html(hidden, sent_once_forms.FIELD, sent_once_forms.shown_after(request))
