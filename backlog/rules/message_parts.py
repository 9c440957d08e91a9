"""What can be read as a part of a message in the company's own words."""

from typing import Final

from django.utils.translation import gettext_lazy

from backlog import errors
from backlog.rules import placeholders, text_input

_ONE_LINE: Final = ("subject", "headline")
_FAULTS: Final = {
    "not_opened": gettext_lazy("Line %(line)d, character %(column)d: “}}” without “{{” before it."),
    "not_closed": gettext_lazy("Line %(line)d, character %(column)d: “{{” without “}}” after it."),
    "unknown": gettext_lazy(
        "Line %(line)d, character %(column)d: nothing is called “%(found)s”. There are %(known)s."
    ),
}


def readable(part: str, given: str) -> str:
    """The words of a part as they are kept; raises Invalid with the place that cannot be read."""
    text = text_input.storable(given, field=part).replace("\r\n", "\n").strip()
    if part in _ONE_LINE:
        text = " ".join(text.split())
    try:
        placeholders.parse(text)
    except placeholders.Unreadable as fault:
        facts = {
            "line": fault.at.line,
            "column": fault.at.column,
            "found": fault.found[:40],
            "known": ", ".join(f"{{{{ {name} }}}}" for name in placeholders.FIELDS),
        }
        raise errors.Invalid(
            str(_FAULTS[fault.code]) % facts, field=part, code=f"placeholder_{fault.code}"
        ) from fault
    return text
