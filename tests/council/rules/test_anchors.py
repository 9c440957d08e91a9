"""Anchors are read from whatever a mail program makes of a mail."""

from council.rules import anchors
from council.rules.anchors import Anchor

DIGEST = "0123456789abcdef" * 4


def test_is_read_from_the_line_that_it_is_written_as() -> None:
    anchor = Anchor(12, DIGEST)

    assert anchors.read(f"Hello\n{anchor}\n-- \n") == [anchor]


def test_is_read_from_a_header_and_quoted_and_once() -> None:
    text = f"X-Hearback-Ledger: 12 {DIGEST}\n> Hearback-Ledger: 12 {DIGEST}"
    text += f"\nHearback-Ledger: 9 {DIGEST}"

    assert [each.number for each in anchors.read(text)] == [9, 12]


def test_what_is_cut_off_or_no_digest_is_none() -> None:
    assert anchors.read(f"Hearback-Ledger: 12 {DIGEST[:-1]}") == []
    assert anchors.read(f"Hearback-Ledger: 12 {DIGEST}0") == []
    assert anchors.read("Hearback-Ledger: 0 " + DIGEST) == []
