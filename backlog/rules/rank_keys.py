"""Rank keys: short texts that can always be given another between them.

A key is a number in base 62, written so that byte order is number order: a head that says the
sign and the number of whole digits ("a" one, "b" two, …; "Z" one below zero, "Y" two, …), the
whole digits, then any digits of a fraction without its trailing zeros. Past either end the next
whole number is taken, so a growing board costs a digit only at every sixty-second power. Inside
a gap the middle is taken, which costs a digit at every fifth or sixth insert: nothing does
better against someone who always inserts into the worst place, since each insert halves the gap.

The layout, and the keys where both are tested, are those of rocicorp's `fractional-indexing`.
"""

import re
from bisect import bisect_right
from itertools import accumulate

MAX_LENGTH = 64
"""The length at which a caller should spread the neighbours out again by `keys_between`."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_MOST_WHOLE_DIGITS = 26
# _STARTS[n - 1] is the smallest whole number that takes n digits: 0, 62, 62 + 62², …
_STARTS = [0, *accumulate(_BASE**count for count in range(1, _MOST_WHOLE_DIGITS + 1))]
_BELOW_ALL, _ABOVE_ALL = -_STARTS[-1], _STARTS[-1]
_KEY = re.compile(r"[A-Za-z][0-9A-Za-z]+", re.ASCII)


def key_between(low: str | None, high: str | None) -> str:
    """A key strictly between two others; None stands for the end of the board."""
    return keys_between(low, high, 1)[0]


def keys_between(low: str | None, high: str | None, count: int) -> list[str]:
    """Evenly spread keys strictly between two others, in order, as short as they can be.

    Bounds that are equal or swapped raise ValueError: a caller that holds them has read a board
    that has moved meanwhile, and any key would put the request in a place that nobody chose.
    """
    if low is not None and high is not None and low >= high:
        raise ValueError(f"No rank key lies between {low!r} and {high!r}.")
    floor, low_fraction = (_BELOW_ALL, "") if low is None else _read(low)
    whole, high_fraction = (_ABOVE_ALL, "") if high is None else _read(high)
    ceiling = whole + bool(high_fraction)

    if low is None and high is None:
        return [_write(number, 0) for number in range(count)]
    if high is None and floor + count < _ABOVE_ALL:
        return [_write(number, 0) for number in range(floor + 1, floor + count + 1)]
    if low is None and ceiling - count > _BELOW_ALL:
        return [_write(number, 0) for number in range(ceiling - count, ceiling)]

    places = 0
    while ceiling - floor <= count:
        floor = floor * _BASE + _digit(low_fraction, places)
        whole = whole * _BASE + _digit(high_fraction, places)
        places += 1
        ceiling = whole + (len(high_fraction) > places)
    gap, parts = ceiling - floor, count + 1
    return [_write(floor - (-gap * part // parts), places) for part in range(1, parts)]


def _digit(fraction: str, place: int) -> int:
    return _VALUES[fraction[place]] if place < len(fraction) else 0


def _read(key: str) -> tuple[int, str]:
    """The whole number of a key, and the digits of its fraction."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a rank key.")
    head = key[0]
    length = ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1
    digits, fraction = key[1 : length + 1], key[length + 1 :]
    number = 0
    for digit in digits:
        number = number * _BASE + _VALUES[digit]
    number += _STARTS[length - 1] if head >= "a" else -_STARTS[length]
    if len(digits) < length or fraction.endswith("0") or (number == _BELOW_ALL and not fraction):
        raise ValueError(f"{key!r} is not a rank key.")
    return number, fraction


def _write(number: int, places: int) -> str:
    """The key of a number that is given in units of its last place."""
    whole, fraction = divmod(number, _BASE**places)
    length = bisect_right(_STARTS, whole if whole >= 0 else -whole - 1)
    if whole >= 0:
        head, rest = chr(ord("a") + length - 1), whole - _STARTS[length - 1]
    else:
        head, rest = chr(ord("Z") - length + 1), whole + _STARTS[length]
    return head + _text(rest, length) + _text(fraction, places).rstrip("0")


def _text(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
