import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.scoring import formula
from backlog.scoring.formula import FormulaError, Problem
from backlog.statistics import interval
from backlog.statistics.interval import Interval
from tests.backlog.scoring.strategies import is_inside, narrower

DOMAINS = {
    "a": Interval(1, None, 5),
    "b": Interval(0.5, None, 8),
    "c": Interval(-3, None, 3),
}
ALL_KINDS = [
    "a * b / (a + b)",
    "sqrt(a ** b) - log(b) * -c",
    "min(a, b, c) + max(a * 2, 3.5)",
    "a if c > 0 else b",
    "(a if b <= 2 else c) / max(b - 1, 0.25)",
    "(a < b) + (a >= c) * 10",
    "a / b if a > b else (b / a if b < 4 else 1)",
]


def value(text: str, **numbers: float) -> float | None:
    names = {name: Interval.point(number) for name, number in numbers.items()}
    return formula.parse(text, names).evaluate(names).middle


class TestParse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("2 ** 3 ** 2", 512),
            ("-a - 1", -5),
            ("a / 8", 0.5),
            ("sqrt(a) + log(1)", 2),
            ("min(a, 3) + max(a, 9, 7)", 12),
            ("1 if a > 3 else 0", 1),
            ("(a < 4) + (a <= 4) + (a > 4) + (a >= 4)", 2),
            ("  a\n+ 1 ", 5),
            (".5 * 1000.", 500),
        ],
    )
    def test_reads_the_language(self, text: str, expected: float) -> None:
        assert value(text, a=4) == expected

    @pytest.mark.parametrize(
        ("text", "code", "position"),
        [
            ("", Problem.EMPTY, 0),
            (" \n", Problem.EMPTY, 0),
            ("a +", Problem.SYNTAX, 3),
            ("  a b", Problem.SYNTAX, 4),
            ("a) + (b", Problem.SYNTAX, 1),
            ("(" * 250 + "a" + ")" * 250, Problem.TOO_LONG, 500),
            ("a" + " + a" * 60, Problem.TOO_DEEP, 0),
            ("-" * 400 + "a", Problem.TOO_DEEP, 50),
            ("a + x", Problem.UNKNOWN_NAME, 4),
            (" abs(a)", Problem.UNKNOWN_FUNCTION, 1),
            ("sqrt(a, b)", Problem.WRONG_NUMBER_OF_ARGUMENTS, 0),
            ("1 + min(a)", Problem.WRONG_NUMBER_OF_ARGUMENTS, 4),
            ("9" * 400, interval.Reason.TOO_LARGE, 0),
            ("9" * 400 + ".5", interval.Reason.TOO_LARGE, 0),
        ],
    )
    def test_refuses_with_a_code_and_the_position(
        self, text: str, code: str, position: int
    ) -> None:
        with pytest.raises(FormulaError) as refusal:
            formula.parse(text, DOMAINS)
        assert (refusal.value.code, refusal.value.position) == (code, position)

    @pytest.mark.parametrize(
        "text",
        [
            "__import__('os')",
            "a.__class__",
            "a[0]",
            "[a for a in b]",
            "lambda: a",
            "(a := 1)",
            "'text'",
            "f(*a)",
            "min(a, key=b)",
            "max(a, b, default=1)",
            "a == b",
            "a // b",
            "a % b",
            "a < b < c",
            "not a",
            "a and b",
            "a # b",
            "True",
            "None",
            "1e5",
            "0x10",
            "1_000",
            "2j",
            "1if a else 2",
            "+a",
            "a,",
            "a @ b",
            "a\0",
            "ａ",
            "a; b",
            "(" * 240 + "a" + ")" * 240,
            "...",
        ],
    )
    def test_refuses_everything_else_that_python_knows(self, text: str) -> None:
        with pytest.raises(FormulaError):
            formula.parse(text, DOMAINS)

    @given(st.text(alphabet="ab01.,()+-*/<>= \nifelsminqrtx_'[]", max_size=60))
    def test_never_fails_otherwise_on_any_text(self, text: str) -> None:
        position = 0
        try:
            formula.parse(text, DOMAINS).evaluate({})
        except FormulaError as error:
            position = error.position
        assert 0 <= position <= len(text)

    @pytest.mark.parametrize("name", ["if", "max", "2a", "a-b", "", "_a", "é", "class"])
    def test_refuses_names_that_the_language_cannot_say(self, name: str) -> None:
        with pytest.raises(FormulaError) as refusal:
            formula.parse("1", {name: Interval.point(1)})
        assert (refusal.value.code, refusal.value.parameters) == ("bad_name", {"name": name})

    @pytest.mark.parametrize(
        ("text", "code", "position"),
        [
            ("1 + a / c", "division_by_zero", 4),
            ("sqrt(c)", "root_of_negative", 0),
            ("log(c + 3)", "logarithm_of_zero_or_less", 0),
            ("c ** 2", "power_of_negative", 0),
            ("(a * 1000) ** 200", "too_large", 0),
            ("a / c if c > 0 else 0", "division_by_zero", 0),
        ],
    )
    def test_refuses_what_could_be_undefined_for_some_values(
        self, text: str, code: str, position: int
    ) -> None:
        with pytest.raises(FormulaError) as refusal:
            formula.parse(text, DOMAINS)
        assert (refusal.value.code, refusal.value.position) == (code, position)


