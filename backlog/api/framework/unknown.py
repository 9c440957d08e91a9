"""Names that do not exist are refused with what was meant, or else with what there is."""

import difflib
from collections.abc import Collection, Sequence
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

FEW: Final = 3
"""Whoever gets more names wrong needs the description; and 500 rows can be sent at once."""
LONGEST_NAME: Final = 100
LONGEST_LIST: Final = 500
"""In characters."""


def refusals(refusal: str, names: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """The refusal of each name and, where they are few, what to do about it."""
    is_helped = known and len(names) <= FEW
    return {name: f"{refusal} {_hint(name, known)}" if is_helped else refusal for name in names}


def _hint(name: str, known: Collection[str]) -> str:
    for close in difflib.get_close_matches(name[:LONGEST_NAME], sorted(known), n=1):
        return _("Did you mean “%(name)s”?") % {"name": close}
    return _("There are: %(names)s") % {
        "names": Truncator(", ".join(sorted(known))).chars(LONGEST_LIST)
    }
