import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import passages


class TestPassage:
    def test_quotes_short_words_whole(self) -> None:
        words = "My bank shows the rate at the checkout. You do not."

        assert passages.passage(words, 8, 38) == words

    def test_shows_where_long_words_were_cut(self) -> None:
        words = "before " * 100 + "the point" + " after" * 100

        quoted = passages.passage(words, 700, 709)

        assert quoted.startswith("…before")
        assert "the point" in quoted
        assert quoted.endswith("after…")

    def test_begins_where_the_words_begin(self) -> None:
        words = "the point" + " after" * 100

        assert passages.passage(words, 0, 9).startswith("the point after")

    def test_ends_where_the_words_end(self) -> None:
        words = "before " * 100 + "the point"

        assert passages.passage(words, 700, 709).endswith("before the point")

    def test_cuts_an_excerpt_that_is_too_long_itself(self) -> None:
        quoted = passages.passage("말" * 1000, 0, 1000)

        assert quoted == "말" * passages.LONGEST + "…"

    @given(words=st.text(alphabet="가나 ab.", min_size=1, max_size=900), data=st.data())
    def test_always_holds_the_excerpt_and_little_more(
        self, words: str, data: st.DataObject
    ) -> None:
        start = data.draw(st.integers(0, len(words) - 1))
        end = data.draw(st.integers(start + 1, min(len(words), start + passages.LONGEST)))

        quoted = passages.passage(words, start, end)

        assert words[start:end].strip() in quoted
        assert len(quoted) <= passages.LONGEST + 2


class TestFindExcerpt:
    def test_says_where_the_words_begin_and_end(self) -> None:
        assert passages.find_excerpt("Hello. Too long. Bye.", "Too long.") == (7, 16)

    def test_reads_line_breaks_as_browsers_send_them(self) -> None:
        assert passages.find_excerpt("Too\nlong", "Too\r\nlong") == (0, 8)

    @pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\u2028", " \t\r\n\r\n", "\u00a0"])
    @pytest.mark.parametrize("selected", ["Too\nlong.", "Too\r\nlong.", " Too long.\n"])
    def test_says_where_in_the_words_as_they_came(self, line_break: str, selected: str) -> None:
        words = f"Hello.{line_break}Too{line_break}long.{line_break}Bye."

        place = passages.find_excerpt(words, selected)

        assert place is not None
        assert words[slice(*place)] == f"Too{line_break}long."

    @pytest.mark.parametrize("nothing", ["", " ", "\r\n"])
    def test_finds_no_excerpt_of_nothing(self, nothing: str) -> None:
        assert passages.find_excerpt("Too long", nothing) is None

    def test_takes_signs_for_signs(self) -> None:
        assert passages.find_excerpt("Why (a.b)?", "(a.b)?") == (4, 10)

    def test_finds_nothing_that_was_not_said(self) -> None:
        assert passages.find_excerpt("Too long", "too short") is None
