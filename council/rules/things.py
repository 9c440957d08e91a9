"""What a person is to do next, and in which order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from operator import itemgetter
from typing import Final

SOON: Final = timedelta(days=7)


class Kind(IntEnum):
    """Among things that are as urgent, those of an earlier kind come first."""

    MEETING = 0
    PRIVACY = 1
    ACTION = 2
    NO = 3
    ASSESS = 4
    ANNOUNCE = 5
    PLAN = 6
    AGENDA = 7
    PUT_OFF = 8
    ANSWER = 9
    REVIEW = 10
    APPROVE = 11
    ACCEPT = 12


class Urgency(IntEnum):
    OVERDUE = 0
    NOW = 1
    SOON = 2
    WAITING = 3
    LATER = 4
    SOME_DAY = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do: about what (`key`, `title`), where it is done, and until when if ever."""

    kind: Kind
    title: str
    href: str
    key: str = ""
    due: date | None = None
    detail: str = ""


# Somebody waits for these, whatever the calendar says.
_WAITED_FOR: Final = (Kind.NO, Kind.ANNOUNCE, Kind.PLAN, Kind.PUT_OFF, Kind.ACCEPT)


def urgency(thing: Thing, today: date) -> Urgency:
    """A meeting that is open is now; so is a customer who said that it is not solved."""
    if thing.due is not None and thing.due < today:
        return Urgency.OVERDUE
    if thing.kind in (Kind.MEETING, Kind.NO) or thing.due == today:
        return Urgency.NOW
    if thing.due is not None:
        return Urgency.SOON if thing.due <= today + SOON else Urgency.LATER
    return Urgency.WAITING if thing.kind in _WAITED_FOR else Urgency.SOME_DAY


def in_order(things: Iterable[Thing], today: date) -> list[Thing]:
    """The most urgent first, of these what is due first; then each kind once before any twice.

    So many of one kind keep no other off the first screen. Else they stay as they came.
    """
    seen: Counter[tuple[Urgency, Kind]] = Counter()
    placed = []
    for thing in things:
        pressing = urgency(thing, today)
        turn = seen[pressing, thing.kind] if thing.due is None else 0
        seen[pressing, thing.kind] += 1
        placed.append(((pressing, thing.due or date.max, turn, thing.kind), thing))
    return [thing for _place, thing in sorted(placed, key=itemgetter(0))]
