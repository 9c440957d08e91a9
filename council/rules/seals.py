"""Digests for the council's chain: the same on every machine and after any database.

A link's digest covers the one before it, so nothing can be changed, put in or taken out of the
middle unnoticed. What people said is in a chain only as a salted digest: once words and salt are
erased nobody can guess them, and the chain still holds.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import Decimal


def canonical(value: object) -> str:
    """The one spelling of a JSON value: keys in order, no spaces, numbers as plain decimals.

    Databases give numbers back as they like (PostgreSQL turns 1e16 into an integer); written out
    without exponent and trailing zeros they are the same again.
    """
    if isinstance(value, Mapping):
        parts = (f"{_quoted(key)}:{canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _decimal(value)
    return _quoted(value)


def digest_of(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def link(previous: str, content: Mapping[str, object]) -> str:
    """The digest of a link that follows the one with the digest `previous` ("" for the first)."""
    return hashlib.sha256((previous + canonical(content)).encode()).hexdigest()


def digest_of_words(salt: str, words: str) -> str:
    return hashlib.sha256((salt + words).encode()).hexdigest()


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _decimal(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a number in JSON.")
    digits = f"{Decimal(repr(number)):f}" if number else "0"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
