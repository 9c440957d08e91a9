"""The colours of tokens.css can be read on what they are put upon, in both themes (WCAG 1.4.3)."""

import math
import re
from collections import Counter
from pathlib import Path

import pytest

from config.icons import ROOT

STATIC = ROOT / "backlog/static/backlog"
TEXT = ("ink", "text", "faint", "accent", "bad")
GROUNDS = ("ground", "raised", "hover")
PAIRS = [
    *((text, ground) for text in TEXT for ground in GROUNDS),
    *((tone, f"{tone}-ground") for tone in ("good", "busy", "warn", "bad", "accent")),
    ("on-accent", "accent"),
    ("ink", "mark"),
    ("ink", "accent-ground"),
]


def _tokens(theme: str) -> dict[str, str]:
    """What each token is in this theme; the dark one changes some of the light one's."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^(:root|\.dark) \{(.*?)^\}", text, re.DOTALL | re.MULTILINE))
    wanted = blocks[":root"] + (blocks[".dark"] if theme == "dark" else "")
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", wanted))


def _luminance(name: str, tokens: dict[str, str]) -> float:
    value = tokens[name]
    if value.startswith("var("):
        return _luminance(value[4:-1], tokens)
    light, chroma, hue = (float(it.rstrip("%")) for it in value[6:-1].split())
    a, b = (chroma * turn(math.radians(hue)) for turn in (math.cos, math.sin))
    long = (light / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light / 100 - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    shown = [min(max(part, 0.0), 1.0) for part in (red, green, blue)]
    return 0.2126 * shown[0] + 0.7152 * shown[1] + 0.0722 * shown[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    tokens = _tokens(theme)

    light, dark = sorted((_luminance(f"--hb-{it}", tokens) for it in (text, ground)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_token_that_a_style_asks_for_is_there() -> None:
    known = _tokens("light")

    for file in sorted(STATIC.glob("*.css")):
        if file.name not in STANDING_ALONE:
            missing = _asked(file) - known.keys()
            assert not missing, file.name


STANDING_ALONE = {"portal.css", "reference.css"}
"""Pages without the shell, with colours of their own."""


def _asked(file: Path) -> set[str]:
    return set(re.findall(r"var\((--hb-[\w-]+)", file.read_text(encoding="utf-8")))


def test_a_class_is_made_once() -> None:
    """Of two rules of one name the later file wins on some pages, and nobody meant it to."""
    made = Counter[str]()
    for sheet in STATIC.glob("*.css"):
        if sheet.name != "without-scripts.css":
            text = sheet.read_text(encoding="utf-8")
            made.update(re.findall(r"(?<!,\n)^(\.hb-[\w-]+) \{", text, re.MULTILINE))
    assert [name for name, times in made.items() if times > 1] == []
