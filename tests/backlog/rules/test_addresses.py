"""Addresses as they are compared."""

import pytest
from hypothesis import given, settings
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


@settings(deadline=None)  # It is about what is said, not how fast.
@given(st.text())
def test_anything_can_be_compared(written: str) -> None:
    assert " " not in addresses.bare(f"{written}@example.org")
