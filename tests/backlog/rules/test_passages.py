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

    def test_finds_nothing_that_was_not_said(self) -> None:
        assert passages.find_excerpt("Too long", "too short") is None
