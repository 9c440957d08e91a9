"""The board's keys, on keyboards of several layouts: what is pressed counts, not where it is."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = [Path(f"backlog/static/backlog/{name}.js") for name in ("keys", "board")]
# A page of one row that writes down which of its buttons are pressed.
PAGE = """
const pressed = [];
const row = {querySelector: (it) => ({click: () => pressed.push(it)})};
const target = {matches: () => TYPING, isContentEditable: false};
const listen = {};
globalThis.setInterval = () => {}; // What looks for changes would never end.
globalThis.document = {
  activeElement: {closest: () => row},
  addEventListener: (name, act) => { (listen[name] ??= []).push(act); },
  querySelector: row.querySelector,
  querySelectorAll: () => [],
  getElementById: () => ({showModal: () => pressed.push("help")}),
};
SCRIPT
for (const event of EVENTS)
  for (const act of listen.keydown) act({target, preventDefault: () => {}, ...event});
console.log(JSON.stringify(pressed));
"""


def press(*events: dict[str, Any], typing: bool = False) -> list[str]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    page = PAGE.replace("SCRIPT", "".join(it.read_text(encoding="utf-8") for it in SCRIPTS))
    page = page.replace("EVENTS", json.dumps(events)).replace("TYPING", json.dumps(typing))
    ran = subprocess.run([node, "-e", page], capture_output=True, text=True, check=True, timeout=60)
    found: list[str] = json.loads(ran.stdout)
    return found


def test_a_key_does_what_it_says() -> None:
    assert press({"key": "u", "code": "KeyU"}) == ["[id^=up-]"]


def test_caps_lock_makes_no_difference_and_shift_does() -> None:
    assert press({"key": "U", "code": "KeyU"}) == ["[id^=up-]"]
    assert press({"key": "U", "code": "KeyU", "shiftKey": True}) == []


@pytest.mark.parametrize(
    ("key", "code"),
    [("g", "KeyU"), ("a", "KeyD"), ("y", "KeyT"), ("y", "KeyZ"), ("ü", "KeyU"), (";", "KeyZ")],
)
def test_what_stands_elsewhere_on_dvorak_or_qwertz_does_nothing(key: str, code: str) -> None:
    assert press({"key": key, "code": code}) == []


@pytest.mark.parametrize(("key", "code"), [("ㅕ", "KeyU"), ("г", "KeyU"), ("υ", "KeyU")])
def test_where_letters_are_not_latin_the_place_counts(key: str, code: str) -> None:
    assert press({"key": key, "code": code}) == ["[id^=up-]"]


def test_a_keydown_that_says_little_does_not_fail() -> None:
    assert press({}, {"key": "Unidentified"}, {"key": "ㅕ"}, {"key": "toString"}) == []


def test_typing_and_composing_are_left_alone() -> None:
    assert press({"key": "u", "code": "KeyU", "isComposing": True}) == []
    assert press({"key": "u", "code": "KeyU"}, typing=True) == []
    assert press({"key": "u", "code": "KeyU", "ctrlKey": True}) == []
