import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from backlog.models import Language
from backlog.rules import texts

TEXTS = st.dictionaries(st.sampled_from(texts.LANGUAGES), st.text())


def test_knows_the_languages_of_the_site() -> None:
    assert list(texts.LANGUAGES) == Language.values == list(dict(settings.LANGUAGES))


class TestPick:
    @pytest.mark.parametrize(
        ("given_texts", "language", "picked"),
        [
            ({"ko": "영향 범위", "en": "Reach"}, "ko", "영향 범위"),
            ({"ko": "영향 범위", "en": "Reach"}, "en-gb", "Reach"),
            ({"en": "Reach"}, "ko", "Reach"),
            ({"ko": "", "en": "Reach"}, "ko", "Reach"),
            ({"ko": "영향 범위"}, None, "영향 범위"),
            ({"ko": "영향 범위", "en": "Reach"}, "fr", "영향 범위"),
            ({}, "ko", ""),
        ],
    )
    def test_falls_back_on_the_other_language(
        self, given_texts: dict[str, str], language: str | None, picked: str
    ) -> None:
        assert texts.pick(given_texts, language) == picked

    @given(said=TEXTS, language=st.none() | st.text())
    def test_says_something_where_anything_is_said(
        self, said: dict[str, str], language: str | None
    ) -> None:
        picked = texts.pick(said, language)
        assert picked in said.values() or picked == ""
        assert bool(picked) == any(said.values())


class TestIsText:
    @given(said=TEXTS)
    def test_needs_one_language_that_says_something(self, said: dict[str, str]) -> None:
        assert texts.is_text(said) == any(text.strip() for text in said.values())

    @pytest.mark.parametrize("other", [None, "Reach", ["Reach"], {"fr": "Portée"}, {"en": 7}, {}])
    def test_is_nothing_else(self, other: object) -> None:
        assert not texts.is_text(other)
