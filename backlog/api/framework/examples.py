"""An example of each body and each answer in the description, made from its schema.

A property gets the example of its name, or else one of its type; so new shapes have examples too.
"""

import re
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from backlog.api.framework import problems

Schema = dict[str, Any]

NAMED: dict[str, Any] = {
    "address": "minsu@example.com",
    "anchors": [],
    "annual_revenue": "120000000.00",
    "answers": {"reach": {"value": "4", "confidence": "high", "note": ""}},
    "contested": 1.5,
    "currency": "KRW",
    "days": "2.5",
    "detail": "",
    "department": "Sales",
    "drift": -4.0,
    "evidence": "https://example.com/report.pdf",
    "excerpt": "카드 번호를 다시 넣어야 해요",
    "expected_effect": "Half as many payments are given up.",
    "external_id": "4711",
    "failure": "",
    "filed_by": "mina@example.com",
    "formula": "sqrt(impact * feasibility)",
    "goal": "Cards are remembered.",
    "hypothesis": "Fewer payments are given up.",
    "key": "PAY-12",
    "left": "7.5",
    "measure": "payments given up",
    "merged_into": None,
    "message_id": "<notice-12.6f1ed002ab55@hearback.example.com>",
    "name": "Payments",
    "names": {"ko": "영향 범위", "en": "Reach"},
    "next": None,
    "note": "",
    "options": ["Remember the card", "Offer another way to pay"],
    "owner": "mina@example.com",
    "perfect_picture": "Nobody types a card number twice.",
    "place": "Room 3",
    "planned": "10.0",
    "prefix": "PAY",
    "previous": None,
    "problem": "Customers type their card number for every payment.",
    "product": "PAY",
    "rank": "V",
    "rationale": "Nine customers asked, and it is cheap.",
    "reason": "The regulator asks for it.",
    "request": "PAY-12",
    "root_cause": "Cards are not stored.",
    "secret": "(shown this one time)",
    "opening": "{{ greeting }} thank you for telling us.",
    "segment": "enterprise",
    "source": "survey",
    "country": "KR",
    "headline": "You told us. Here is what became of it.",
    "closing": "",
    "subject": "{{ product }}: what became of what you told us",
    "step": "Tell customers at the counter.",
    "success_measure": "payments given up",
    "superseded_by": None,
    "supersedes": None,
    "time_zone": "Asia/Seoul",
    "title": "Remember the card",
    "used": "2.5",
    "user": "mina@example.com",
    "verbatim": "결제할 때마다 카드 번호를 다시 넣어야 해요",
    "version": 3,
    "words": "결제할 때마다 카드 번호를 다시 넣어야 해요",
}
# Where not all properties go together.
WHOLE: dict[str, Any] = {
    "RequestMoveRequest": {"to_top": True, "reason": "The regulator asks for it."},
    "SayerRequest": {"external_id": "u-17", "email": "minsu@example.com", "name": "민수"},
}
OF_FORMAT = {
    "date-time": "2026-03-02T12:00:00Z",
    "date": "2026-03-02",
    "decimal": "4.00",
    "email": "minsu@example.com",
    "uri": "https://hearback.example.com/api/v1/",
}
OF_PATTERN = {"^([01][0-9]|2[0-3]):[0-5][0-9]$": "10:00"}
OF_TYPE: dict[str, Any] = {
    "array": [],
    "string": "text",
    "integer": 12,
    "number": 72.5,
    "boolean": True,
    "object": {},
    "null": None,
}


def add_examples(result: Schema, generator: Any, **kwargs: Any) -> Schema:
    """A hook of drf-spectacular: the finished description, with examples."""
    examples = _Examples(result["components"]["schemas"])
    for methods in result["paths"].values():
        for operation in methods.values():
            bodies = {"": operation.get("requestBody", {}), **operation["responses"]}
            for status, body in bodies.items():
                for kind, media in body.get("content", {}).items():
                    is_problem = kind == problems.CONTENT_TYPE
                    example = _problem(status, body) if is_problem else examples.of(media["schema"])
                    media["example"] = example
    return result


def _problem(status: str, answer: Schema) -> Schema:
    """As it is told; its code is the first that the description of the answer names."""
    _before, code, words = re.split(r"`(\w+)`:? ?", answer["description"], maxsplit=1)
    detail = words.partition(".")[0].strip().capitalize() + "."
    return problems.Problem(int(status), code, detail).as_dict()


class _Examples:
    def __init__(self, components: dict[str, Schema]) -> None:
        self.components = components

    def of(self, schema: Schema, name: str = "") -> Any:
        """One that fits: by the name of the property, or else by what it is made of."""
        if "$ref" in schema:
            component = schema["$ref"].rpartition("/")[2]
            return (
                WHOLE[component]
                if component in WHOLE
                else self.of(self.components[component], name)
            )
        if name in NAMED and self._fits(NAMED[name], schema):
            return NAMED[name]
        for part in ("allOf", "oneOf", "anyOf"):
            if part in schema:
                return self.of(schema[part][0], name)
        return self._made(schema, name)

    def _made(self, schema: Schema, name: str) -> Any:
        if "enum" in schema:
            return schema["enum"][0]
        if "properties" in schema:
            return {key: self.of(inner, key) for key, inner in schema["properties"].items()}
        if "items" in schema:  # also where there may be none
            return [self.of(schema["items"], name)]
        return self._plain(schema)

    def _plain(self, schema: Schema) -> Any:
        if schema.get("format") in OF_FORMAT:
            return OF_FORMAT[schema["format"]]
        if schema.get("pattern") in OF_PATTERN:
            return OF_PATTERN[schema["pattern"]]
        kinds = schema.get("type", "object")
        value = OF_TYPE[kinds if isinstance(kinds, str) else kinds[0]]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return max(min(value, schema.get("maximum", value)), schema.get("minimum", value))
        return value

    def _fits(self, value: Any, schema: Schema) -> bool:
        whole = {**schema, "components": {"schemas": self.components}}
        return bool(Draft202012Validator(whole).is_valid(value))
