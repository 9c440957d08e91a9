"""How the OpenAPI description is made: every operation says what it needs and how it can fail."""

import inspect
from typing import Any, Literal

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from backlog.api.framework import (
    base,
    failures,
    fields,
    idempotency,
    problems,
    versions,
)
from backlog.api.framework.problem_serializers import Problem
from backlog.rules import bounds


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "backlog.api.framework.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """OpenAPI 3.1 lists here what the token must be good for."""
        needs = needs_of(auto_schema.view)
        return {self.name: [needs.scope] if needs else []}


class ChosenRow(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.framework.related_rows.RelatedRow"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 1, "maximum": bounds.BIG}
        if not self.target.natural:
            return {**number, "description": "An id."}
        column = self.target.model._meta.get_field(self.target.natural)  # noqa: SLF001
        return {
            "oneOf": [
                number,
                {"type": "string", "minLength": 1, "maxLength": column.max_length},
            ],
            "description": f"An id, or its {self.target.natural}.",
        }


class DecimalText(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.framework.fields.Amount"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        text: dict[str, Any] = auto_schema._map_serializer_field(  # noqa: SLF001 -- as its docs show
            self.target, direction, bypass_extensions=True
        )
        with_sign_and_point = self.target.max_digits + 2
        return {**text, "type": "string", "maxLength": with_sign_and_point}


class NumberOrText(DecimalText):
    target_class = "backlog.api.framework.fields.Number"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        text = super().map_serializer_field(auto_schema, direction)
        number = {
            "type": "number",
            "minimum": float(self.target.min_value),
            "maximum": float(self.target.max_value),
        }
        return {"oneOf": [number, text]}


class Window(OpenApiSerializerFieldExtension):
    """JSON Schema has no word for the first and the last moment; these are those of Ajv."""

    target_class = "backlog.api.framework.fields.Moment"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        written = "%Y-%m-%dT%H:%M:%SZ"
        earliest, latest = (
            f"{end:{written}}" for end in (bounds.EARLIEST_MOMENT, bounds.LATEST_MOMENT)
        )
        if isinstance(self.target, fields.Happened):
            told = _window("date-time", earliest, "", direction)
            return {**told, "description": "A fact: it is not yet to come."}
        return _window("date-time", earliest, latest, direction)


class WindowOfDays(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.framework.fields.Day"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return _window("date", str(bounds.EARLIEST), str(bounds.LATEST), direction)


def _window(kind: str, earliest: str, latest: str, direction: str) -> dict[str, Any]:
    """With its ends, as far as it has any; answers are sure to keep to them."""
    ends = {"x-formatMinimum": earliest, "x-formatMaximum": latest}
    shown = {name: end for name, end in ends.items() if end and direction == "request"}
    return {"type": "string", "format": kind, **shown}


class Described(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.framework.fields.Computed"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        described: dict[str, Any] = auto_schema._map_serializer_field(  # noqa: SLF001 -- as its docs show
            self.target.inner, direction
        )
        return described


class SizedObject(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.framework.json_objects.JsonObject"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        most = f"At most {self.target.max_size} characters when written as JSON."
        return {"type": "object", "additionalProperties": {}, "description": most}


class StrictBody(OpenApiSerializerExtension):
    """Bodies take no fields but their own, and say so."""

    target_class = "backlog.api.framework.fields.Input"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # noqa: SLF001 -- as its docs show
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False}


IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Your own name for this write, new for each: sent again within a day, it is "
    "answered as the first time and not done again.",
)
IDEMPOTENCY_REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    OpenApiParameter.HEADER,
    description="Only where this is the answer of an earlier call with the same key.",
    response=[200, 201, 204],
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The version; send it back as `If-Match` with an edit.",
    response=[200, 201],
)
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="In how many seconds to come back.",
    response=[409, 429, 503],
)


def needs_of(view: Any) -> base.ActionPolicy | None:
    needs: base.ActionPolicy | None = getattr(view, "access", {}).get(getattr(view, "action", None))
    return needs


class Schema(AutoSchema):
    def get_summary(self) -> str:
        """The first sentence that the action says of itself; lists and rows are told by noun."""
        if words := self._own_words():
            return words.partition(".")[0].replace("\n", " ")
        noun = [step for step in self.path.split("/") if step and "{" not in step][-1]
        return f"{'List' if self._is_list_view() else 'Read one of the'} {noun.replace('-', ' ')}"

    def get_description(self) -> str:  # type: ignore[override]  # its own supertype differs
        """What else the action says, what the resource is, and what is asked of the caller."""
        more = self._own_words().partition(".")[2].strip()
        words = [more, inspect.getdoc(type(self.view)) or ""]
        needs = needs_of(self.view)
        if needs is not None:
            permission = f", permission `{needs.permission}`" if needs.permission else ""
            words.append(f"Scope `{needs.scope}`{permission}.")
        return "\n\n".join(filter(None, words))

    def _own_words(self) -> str:
        action = getattr(self.view, getattr(self.view, "action", None) or "", None)
        return inspect.getdoc(action) or ""

    def _is_list_view(self, serializer: Any = None) -> bool:
        """What has no pages is one answer, though it stands where lists stand."""
        view: Any = self.view
        has_pages = getattr(view, "pagination_class", None) is not None
        is_single = getattr(view, "action", None) == "list" and not has_pages
        return not is_single and bool(super()._is_list_view(serializer))

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, base.Resource):
            return []
        parameters = [RETRY_AFTER]
        if self.view.is_idempotent and self.method == "POST":
            parameters += [IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED]
        if self.method == "PATCH":
            parameters.append(versions.IF_MATCH)
        if self.view.is_versioned and self._shows_the_row():
            parameters.append(ETAG)
        return parameters

    def _shows_the_row(self) -> bool:
        assert isinstance(self.view, base.Resource)
        answers: Any = self.get_response_serializers()
        shown = answers.values() if isinstance(answers, dict) else [answers]
        row = self.view.get_serializer_class()
        return not self._is_list_view() and any(each is row or type(each) is row for each in shown)

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()
        for each in parameters:
            if each["schema"] == {"type": "string"}:
                each["schema"] = {"type": "string", "minLength": 1}
        return parameters

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if isinstance(self.view, base.Resource):
            for status, meaning in failures.of(self.view, self.method, self.path).items():
                told = OpenApiResponse(Problem, description=meaning)
                bodies[status] = self._get_response_for_code(
                    told, status, media_types=[problems.CONTENT_TYPE], direction=direction
                )
        return bodies
