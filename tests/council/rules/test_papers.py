"""Papers are links, one a line."""

import pytest

from council.rules import papers
from council.rules.papers import Paper


def test_a_line_is_a_title_and_a_link() -> None:
    text = "Figures of May: https://example.com/may\n\n  https://example.com/plan  "

    assert papers.read(text) == [
        Paper("Figures of May", "https://example.com/may"),
        Paper("example.com", "https://example.com/plan"),
    ]
    assert papers.unusable(text) == []


@pytest.mark.parametrize("line", ["a title", "javascript:alert(1)", "x http://[", "ftp://a.b/c"])
def test_what_leads_nowhere_is_named(line: str) -> None:
    assert papers.unusable(line) == [line]
    assert papers.read(line) == []


def test_there_are_only_so_many() -> None:
    lines = [f"https://example.com/{number}" for number in range(papers.MOST + 1)]

    assert papers.unusable("\n".join(lines)) == lines[-1:]
