"""The form that search compares."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import search

SAME = [
    ("Élan Groß", "elan gross", "ÉLAN GROẞ", "E\u0301lan Groß", "ｅｌａｎ　ｇｒｏｓｓ"),
    ("ΣΊΣΥΦΟΣ", "Σίσυφος", "σισυφοσ"),
    ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한\u200b글"),
    ("İstanbul", "istanbul", "ISTANBUL"),
    ("Чёрный", "черный", "ЧЕРНЫЙ"),
    ("①② ㎏ ﬁ", "12 kg fi"),
    ("\ufeffpay\u00adment", "payment", "PAYMENT"),
    ("Pay\u00a0now", "pay now", "PAY\u3000NOW"),
    ("ㅋㅋㅋ", "ㅋㅋㅋ"),
]


class TestFolded:
    @pytest.mark.parametrize("written", SAME, ids=lambda it: it[1])
    def test_is_the_same_however_it_was_written(self, written: tuple[str, ...]) -> None:
        assert len({" ".join(search.terms(each)) for each in written}) == 1

    def test_keeps_marks_that_tell_words_apart(self) -> None:
        assert search.folded("かき") != search.folded("がぎ")

    def test_leaves_single_letters_of_hangul_single(self) -> None:
        assert "ㅋ" in search.folded("ㅋㅏㅋㅏ")

    def test_joins_what_there_is(self) -> None:
        assert search.folded("Pay", "", "faster") == "pay\nfaster"

    def test_leaves_out_what_databases_cannot_look_for(self) -> None:
        assert search.folded("pa\x00y\ud800") == "pay"

    @given(text=st.text())
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        once = search.folded(text)
        assert search.folded(once) == once

    @given(text=st.text(min_size=1), form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    def test_finds_every_word_however_it_is_composed(self, text: str, form: Any) -> None:
        kept = search.folded(text)
        assert all(term in kept for term in search.terms(unicodedata.normalize(form, text)))


class TestTerms:
    def test_are_words_in_any_order_with_any_space(self) -> None:
        assert search.terms("  Number \t\n CARD ") == ["number", "card"]

    def test_are_none_where_nothing_is_said(self) -> None:
        assert search.terms(" \u200b\x00") == []


class TestNearestFirst:
    def test_puts_words_before_beginnings_before_the_middle(self) -> None:
        found = ["The ticket was resimulated.", "Simply better.", "No Korean SIM, no login."]

        assert search.nearest_first(found, "sim") == found[::-1]

    def test_leaves_what_is_as_near_in_its_order(self) -> None:
        found = ["a SIM", "the SIM", "SIM cards"]

        assert search.nearest_first(found, "SIM") == found

    def test_takes_no_sign_for_a_pattern(self) -> None:
        assert search.nearest_first(["c++ (fast)", "cxx"], "c++ (") == ["c++ (fast)", "cxx"]


@given(
    st.text(
        st.characters(max_codepoint=0x7F)
        | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    )
)
def test_plain_latin_and_hangul_are_compared_as_any_text_is(text: str) -> None:
    """They take a shorter way, and arrive where the long one ends."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", text).casefold())
    assert search.folded(text) == search.folded(composed)
    if composed.isprintable():
        assert search.folded(text) == composed
