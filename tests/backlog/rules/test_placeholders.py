"""Texts with places to fill in: every text is read, or refused with the place that cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import placeholders
from backlog.rules.placeholders import Unreadable

# Texts that are often nearly right.
PIECES = st.sampled_from(
    ["{{", "}}", "{", "}", "{%", "name", " product ", "count", "unknown", "\n", "<b>", "가", "x.y"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


def test_fills_in_what_it_knows() -> None:
    values = {"name": "Mira", "product": "Pay"}

    assert placeholders.fill("{{name}}: {{ product }}!", values) == "Mira: Pay!"


def test_leaves_everything_else_as_it_is() -> None:
    text = "{ name } % {% if x %} {# no #} <b>&amp;</b> \\n"

    assert placeholders.fill(text, {}) == text


def test_leaves_empty_what_has_no_value() -> None:
    assert placeholders.fill("Hello {{ name }}.", {}) == "Hello ."


def test_does_not_look_into_what_it_has_filled_in() -> None:
    assert placeholders.fill("{{ name }}", {"name": "{{ site }}", "site": "x"}) == "{{ site }}"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("Hello {{ nmae }}", "unknown", 1, 7),
        ("Hello {{ name", "not_closed", 1, 7),
        ("Hello\n {{ {{ name }}", "not_closed", 2, 2),
        ("a\nb }} c", "not_opened", 2, 3),
        ("{{}}", "unknown", 1, 1),
        ("{{ name.first }}", "unknown", 1, 1),
        ("{{ name|safe }}", "unknown", 1, 1),
        ("{{{ name }}}", "unknown", 1, 1),
    ],
)
def test_says_where_it_cannot_be_read(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as refused:
        placeholders.parse(text)

    assert refused.value.code == code
    assert (refused.value.at.line, refused.value.at.column) == (line, column)


def read(text: str) -> tuple[Unreadable | None, tuple[placeholders.Part, ...]]:
    try:
        return None, placeholders.parse(text)
    except Unreadable as refused:
        return refused, ()


@given(TEXTS)
def test_any_text_is_filled_in_or_refused_with_a_place_in_it(text: str) -> None:
    values = {name: f"<{name}>" for name in placeholders.FIELDS}
    refused, parts = read(text)
    if refused is not None:
        line = text.split("\n")[refused.at.line - 1]
        assert line[refused.at.column - 1 :].startswith(("{{", "}}"))
        return

    filled = placeholders.fill(text, values)
    assert len(filled) == sum(
        len(values[part.text]) if part.is_field else len(part.text) for part in parts
    )
    assert "{{" not in "".join(part.text for part in parts if not part.is_field)
