"""What a form compares: the value that it was shown with, the one of now, and the one typed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from backlog.forms import edit_conflicts
from backlog.forms.edit_conflicts import Guarded

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SEOUL = timezone(timedelta(hours=9))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


class Terms(Guarded, forms.Form):
    """A form over two values; the row behind it has no version."""

    goal = forms.CharField(label="Goal", required=False)
    state = forms.ChoiceField(choices=[("open", "Open"), ("shut", "Shut")], required=False)
    is_due = forms.BooleanField(required=False)


def sent(shown: dict[str, Any], now: dict[str, Any], **typed: Any) -> Terms:
    """What comes back of a form that was shown with one thing, where another stands by now."""
    said = Terms(initial=shown)[edit_conflicts.NAME].value()
    return Terms({edit_conflicts.NAME: said, **shown, **typed}, initial=now)


class TestASaveIsRefused:
    def test_where_somebody_set_another_value_meanwhile(self) -> None:
        form = sent({"goal": "faster"}, {"goal": "safer"}, goal="cheaper")

        assert not form.is_valid()
        assert form.errors["goal"] == ["By now it is: safer"]
        assert "changed this meanwhile: Goal." in form.errors["__all__"][0]

    def test_and_says_a_choice_and_a_switch_in_their_words(self) -> None:
        form = sent({"state": "open"}, {"state": "shut", "is_due": True}, goal="cheaper")

        assert form.errors["state"] == ["By now it is: Shut"]
        assert form.errors["is_due"] == ["By now it is: yes"]

    def test_also_where_what_was_typed_is_refused_for_itself(self) -> None:
        form = sent({"state": "open"}, {"state": "shut"}, state="nonsense")

        assert form.errors["state"][-1] == "By now it is: Shut"
        assert len(form.errors["state"]) == 2

    def test_and_says_that_there_is_nothing_by_now(self) -> None:
        form = sent({"goal": "faster"}, {"goal": ""}, goal="cheaper")

        assert form.errors["goal"] == ["By now it is: –"]

    def test_and_is_not_when_it_is_sent_again_as_it_was_shown_then(self) -> None:
        refused = sent({"goal": "faster"}, {"goal": "safer"}, goal="cheaper")
        said = refused[edit_conflicts.NAME].value()

        again = Terms({edit_conflicts.NAME: said, "goal": "cheaper"}, initial={"goal": "safer"})

        assert again.is_valid(), again.errors


class TestASaveIsTaken:
    def test_by_who_typed_what_stands_there_already(self) -> None:
        assert sent({"goal": "faster"}, {"goal": "safer"}, goal="safer").is_valid()

    def test_where_nothing_has_changed(self) -> None:
        assert sent({"goal": "faster"}, {"goal": "faster"}, goal="cheaper").is_valid()

    def test_where_a_field_changed_that_the_form_was_not_shown_with(self) -> None:
        """A form of before the field was added."""
        said = json.loads(Terms(initial={"goal": "faster"})[edit_conflicts.NAME].value())
        del said["values"]["is_due"]
        form = Terms(
            {edit_conflicts.NAME: json.dumps(said), "goal": "faster"},
            initial={"goal": "faster", "is_due": True},
        )

        assert form.is_valid(), form.errors


@pytest.mark.parametrize("said", ["", "nonsense", "[1]", "7", "null", '{"values": 3}', "{}"])
def test_what_does_not_say_how_things_were_is_taken_or_refused_by_rule(said: str) -> None:
    class Strict(Terms):
        must_say_what_it_was_shown_with = True

    typed = {edit_conflicts.NAME: said, "goal": "cheaper"}

    assert Terms(typed, initial={"goal": "safer"}).is_valid()
    assert Terms(typed).version_shown is None
    assert "Open this page again" in Strict(typed).errors["__all__"][0]


def test_the_version_is_the_one_that_the_form_was_shown_with() -> None:
    shown = json.dumps({"version": 7, "values": {}})

    assert Terms({edit_conflicts.NAME: shown}).version_shown == 7


class TestWhatIsShownAgain:
    def test_is_the_value_of_now_where_nothing_was_typed(self) -> None:
        form = sent({"goal": "faster", "state": "open"}, {"goal": "faster", "state": "shut"})

        assert not form.is_valid()
        assert form["state"].value() == "shut"

    def test_is_what_was_typed_where_something_was(self) -> None:
        form = sent({"goal": "faster"}, {"goal": "safer"}, goal="cheaper")

        assert not form.is_valid()
        assert form["goal"].value() == "cheaper"


@pytest.mark.parametrize(
    ("kept", "given_back"),
    [
        (None, ""),
        (False, ""),
        ("two  words\r\nand more", " two words\nand more "),
        (Decimal("1.5000"), Decimal("1.5")),
        (Decimal(1000), Decimal("1E+3")),
        (NOON, NOON.astimezone(SEOUL)),
        (NOON.replace(microsecond=77), NOON),
        ([2, 1], (1, 2)),
        (7, "7"),
    ],
)
def test_a_value_is_the_same_as_it_is_kept_and_as_it_is_given_back(
    kept: object, given_back: object
) -> None:
    assert edit_conflicts.digest(kept) == edit_conflicts.digest(given_back)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "0"),
        (0, None),
        (False, True),
        ("two words", "twowords"),
        (Decimal(1), Decimal(10)),
        (NOON, NOON + timedelta(seconds=1)),
        ([1, 2], [12]),
        ([1], [1, 1]),
    ],
)
def test_two_values_are_two(one: object, other: object) -> None:
    assert edit_conflicts.digest(one) != edit_conflicts.digest(other)
