"""Values at the ends of what the description of the API allows, and just beyond them."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

Schema = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

ODD = (
    "가",
    "\U0001f469\u200d\U0001f680",  # one woman astronaut, of three code points
    "\u1112\u1161\u11ab",  # 한, decomposed
    "ΐ",  # three characters without case
    "\x01\x0b\x0c\x1b\x7f\x85",
    "\u202e\u2066אבג",
    "\ufffe\uffff\U0010ffff",
    "=HYPERLINK(0)",
    "\n＝1+1",
    "<script>&amp;]]>--",
    "{{ name }}{% now %}",
    "%s%(x)s{0}\\u0000",
    "\u2028\u2029\r\n\t",
)
"""Each is repeated until a text is as long as it may be."""
UNSTORABLE = ("a\x00b", "a\ud800b", "\udfff")
ZONES = ("Asia/Seoul", "Pacific/Kiritimati", "Etc/GMT+12")
JSON: tuple[Schema, ...] = (
    {"": "", "\x0b": "\u202e", "deep": [[[[[[[[[[[{}]]]]]]]]]]], "large": 2**63, "small": 1e-308},
    {"k" * 1_000: ["가" * 1_000, None, True, 1.7e308, -0.0]},
    {},
)
_numbers = count(1)


class Description:
    """The bodies of the API, by the property of each; `known` are values by the property's name.

    What names a row, or has a form of its own, is known; the rest is made of its schema.
    """

    def __init__(self, schema: Schema, known: dict[str, Any]) -> None:
        self.schemas = schema["components"]["schemas"]
        self.known = known

    def resolved(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            return self.resolved(self.schemas[schema["$ref"].rpartition("/")[2]])
        if "allOf" in schema:
            return self.resolved(schema["allOf"][0])
        return schema

    def body(self, schema: Schema, draw: Draw, *, only_required: bool = False) -> dict[str, Any]:
        """All that must be said, and some of what may be."""
        schema = self.resolved(schema)
        required = schema.get("required", [])
        return {
            name: self.value(inner, name, draw)
            for name, inner in schema.get("properties", {}).items()
            if name in required or (not only_required and draw(st.integers(0, 3)))
        }

    def value(self, schema: Schema, name: str, draw: Draw) -> Any:
        schema = self.resolved(schema)
        if name in self.known:
            known = self.known[name]
            return known() if callable(known) else draw(st.sampled_from(known))
        if "oneOf" in schema:
            choices = [self.resolved(choice) for choice in schema["oneOf"]]
            numbers = list(_of_choices(choices))
            return draw(st.sampled_from(numbers)) if numbers else self.value(choices[0], name, draw)
        if "enum" in schema:
            return draw(st.sampled_from([each for each in schema["enum"] if each is not None]))
        return self._of_type(schema, name, draw)

    def _of_type(self, schema: Schema, name: str, draw: Draw) -> Any:
        kinds = schema.get("type", "object")
        match kinds if isinstance(kinds, str) else kinds[0]:
            case "object":
                if "properties" in schema:
                    return self.body(schema, draw)
                return draw(st.sampled_from(JSON))
            case "array":
                is_of_texts = self.resolved(schema["items"]).get("type") == "string"
                most = schema["maxItems"] if is_of_texts else 1
                few = max(draw(st.sampled_from([most, 1, 0])), schema.get("minItems", 0))
                return [self.value(schema["items"], f"{name}[]", draw)] * few if few else []
            case "boolean":
                return draw(st.booleans())
            case "integer" | "number":
                return draw(st.sampled_from([schema["maximum"], schema["minimum"]]))
        return draw(st.sampled_from(ODD).map(lambda odd: _text(schema, odd)))

    def leaves(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        """The properties of a body that are no bodies themselves, and their schemas."""
        for name, part in self.resolved(schema).get("properties", {}).items():
            leaf = self.resolved(part)
            if "properties" not in leaf:
                yield name, leaf


def beyond(schema: Schema) -> list[Any]:
    """Values that the schema of a property does not allow, most of them by one step."""
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if "oneOf" in schema:
        kind = "choice"
    elif "enum" in schema or schema.get("format") in _TIMES:
        kind = schema.get("format") or "enum"
    if kind in ("integer", "number"):
        return [schema["maximum"] + 1, schema["minimum"] - 1, 1e300, "1" * 400]
    if kind == "string":
        return [*UNSTORABLE, "가" * (schema.get("maxLength", 1_000_000) + 1)]
    return _BEYOND[kind]


_DAYS = ("0001-01-01", "9999-12-31", "1989-12-31", "2100-01-02")
_TIMES = ("date", "date-time")
_BEYOND: dict[str, list[Any]] = {
    "choice": [10**30, -(10**30), "NaN", "a\x00b", "\ud800", "9" * 400, -1, 2**64, []],
    "enum": ["a\x00b", "\ud800", "nothing of it", 1.5],
    "array": [["a\x00b"], ["\ud800"], [{}], "no list"],
    "object": [{"a": "\x00"}, {"\ud800": 1}, [], {"a": "x" * 600_000}],
    "boolean": ["yes", 2],
    "date": [*_DAYS, "2026-02-30"],
    "date-time": [
        *(f"{day}T12:00:00Z" for day in _DAYS),
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-23:00",
    ],
}


def _of_choices(choices: list[Schema]) -> Iterator[Any]:
    """A number as one, and as the decimal text that says the same."""
    for choice in choices:
        if choice.get("type") == "number":
            for end in (choice["maximum"], choice["minimum"]):
                yield end
                yield f"{end:.4f}".rstrip("0").rstrip(".")


def _text(schema: Schema, odd: str) -> str:
    match schema.get("format"):
        case "date" | "date-time" as kind:
            ends = {"가": schema.get("x-formatMaximum"), ODD[1]: schema["x-formatMinimum"]}
            return ends.get(odd) or timezone.now().strftime(
                "%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%SZ"
            )
        case "decimal":
            return "0"
    longest = schema["maxLength"]
    unique = f" {next(_numbers)}"
    # What nobody sees is trimmed at the ends, so that it does not stand there alone.
    return (odd * longest)[: max(1, longest - len(unique))] + unique if longest > 10 else odd[:1]
