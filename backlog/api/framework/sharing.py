"""What the description says many times is said once, in its components, and referred to."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

Part = dict[str, Any]


def share(result: Part, generator: Any, **kwargs: Any) -> Part:
    """A hook of drf-spectacular: errors, headers, parameters and examples become components."""
    operations = [each for methods in result["paths"].values() for each in methods.values()]
    answers = [answers for each in operations if (answers := each["responses"])]
    headers = [
        each["headers"] for all_of in answers for each in all_of.values() if "headers" in each
    ]
    bodies = [
        each for one in operations for each in (one.get("requestBody"), *one["responses"].values())
    ]
    _share(result, "headers", [(each, name) for each in headers for name in each])
    _share_examples(result, bodies)
    errors = [(each, status) for each in answers for status in each if int(status) >= 400]
    _share(result, "responses", errors)
    parameters = [each.get("parameters", []) for each in operations]
    _share(
        result, "parameters", [(each, place) for each in parameters for place in range(len(each))]
    )
    return result


def _share(result: Part, kind: str, places: list[tuple[Any, Any]]) -> None:
    """Of equal parts in several places, one stays, and the places refer to it."""
    written = [json.dumps(holder[key], sort_keys=True, default=str) for holder, key in places]
    shared = Counter(written)
    names: dict[str, str] = {}
    kept: Part = {}
    for (holder, key), words in zip(places, written, strict=True):
        if shared[words] < 2:
            continue
        if words not in names:
            names[words] = _free(_name(holder[key], key), kept)
            kept[names[words]] = holder[key]
        holder[key] = {"$ref": f"#/components/{kind}/{names[words]}"}
    if kept:
        result["components"][kind] = dict(sorted(kept.items()))


def _share_examples(result: Part, bodies: list[Part | None]) -> None:
    """A body of one shape has that shape's example."""
    kept: Part = {}
    for media in _media(bodies):
        shape = name_in(media["schema"])
        if (
            not shape
            or media["example"] != kept.setdefault(shape, {"value": media["example"]})["value"]
        ):
            continue
        del media["example"]
        media["examples"] = {shape: {"$ref": f"#/components/examples/{shape}"}}
    result["components"]["examples"] = dict(sorted(kept.items()))


def _media(bodies: list[Part | None]) -> Iterator[Part]:
    for body in filter(None, bodies):
        for kind, media in body.get("content", {}).items():
            if kind == "application/json":
                yield media


def _name(part: Part, key: Any) -> str:
    """`BadRequest` for a 400, else as the header or parameter is called."""
    words = HTTPStatus(int(key)).phrase if "content" in part else part.get("name", str(key))
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"\W+|_", words))


def _free(name: str, taken: Part) -> str:
    numbered = (f"{name}{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def resolved(description: Part, part: Part) -> Part:
    """The part itself, or what it refers to."""
    while "$ref" in part:
        _root, *steps = part["$ref"].split("/")
        part = description
        for step in steps:
            part = part[step]
    return part


def name_in(part: Part) -> str:
    """The name of the component that a part refers to, if it does."""
    return str(part.get("$ref", "")).rpartition("/")[2]
