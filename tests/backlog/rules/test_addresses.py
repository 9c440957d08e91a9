"""One rule for addresses: what is read as one, and how it is kept."""

import pytest
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import addresses


@pytest.mark.parametrize(
    "written",
    [
        "mira@example.org",
        " <Mira@Example.ORG> ",
        "mira@example.org (Mira)",
        r"mir\x{61}@example.org",
    ],
)
def test_one_mailbox_is_the_same_however_it_is_written(written: str) -> None:
    assert addresses.bare(written) == "mira@example.org"


def test_a_domain_is_the_same_in_both_its_forms() -> None:
    ascii_form = "예시.example".encode("idna").decode()

    assert addresses.bare("미라@예시.example") == addresses.bare(f"미라@{ascii_form}")


@given(st.text())
def test_anything_can_be_compared(written: str) -> None:
    assert " " not in addresses.bare(f"{written}@example.org")


WRITTEN = {
    "kim@example.com": "kim@example.com",
    " Kim@Example.COM ": "kim@example.com",
    "o&m@example.com": "o&m@example.com",
    "o'neil!#$%*+/=?^_`{|}~@example.com": "o'neil!#$%*+/=?^_`{|}~@example.com",
    "A Name <kim@example.com>": "kim@example.com",
    '"Kim, Min-ji" <kim@example.com>': "kim@example.com",
    "김민지 <Kim@Example.com>;": "kim@example.com",
    "<kim@example.com>": "kim@example.com",
    "'kim@example.com'": "kim@example.com",
    "“kim@example.com”": "kim@example.com",
    "mailto:kim@example.com": "kim@example.com",
    "<MAILTO:kim@example.com?subject=Hello%20you>": "kim@example.com",
    "mailto:o%26m@example.com": "o&m@example.com",
    "MAILTO:kim%40example.com": "kim@example.com",
    "kim@example.com (Kim Minji)": "kim@example.com",
    "Kim <mailto:kim@example.com>": "kim@example.com",
    "\ufeffkim@\u200bexample.com": "kim@example.com",
    "kim@exam\u00adple.com\u200e": "kim@example.com",
    "\u00a0kim@example.com\u3000": "kim@example.com",
    "kim＠example．com": "kim@example.com",
    "ｋｉｍ@example.com": "kim@example.com",
    "kim﹫example.com": "kim@example.com",
    "kim@example.com.": "kim@example.com",
    "kim@example.com;": "kim@example.com",
    "kim@example.com,": "kim@example.com",
    "kim@bücher.example": "kim@xn--bcher-kva.example",
    "kim@BU\u0308CHER.example": "kim@xn--bcher-kva.example",
    "kim@xn--bcher-kva.example": "kim@xn--bcher-kva.example",
    "kim@straße.example": "kim@xn--strae-oqa.example",
    "kim@도메인。한국": "kim@xn--hq1bm8jm9l.xn--3e0b707e",
}
UNUSABLE = (
    "",
    "kim",
    "@",
    "kim@",
    "@kim",
    "@example.com",
    "kim@localhost",
    "kim@example",
    "kim@example..com",
    "kim@-example.com",
    "kim@[127.0.0.1]",
    "kim@10.0.0.1",
    "kim lee@example.com",
    '"kim lee"@example.com',
    "김@example.com",
    "kim@exa mple.com",
    "kim@☃.example",
    "kim@lee@example.com",
    "mailto:",
    "mailto:kim",
    "a@example.com (b@example.com)",
    "kim@example.com (Kim",
    "a@example.com, b@example.com",
    "a@example.com;b@example.com",
    "A <a@example.com>, B <b@example.com>",
    "<a@example.com> <b@example.com>",
    "kim.@example.com",
    ".kim@example.com",
    "k\x00im@example.com",
    "kim\n@example.com",
    f"{'k' * 65}@example.com",
    f"kim@{'e' * 64}.com",
    f"kim@{'.'.join(['e' * 60] * 5)}.com",
    f"{'a' * 2_000}@example.com",
)

PIECES = st.sampled_from(
    [*"kim@.<>;:\"' -＠ßÜ\u00ad\u200b\u0308%26&", "mailto:", "example", ".com"]
)


class TestNormal:
    @pytest.mark.parametrize(("written", "kept"), WRITTEN.items())
    def test_reads_an_address_however_it_was_written(self, written: str, kept: str) -> None:
        assert addresses.normal(written) == kept

    @pytest.mark.parametrize("written", UNUSABLE)
    def test_takes_nothing_else_for_one(self, written: str) -> None:
        assert addresses.normal(written) is None

    @given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=20))
    def test_changes_nothing_the_second_time_and_keeps_only_what_can_be_written_to(
        self, written: str
    ) -> None:
        address = addresses.normal(written)
        if address is not None:
            assert addresses.normal(address) == address
            assert address.isascii()
            validate_email(address)


class TestIsMeant:
    @pytest.mark.parametrize("written", ["kim@", "a@b@c", "kim＠home", "a@example.com, b@x.com"])
    def test_sees_what_was_to_be_an_address(self, written: str) -> None:
        assert addresses.is_meant(written)

    @pytest.mark.parametrize("written", ["", "user-7", "@kim", "@kim@social.example", "\ufeff@kim"])
    def test_leaves_names_and_numbers_alone(self, written: str) -> None:
        assert not addresses.is_meant(written)


class TestComparable:
    def test_is_the_address_or_the_text(self) -> None:
        assert addresses.comparable(" Kim@Bücher.example") == "kim@xn--bcher-kva.example"
        assert addresses.comparable(" Root@localhost ") == "root@localhost"


class TestVisible:
    def test_leaves_out_what_nobody_sees(self) -> None:
        assert addresses.visible("\ufeff us\u200ber\u00ad-7\u00a0") == "user-7"

    def test_composes_what_is_the_same(self) -> None:
        assert addresses.visible("\u1100\u1161") == "가"


class TestMasked:
    def test_shows_enough_for_its_owner(self) -> None:
        assert addresses.masked("kim@example.com") == "k•••@example.com"
