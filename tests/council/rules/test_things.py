"""What a person is to do next, in order."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from council.rules.things import Kind, Thing, Urgency, in_order, urgency

TODAY = date(2026, 5, 4)
DAY = timedelta(1)


def a_thing(kind: Kind, due: date | None = None) -> Thing:
    return Thing(kind, "Title", "/", due=due)


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (a_thing(Kind.ACTION, TODAY - DAY), Urgency.OVERDUE),
        (a_thing(Kind.ACTION, TODAY), Urgency.NOW),
        (a_thing(Kind.ACTION, TODAY + 7 * DAY), Urgency.SOON),
        (a_thing(Kind.ACTION, TODAY + 8 * DAY), Urgency.LATER),
        (a_thing(Kind.MEETING), Urgency.NOW),
        (a_thing(Kind.NO), Urgency.NOW),
        (a_thing(Kind.ANNOUNCE), Urgency.WAITING),
        (a_thing(Kind.ASSESS), Urgency.SOME_DAY),
    ],
)
def test_is_as_urgent_as_its_day_or_its_kind(thing: Thing, expected: Urgency) -> None:
    assert urgency(thing, TODAY) == expected


def test_comes_in_the_same_order_however_it_is_gathered() -> None:
    ordered = [
        a_thing(Kind.PRIVACY, TODAY - 2 * DAY),
        a_thing(Kind.ACTION, TODAY - DAY),
        a_thing(Kind.ASSESS, TODAY),
        a_thing(Kind.NO),
        a_thing(Kind.AGENDA, TODAY + 2 * DAY),
        a_thing(Kind.ANNOUNCE),
    ]

    for gathered in permutations(ordered):
        assert in_order(gathered, TODAY) == ordered


def test_that_are_alike_stay_as_they_came() -> None:
    first, second = Thing(Kind.ASSESS, "B", "/"), Thing(Kind.ASSESS, "A", "/")

    assert in_order([first, second], TODAY) == [first, second]


def test_that_wait_come_each_kind_once_before_any_twice() -> None:
    many = [a_thing(Kind.ANNOUNCE), a_thing(Kind.ANNOUNCE), a_thing(Kind.PLAN)]

    kinds = [thing.kind for thing in in_order(many, TODAY)]

    assert kinds == [Kind.ANNOUNCE, Kind.PLAN, Kind.ANNOUNCE]
