"""How the OpenAPI description is made: every operation says what it needs and how it can fail."""

from typing import Any, Literal

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from backlog.api import base, fields, idempotency, problems


class Fault(fields.Shape):
    """One thing wrong with the input: a pointer into the body, or the name of a parameter."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(fields.Shape):
    """RFC 9457. `code` is stable; `detail` is for people, in their language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = Fault(many=True, required=False)  # type: ignore[assignment]
    details = serializers.DictField(required=False)


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "backlog.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class ChosenRow(OpenApiSerializerFieldExtension):
    target_class = "backlog.api.fields.Chosen"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        if not self.target.natural:
            return {"type": "integer", "description": "An id."}
        return {
            "oneOf": [{"type": "integer"}, {"type": "string", "minLength": 1}],
            "description": f"An id, or its {self.target.natural}.",
        }


class StrictBody(OpenApiSerializerExtension):
    """Bodies take no fields but their own, and say so."""

    target_class = "backlog.api.fields.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # noqa: SLF001 -- as its docs show
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False}


IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Your own name for this write, new for each: sent again within a day, it is "
    "answered as the first time and not done again.",
)


class Schema(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]  # its own supertype differs
        """The words of the view, and what its table of access asks."""
        words = str(super().get_description() or "")
        needs = getattr(self.view, "access", {}).get(getattr(self.view, "action", None))
        if needs is None:
            return words
        asked = f"Scope `{needs.scope}`"
        asked += f", permission `{needs.permission}`." if needs.permission else "."
        return f"{words}\n\n{asked}".strip()

    def get_override_parameters(self) -> list[Any]:
        is_named = isinstance(self.view, base.Resource) and self.view.is_idempotent
        return [IDEMPOTENCY_KEY] if is_named and self.method == "POST" else []

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()
        for each in parameters:
            if each["schema"] == {"type": "string"}:
                each["schema"] = {"type": "string", "minLength": 1}
        return parameters

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code in map(str, self._failures()):
            bodies.setdefault(
                code,
                self._get_response_for_code(
                    Problem, code, media_types=[problems.CONTENT_TYPE], direction=direction
                ),
            )
        return bodies

    def _failures(self) -> list[int]:
        if not isinstance(self.view, base.Resource):
            return []
        found = [400, 401, 403, 406]
        if "{" in self.path:
            found.append(404)
        if self.method in {"POST", "PATCH"}:
            found.append(409)
            if self.get_request_serializer() is not None:
                found += [413, 415, 422]
        if self.method == "PATCH" and self.view.is_versioned:
            found += [412, 428]
        return found
