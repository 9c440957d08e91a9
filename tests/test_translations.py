"""The Korean catalogue: complete, compiled, and true to the texts it translates."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

from config import words

KOREAN = Path("locale/ko/LC_MESSAGES")
SOURCES = ("backlog", "config", "council", "locale", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[ds]|%%|\{[\w:]*\}|<[^>]+>")
# These follow a vowel or a consonant, and nobody knows how the word put in will end.
PARTICLE = re.compile(r"(?:%\(\w+\)[sd]|\})[’”]?(?:은|는|이|가|을|를|와|과|로|으로)(?=[\s.,])")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / KOREAN / "django.po"))


def translations(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    """Each text (the plural of it, which has every placeholder) and its Korean."""
    for entry in catalogue:
        if entry.msgid_plural:
            yield from ((entry.msgid_plural, korean) for korean in entry.msgstr_plural.values())
        else:
            yield entry.msgid, entry.msgstr


class TestTheKoreanCatalogue:
    def test_has_a_translation_for_every_text(self, catalogue: polib.POFile) -> None:
        assert [text for text, korean in translations(catalogue) if not korean.strip()] == []

    def test_has_no_translation_that_gettext_guessed(self, catalogue: polib.POFile) -> None:
        assert [entry.msgid for entry in catalogue if entry.fuzzy] == []

    def test_keeps_the_placeholders_and_tags(self, catalogue: polib.POFile) -> None:
        assert {
            text: korean
            for text, korean in translations(catalogue)
            if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(korean))
        } == {}

    def test_puts_no_particle_after_a_word_it_does_not_know(self, catalogue: polib.POFile) -> None:
        assert [korean for _, korean in translations(catalogue) if PARTICLE.search(korean)] == []

    def test_is_compiled_as_it_is_written(self, catalogue: polib.POFile) -> None:
        compiled = polib.mofile(str(settings.BASE_DIR / KOREAN / "django.mo"))
        assert _entries(compiled) == _entries(catalogue)

    @pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext")
    def test_has_exactly_the_texts_of_the_code(
        self, catalogue: polib.POFile, tmp_path: Path
    ) -> None:
        for name in SOURCES:
            shutil.copytree(settings.BASE_DIR / name, tmp_path / name)
        shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "--locale=ko", "--no-obsolete"],
            cwd=tmp_path,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
            check=True,
            capture_output=True,
        )
        collected = polib.pofile(str(tmp_path / KOREAN / "django.po"))
        assert set(_entries(catalogue)) == set(_entries(collected))


class TestWordsOfLibraries:
    @pytest.mark.parametrize(
        ("library", "texts"),
        [
            ("django.contrib.admin", words.OF_DJANGO),
            ("unfold", words.OF_UNFOLD),
            ("rest_framework", words.OF_REST_FRAMEWORK),
        ],
    )
    def test_are_named_as_the_library_has_them(self, library: str, texts: tuple[str, ...]) -> None:
        known = set(_texts_of(library))
        assert [text for text in texts if not any(text in each for each in known)] == []


def _texts_of(library: str) -> Iterator[str]:
    """Its English catalogues where it has some, and its sources."""
    package = Path(str(importlib.import_module(library).__file__)).parent
    for path in package.rglob("locale/en/LC_MESSAGES/django.po"):
        yield from (entry.msgid for entry in polib.pofile(str(path)))
    for pattern in ("*.py", "*.html"):
        yield from (path.read_text(encoding="utf-8") for path in package.rglob(pattern))


def _entries(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], str]:
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr or "".join(entry.msgstr_plural.values())
        for entry in catalogue
    }
