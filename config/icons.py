"""`python -m config.icons`: Unfold's font of four thousand icons, cut down to those that are used.

The whole of it is larger than all else that a page asks for. Run it when a page has a new icon; a
test compares.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont

ROOT: Final = Path(__file__).resolve().parent.parent
UNFOLD: Final = Path(str(files("unfold")))
WHOLE: Final = UNFOLD / "static/unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2"
OURS: Final = ROOT / "backlog/static/backlog/icons.woff2"
PLACES: Final = (UNFOLD, ROOT / "templates", ROOT / "backlog", ROOT / "council", ROOT / "config")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789_ "
# Where an icon is named, by the kind of file.
_NAMING: Final = {
    ".html": r"material-symbols-outlined[^>]*>(.*?)</|icon=(\"\w+\")",
    ".py": r"icon\"?[:=] ?(\"\w+\")|_item\((.*?)\"(?:backlog|council)\.view",
    ".css": r"content: ?[\"']([\w\\]+)[\"']",
}


def ligatures(font: TTFont) -> dict[str, str]:
    """The glyph of each icon by its name."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[part] for part in [first, *each.Component]): each.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, found in getattr(table, "ExtSubTable", table).ligatures.items()
        for each in found
        if letters.keys() >= {first, *each.Component}
    }


def _named() -> Iterator[str]:
    for kind, pattern in _NAMING.items():
        for place in PLACES:
            for file in place.rglob(f"*{kind}"):
                for found in re.findall(pattern, file.read_text(encoding="utf-8"), re.DOTALL):
                    words = " ".join(found if isinstance(found, tuple) else [found])
                    yield from re.findall(r"[a-z][a-z0-9_]+", words.replace("\\", ""))


def used() -> set[str]:
    """The icons that any page of ours or of Unfold's names."""
    return set(_named()) & ligatures(TTFont(WHOLE)).keys()


def cut() -> None:
    options = Options(flavor="woff2", layout_features=["liga", "rlig"], layout_closure=False)
    font = load_font(str(WHOLE), options)
    glyphs = ligatures(font)
    subsetter = Subsetter(options)
    subsetter.populate(text=_LETTERS, glyphs=[glyphs[name] for name in used()])
    subsetter.subset(font)
    save_font(font, str(OURS), options)


if __name__ == "__main__":
    cut()
