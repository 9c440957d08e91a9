"""The description as the reference shows it: operations by noun, and each shape once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from backlog.api.framework import sharing
from backlog.api.framework.line import LINE
from backlog.rules import bounds

Part = dict[str, Any]
PREFIX: Final = "/api/v1"
JSON: Final = "application/json"
PLACES: Final = {"path": 0, "query": 1, "header": 2}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: `text`, or `shape`, the name of a shape; or several of them."""

    text: str = ""
    shape: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a body, or a parameter."""

    name: str
    kinds: list[Kind]
    is_required: bool
    meaning: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    meaning: str
    fields: list[Field]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    meaning: str
    kinds: list[Kind] = field(default_factory=list)


@dataclass(frozen=True)
class Operation:
    reference: "Reference"
    path: str
    method: str
    part: Part

    @property
    def id(self) -> str:
        return str(self.part["operationId"])

    @property
    def noun(self) -> str:
        return str(self.part["tags"][0])

    @property
    def summary(self) -> str:
        return str(self.part["summary"])

    @property
    def meaning(self) -> str:
        return str(self.part["description"])

    @property
    def parameters(self) -> list[Field]:
        found = [self.reference.whole(each) for each in self.part.get("parameters", [])]
        return [
            Field(
                name=each["name"],
                kinds=self.reference.kinds(each["schema"]),
                is_required=bool(each.get("required")),
                meaning=each.get("description", ""),
                place=each["in"],
            )
            for each in sorted(found, key=lambda each: PLACES[each["in"]])
        ]

    @cached_property
    def _body(self) -> Part:
        body: Part = self.part.get("requestBody", {}).get("content", {}).get(JSON, {})
        return body

    @property
    def body(self) -> Shape | None:
        """What is sent; of a bare list or the like, only the example says it."""
        shape = sharing.name_in(self._body.get("schema", {}))
        return self.reference.shape(shape) if shape else None

    @property
    def call(self) -> str:
        """How to call it by curl."""
        address = f'"$SITE{self.path.removeprefix(PREFIX)}"'
        lines = ['curl --header "Authorization: Bearer $TOKEN"', address]
        if self.method != "GET":
            lines.insert(1, f"--request {self.method}")
        if any(each.name == "If-Match" for each in self.parameters):
            lines.append("--header 'If-Match: \"3-6f1ed002ab55d3c1\"'")
        if self._body:
            lines.append("--header 'Content-Type: application/json'")
            sent = _indented(self.reference.example(self._body)).replace("'", "'\\''")
            lines.append(f"--data '{sent}'")
        return " \\\n  ".join(lines)

    @property
    def answers(self) -> list[Answer]:
        """What comes back when it goes well."""
        return [
            Answer(status, answer["description"], self.reference.kinds(schema) if schema else [])
            for status, answer in self._responses()
            if status < "400"
            for schema in [answer.get("content", {}).get(JSON, {}).get("schema", {})]
        ]

    @property
    def errors(self) -> list[Answer]:
        """How it can fail, as the page of errors says; what a rule may say is said here."""
        return [
            Answer(status, answer["description"] if status == "409" else "")
            for status, answer in self._responses()
            if status >= "400"
        ]

    @cached_property
    def said(self) -> str:
        """All that a search looks in: its own words, fields and errors, in small letters."""
        shapes = self.reference.shapes_of([self])
        body = self.body.fields if self.body else []
        fields = [*self.parameters, *body, *(each for shape in shapes for each in shape.fields)]
        named = [f"{each.name} {each.meaning}" for each in fields]
        refused = [each.meaning for each in self.errors]
        words = [self.method, self.path, self.noun, self.id, self.summary, self.meaning]
        return " ".join([*words, *named, *refused]).lower()

    def _responses(self) -> Iterator[tuple[str, Part]]:
        for status, answer in sorted(self.part["responses"].items()):
            yield status, self.reference.whole(answer)


class Reference:
    """Reads a description; `LINE` gives the order."""

    def __init__(self, description: Part) -> None:
        self.description = description
        self.title: str = description["info"]["title"]
        self.meaning: str = description["info"]["description"]

    @cached_property
    def operations(self) -> list[Operation]:
        return [
            Operation(self, path, method.upper(), part)
            for path, methods in self.description["paths"].items()
            for method, part in methods.items()
        ]

    def of(self, noun: str) -> list[Operation]:
        return [each for each in self.operations if each.noun == noun]

    def found(self, words: str) -> list[tuple[Any, list[tuple[str, list[Operation]]]]]:
        """Title by title the nouns with those of their operations that have all the words."""
        wanted = words.lower().split()
        by_noun = {
            noun: [each for each in self.of(noun) if all(word in each.said for word in wanted)]
            for _title, nouns in LINE
            for noun in nouns
        }
        groups = (
            (title, [(it, by_noun[it]) for it in nouns if by_noun[it]]) for title, nouns in LINE
        )
        return [(title, nouns) for title, nouns in groups if nouns]

    @property
    def errors(self) -> list[Answer]:
        """What each status means wherever it comes; the rules' own are told with operations."""
        told = self.description["components"]["responses"].values()
        by_status = {self._status(each): each["description"] for each in told}
        return [Answer(*each) for each in sorted(by_status.items()) if each[0] != "409"]

    def _status(self, answer: Part) -> str:
        [media] = answer["content"].values()
        return str(self.example(media)["status"])

    def shapes_of(self, operations: list[Operation]) -> list[Shape]:
        """The shapes that bodies and answers are made of, each once, in the order they are met."""
        names: dict[str, None] = {}
        sent = [it for each in operations if each.body for it in each.body.fields]
        parts: list[Field | Answer] = [*sent, *(it for each in operations for it in each.answers)]
        waiting = [kind.shape for it in parts for kind in it.kinds]
        while waiting:
            name = waiting.pop(0)
            if name and name not in names:
                names[name] = None
                waiting += [kind.shape for it in self.shape(name).fields for kind in it.kinds]
        return [self.shape(name) for name in names]

    def shape(self, name: str) -> Shape:
        schema = self.description["components"]["schemas"][name]
        needed = schema.get("required", [])
        fields = [
            Field(
                name=key,
                kinds=self.kinds(inner),
                is_required=key in needed,
                meaning=self.whole(inner).get("description", "") if "$ref" not in inner else "",
            )
            for key, inner in schema.get("properties", {}).items()
        ]
        shown = self.description["components"].get("examples", {}).get(name, {}).get("value")
        example = "" if shown is None else _indented(shown)
        return Shape(name, schema.get("description", ""), fields, example)

    def kinds(self, schema: Part) -> list[Kind]:
        for several in ("oneOf", "anyOf", "allOf"):
            if several in schema:
                return [kind for each in schema[several] for kind in self.kinds(each)]
        if name := sharing.name_in(schema):
            is_object = "properties" in self.description["components"]["schemas"][name]
            return [Kind(shape=name)] if is_object else self.kinds(self.whole(schema))
        if "items" in schema:
            return [
                Kind(each.text, each.shape, is_list=True) for each in self.kinds(schema["items"])
            ]
        return [Kind(_told(schema))]

    def whole(self, part: Part) -> Part:
        return sharing.resolved(self.description, part)

    def example(self, media: Part) -> Any:
        if "example" in media:
            return media["example"]
        return self.whole(next(iter(media["examples"].values())))["value"]


def _told(schema: Part) -> str:
    """`string (date-time)`, `integer 1 … 100`, `"yes" | "no"`."""
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kinds = schema.get("type", "anything")
    words = kinds if isinstance(kinds, str) else " | ".join(kinds)
    details = [schema.get("format", "")]
    for sign, end in (("≥", "minimum"), ("≤", "maximum"), ("≤", "maxLength")):
        if schema.get(end, bounds.BIG) != bounds.BIG:  # What any number keeps to is not said.
            details.append(f"{sign} {schema[end]}")
    told = ", ".join(filter(None, details))
    return f"{words} ({told})" if told else words


def _indented(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