class TestEvaluate:
    @pytest.mark.parametrize("text", ALL_KINDS)
    @given(data=st.data())
    def test_has_a_value_for_every_input_and_never_widens_when_inputs_narrow(
        self, text: str, data: st.DataObject
    ) -> None:
        parsed = formula.parse(text, DOMAINS)
        some = {name: data.draw(narrower(domain)) for name, domain in DOMAINS.items()}
        fewer = {name: data.draw(narrower(known)) for name, known in some.items()}

        wide, narrow = parsed.evaluate(some), parsed.evaluate(fewer)

        assert is_inside(wide, parsed.evaluate({}), by=1e-9)
        assert is_inside(narrow, wide, by=1e-9)
        assert narrow.middle is not None

    @pytest.mark.parametrize("text", ALL_KINDS)
    @given(data=st.data())
    def test_its_middle_is_what_python_would_compute(self, text: str, data: st.DataObject) -> None:
        numbers = {name: data.draw(st.floats(d.low, d.high)) for name, d in DOMAINS.items()}
        functions = {"sqrt": math.sqrt, "log": math.log, "min": min, "max": max}

        expected = eval(text, functions, numbers)

        assert value(text, **numbers) == pytest.approx(expected)

    def test_a_missing_name_leaves_no_middle_and_its_ends_in_the_bounds(self) -> None:
        parsed = formula.parse("a + b", DOMAINS)

        assert parsed.evaluate({"a": Interval.point(2)}) == Interval(2.5, None, 10)

    def test_a_value_outside_its_ends_is_moved_to_them(self) -> None:
        parsed = formula.parse("10 / b", DOMAINS)

        assert parsed.evaluate({"b": Interval(-4, 0, 1)}) == Interval(10, 20, 20)

    def test_a_name_that_is_not_used_changes_nothing(self) -> None:
        assert formula.parse("a", DOMAINS).evaluate({"a": Interval.point(2)}) == Interval.point(2)


class TestNestedTooDeeply:
    @pytest.mark.parametrize(
        "text",
        [
            "a==" + "-" * 480 + "a",
            "a!=" + "-" * 480 + "a",
            "a//" + "-" * 480 + "a",
            "-" * 499 + "a",
            "a<" * 200 + "a",
            "not " * 110 + "a",
            "a.b" + ".b" * 240,
            "lambda:" * 60 + "a",
        ],
    )
    def test_is_refused_with_the_place(self, text: str) -> None:
        with pytest.raises(FormulaError) as refused:
            formula.parse(text, {"a": Interval(0, None, 1)})

        assert 0 <= refused.value.position < len(text)
