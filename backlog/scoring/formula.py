"""The small language in which a scoring model says how its priority is computed.

    reach * impact_per_customer * confidence / effort
    sqrt(impact * feasibility) if reach > 2 else min(impact, feasibility)

Arithmetic (+ - * / **), comparison (< <= > >=), min, max, sqrt, log and if-else over named
numbers. There is no equality, since two estimates are never certainly equal. Python's parser
reads the text, an allow-list turns it into the nodes below, and nothing is handed to `eval`.

Each name comes with the ends between which it lies, and a formula that is undefined anywhere
between them is refused when it is parsed. So a parsed formula has a value for every input.
"""

import ast
import keyword
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backlog.statistics import interval
from backlog.statistics.interval import Interval

MAX_LENGTH = 500
MAX_DEPTH = 50


class Problem(StrEnum):
    """What can be wrong with a text; a result that is undefined says an `interval.Reason`."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    SYNTAX = "syntax"
    NOT_ALLOWED = "not_allowed"
    BAD_NAME = "bad_name"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_FUNCTION = "unknown_function"
    WRONG_NUMBER_OF_ARGUMENTS = "wrong_number_of_arguments"


class FormulaError(ValueError):
    """Why a formula is refused: a code and parameters to translate, and where in the text."""

    def __init__(
        self, code: Problem | interval.Reason, position: int = 0, **parameters: str | int
    ) -> None:
        super().__init__(f"{code} at {position}")
        self.code = code.value
        self.position = position
        self.parameters = parameters


Values = Mapping[str, Interval]


class Node(Protocol):
    def evaluate(self, values: Values) -> Interval: ...


@dataclass(frozen=True, slots=True)
class Number:
    value: Interval

    def evaluate(self, values: Values) -> Interval:  # noqa: ARG002 - every node takes them
        return self.value


@dataclass(frozen=True, slots=True)
class Name:
    name: str

    def evaluate(self, values: Values) -> Interval:
        return values[self.name]


@dataclass(frozen=True, slots=True)
class Operation:
    apply: Callable[..., Interval]
    operands: tuple[Node, ...]
    position: int

    def evaluate(self, values: Values) -> Interval:
        operands = [operand.evaluate(values) for operand in self.operands]
        try:
            return self.apply(*operands)
        except interval.UndefinedError as undefined:
            raise FormulaError(undefined.reason, self.position) from undefined


@dataclass(frozen=True, slots=True)
class Choice:
    """Both ways are evaluated, so both must be defined whatever the condition says."""

    condition: Node
    then: Node
    otherwise: Node

    def evaluate(self, values: Values) -> Interval:
        return interval.choose(
            self.condition.evaluate(values),
            self.then.evaluate(values),
            self.otherwise.evaluate(values),
        )


@dataclass(frozen=True, slots=True)
class Formula:
    text: str
    tree: Node
    domains: Values

    def evaluate(self, values: Values) -> Interval:
        """The result for some values, each moved into its own ends.

        A name without a value can be anything between its ends, and leaves no middle.
        """
        known = {
            name: values[name].within(domain.low, domain.high) if name in values else domain
            for name, domain in self.domains.items()
        }
        return self.tree.evaluate(known)


def parse(text: str, domains: Values) -> Formula:
    """Read a formula over the given names, each with the ends between which it lies."""
    for name in domains:
        if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) or keyword.iskeyword(name):
            raise FormulaError(Problem.BAD_NAME, name=name)
        if name in _FUNCTIONS:
            raise FormulaError(Problem.BAD_NAME, name=name)
    reader = _Reader(
        text, {name: Interval(ends.low, None, ends.high) for name, ends in domains.items()}
    )
    tree = reader.read(_expression(text), depth=1)
    used = {name: reader.domains[name] for name in reader.used}
    tree.evaluate(used)
    return Formula(text, tree, used)


# Only plain numbers, names and operators reach Python's parser: no quotes, comments or exponents.
_STRANGE = re.compile(r"[^0-9A-Za-z_ .,()+\-*/<>=]")
_GLUED = re.compile(r"(?<![\w.])[0-9.]+[A-Za-z_]", re.ASCII)


def _expression(text: str) -> ast.expr:
    if not text.strip():
        raise FormulaError(Problem.EMPTY)
    if len(text) > MAX_LENGTH:
        raise FormulaError(Problem.TOO_LONG, MAX_LENGTH, limit=MAX_LENGTH)
    flat = re.sub(r"\s", " ", text)
    for problem, pattern in ((Problem.NOT_ALLOWED, _STRANGE), (Problem.SYNTAX, _GLUED)):
        if found := pattern.search(flat):
            raise FormulaError(problem, found.start(), text=found.group())
    return _parsed(flat)


def _parsed(text: str) -> ast.expr:
    # Python refuses a leading space; a bracket would let "a) + (b" through.
    indent = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text.lstrip(), mode="eval")
    except SyntaxError as error:
        # Python gives 0 where the text ends too early, and a column from 1 elsewhere.
        position = indent + error.offset - 1 if error.offset else len(text)
        raise FormulaError(Problem.SYNTAX, min(position, len(text))) from error
    except (RecursionError, MemoryError) as error:  # So says the parser that it is nested too deep.
        raise FormulaError(Problem.TOO_DEEP, indent, limit=MAX_DEPTH) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset += indent
            node.end_col_offset = (node.end_col_offset or 0) + indent
    return tree.body


_OPERATORS: dict[type[ast.AST], Callable[..., Interval]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Lt: interval.is_less,
    ast.LtE: interval.is_at_most,
    ast.Gt: lambda a, b: interval.is_less(b, a),
    ast.GtE: lambda a, b: interval.is_at_most(b, a),
}
_FUNCTIONS: dict[str, tuple[Callable[..., Interval], range]] = {
    "min": (interval.smallest, range(2, 21)),
    "max": (interval.largest, range(2, 21)),
    "sqrt": (interval.square_root, range(1, 2)),
    "log": (interval.logarithm, range(1, 2)),
}


class _Reader:
    """Turns what Python has parsed into our nodes, and refuses the rest."""

    def __init__(self, text: str, domains: Values) -> None:
        self.text = text
        self.domains = domains
        self.used: set[str] = set()

    def read(self, node: ast.expr, depth: int) -> Node:
        position = node.col_offset
        if depth > MAX_DEPTH:
            raise FormulaError(Problem.TOO_DEEP, position, limit=MAX_DEPTH)

        match node:
            case ast.Constant(value=value):
                return _number(value, position)
            case ast.Name(id=name):
                return self._name(name, position)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choice(*self._all(test, body, orelse, depth=depth + 1))
        found = _operation(node)
        if found is None:
            # As it was written: to write it anew, Python would go down as deep as it is nested.
            written = self.text[position : node.end_col_offset]
            raise FormulaError(Problem.NOT_ALLOWED, position, text=written)
        function, operands = found
        return Operation(function, self._all(*operands, depth=depth + 1), position)

    def _all(self, *nodes: ast.expr, depth: int) -> tuple[Node, ...]:
        return tuple(self.read(node, depth) for node in nodes)

    def _name(self, name: str, position: int) -> Name:
        if name not in self.domains:
            raise FormulaError(Problem.UNKNOWN_NAME, position, name=name)
        self.used.add(name)
        return Name(name)


def _number(value: object, position: int) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError(Problem.NOT_ALLOWED, position, text=str(value))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        raise FormulaError(interval.Reason.TOO_LARGE, position)
    return Number(Interval.point(number))


def _operation(node: ast.expr) -> tuple[Callable[..., Interval], list[ast.expr]] | None:
    """What an operator or a call does, and with what; None for what is not of the language."""
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)], [left, right]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)], [left, right]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operator.neg, [operand]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _function(name, len(arguments), node.col_offset), arguments
    return None


def _function(name: str, given: int, position: int) -> Callable[..., Interval]:
    if name not in _FUNCTIONS:
        raise FormulaError(Problem.UNKNOWN_FUNCTION, position, name=name)
    function, allowed = _FUNCTIONS[name]
    if given not in allowed:
        raise FormulaError(Problem.WRONG_NUMBER_OF_ARGUMENTS, position, name=name, given=given)
    return function
