"""What customers read of minutes, and what of them is words."""

from typing import Any

import pytest

from council.rules import minutes as rules

CONTENT: dict[str, Any] = {
    "meeting": {"id": 1, "title": "May", "council": "Council", "place": "Room 2"},
    "correction": "",
    "remarks": "Short.",
    "attendances": [
        {"user": 7, "seat": 1, "seat_title": "Sales", "capacity": "holder"},
        {"user": 8, "seat": 1, "seat_title": "Sales", "capacity": "proxy"},
    ],
    "items": [
        {
            "id": 1,
            "title": "Pay faster",
            "request": 3,
            "key": "PAY-3",
            "presenter": None,
            "note": "The bank waits.",
            "planned": 10,
            "used": 12,
            "decisions": [
                {
                    "id": 5,
                    "request": 3,
                    "verdict": "approve",
                    "rationale": "Many asked.",
                    "dissent_words": "Too dear.",
                }
            ],
            "actions": [{"id": 9, "request": 3, "title": "Ask", "owner": 7}],
            "proposals": [{"id": 2, "proposal": "Build it.", "dissent": [{"user": 8}]}],
        },
        {
            "id": 2,
            "title": "Holidays",
            "request": None,
            "decisions": [],
            "actions": [],
            "planned": 5,
        },
    ],
}


class TestForCustomers:
    def test_shows_what_was_decided_and_nothing_of_people(self) -> None:
        shown = rules.for_customers(CONTENT, [])

        assert [each["title"] for each in shown["items"]] == ["Pay faster"]
        assert shown["items"][0]["decisions"] == [{"id": 5, "request": 3, "verdict": "approve"}]
        assert shown["attendances"] == []
        assert rules.people_in(shown) == set()

    @pytest.mark.parametrize(
        ("field", "words"),
        [
            (rules.DEPARTMENTS, "Sales"),
            (rules.TOPICS, "Holidays"),
            (rules.PROPOSALS, "Build it."),
            (rules.RATIONALE, "Many asked."),
            (rules.NOTES, "The bank waits."),
            (rules.ACTIONS, "Ask"),
        ],
    )
    def test_shows_each_field_that_was_chosen_and_no_other(self, field: str, words: str) -> None:
        assert words in str(rules.for_customers(CONTENT, [field]))
        others = set(rules.OPTIONAL) - {field}
        assert words not in str(rules.for_customers(CONTENT, others))

    def test_never_shows_dissent_places_or_names(self) -> None:
        text = str(rules.for_customers(CONTENT, rules.OPTIONAL))

        assert not [each for each in ("Too dear", "Room 2", "owner", "user") if each in text]

    def test_names_each_department_once(self) -> None:
        shown = rules.for_customers(CONTENT, [rules.DEPARTMENTS])

        assert shown["attendances"] == [{"seat_title": "Sales"}]


def test_a_reader_sees_of_others_requests_only_the_time() -> None:
    hidden, topic = rules.for_reader(CONTENT, set())["items"]

    assert hidden == {"id": 1, "planned": 10, "used": 12}
    assert topic["title"] == "Holidays"


def test_facts_hold_no_words() -> None:
    text = str(rules.facts(CONTENT))

    assert "approve" in text
    assert not [each for each in ("Pay", "Many", "Sales", "Room") if each in text]


@pytest.mark.parametrize(
    ("approvals", "there", "carried"), [(0, 0, False), (1, 2, False), (2, 3, True), (1, 1, True)]
)
def test_more_than_half_carry(approvals: int, there: int, *, carried: bool) -> None:
    assert rules.is_carried(approvals, there) is carried
