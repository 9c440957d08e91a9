"""Digests that are the same whatever a database makes of the value in between."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.rules import seals

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab가"), inner, max_size=3),
    max_leaves=10,
)


def as_postgresql(digits: str) -> float:
    """A number as it comes back from a `jsonb` column: never with an exponent, never minus zero."""
    number: float = json.loads(f"{Decimal(digits):f}")
    return number or 0


class TestCanonical:
    @pytest.mark.parametrize(
        ("value", "spelled"),
        [
            ({"b": 1, "a": [True, None, "가"]}, '{"a":[true,null,"가"],"b":1}'),
            (72.0, "72"),
            (1e16, "10000000000000000"),
            (1.5e-7, "0.00000015"),
            (-0.0, "0"),
            (0.1, "0.1"),
            ('"', '"\\""'),
            ([], "[]"),
        ],
    )
    def test_has_one_spelling_for_a_value(self, value: Any, spelled: str) -> None:
        assert seals.canonical(value) == spelled

    @given(VALUES)
    def test_survives_a_database_that_writes_numbers_its_own_way(self, value: Any) -> None:
        stored = json.dumps(value)
        assert seals.canonical(json.loads(stored)) == seals.canonical(value)
        assert seals.canonical(json.loads(stored, parse_float=as_postgresql)) == seals.canonical(
            value
        )

    @given(VALUES)
    def test_says_the_same_as_the_value(self, value: Any) -> None:
        said = json.loads(seals.canonical(value), parse_int=float)
        assert said == json.loads(json.dumps(value), parse_int=float)

    @pytest.mark.parametrize("value", [float("inf"), float("nan")])
    def test_refuses_what_json_cannot_say(self, value: float) -> None:
        with pytest.raises(ValueError, match="not a number"):
            seals.canonical(value)


class TestLink:
    def test_covers_the_link_before_and_the_content(self) -> None:
        first = seals.link("", {"decision": 1})

        assert first != seals.link("", {"decision": 2})
        assert seals.link(first, {"decision": 2}) != seals.link("", {"decision": 2})

    def test_is_sha256_of_both_as_anybody_can_recompute(self) -> None:
        # printf '%s' 'ab{"decision":1}' | sha256sum
        assert (
            seals.link("ab", {"decision": 1})
            == "f5d65778b5e41e708c6eb1f277364625830cfd2670d6b18f56367a0eb3419d7b"
        )


class TestDigestOfWords:
    def test_depends_on_the_salt(self) -> None:
        assert seals.digest_of_words("a", "결제") != seals.digest_of_words("b", "결제")
