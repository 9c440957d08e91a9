"""What stayed and came is the new text, what stayed and went the old one."""

import difflib
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from council.rules import wordings

TEXTS = st.text(alphabet="ab 가\n", max_size=60)


def test_says_word_by_word_what_went_what_came_and_what_stayed() -> None:
    assert wordings.changes("Build it in March.", "Build it in May.") == [
        ("kept", "Build it in "),
        ("gone", "March."),
        ("new", "May."),
    ]


@given(before=TEXTS, after=TEXTS)
def test_loses_and_adds_nothing(before: str, after: str) -> None:
    parts = wordings.changes(before, after)

    assert "".join(words for kind, words in parts if kind != "new") == before
    assert "".join(words for kind, words in parts if kind != "gone") == after


def test_long_texts_are_not_compared_word_with_word() -> None:
    """A proposal may have 10,000 characters, and a room is looked at by many: it took seconds."""
    with mock.patch.object(difflib, "SequenceMatcher", wraps=difflib.SequenceMatcher) as matcher:
        wordings.changes("a b " * 2_500, "b a " * 2_500)

    [call] = matcher.call_args_list
    assert call.kwargs.get("autojunk", True)
