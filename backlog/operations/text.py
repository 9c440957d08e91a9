"""Text as people give it: what can be stored, and the form that search compares."""

import unicodedata

from backlog import errors


def storable(text: str, *, field: str) -> str:
    """The text itself. Raises UnstorableText for NUL and lone surrogates, which databases refuse."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise errors.UnstorableText(field=field)
    return text


def searchable(*parts: str) -> str:
    """Composed (NFC) and without case: Hangul typed on a Mac finds Hangul typed elsewhere."""
    return unicodedata.normalize("NFC", "\n".join(part for part in parts if part)).casefold()
