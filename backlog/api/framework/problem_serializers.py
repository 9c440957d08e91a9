"""Errors, as the description of the API tells them; `backlog.api.framework.problems` makes them."""

from rest_framework import serializers

from backlog.api.framework import fields


class Fault(fields.Output):
    """One thing wrong with the input: a pointer into the body, or the name of a parameter."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(fields.Output):
    """RFC 9457. `code` is stable; `detail` is for people, in their language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = Fault(many=True, required=False)  # type: ignore[assignment]
    details = serializers.DictField(required=False)
