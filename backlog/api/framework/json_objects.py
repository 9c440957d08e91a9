"""JSON that is kept as it came."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.db import fields as columns
from backlog.rules import text_input

MAX_DEPTH = 20
SHORTEST_ENTRY = len('"":0,')
SHORTEST_VALUE = len("0,")


class JsonObject(serializers.DictField):
    """An object kept as it is, up to a size; what no database could store is refused."""

    default_error_messages = {
        "too_large": _("It is too large: at most {size} characters."),
        "too_deep": _("It is nested too deeply."),
        "unstorable_text": _("It has a character that cannot be stored."),
        "not_finite": _("It has a number that is too large."),
    }

    def __init__(self, *, max_size: int, **kwargs: Any) -> None:
        self.max_size = max_size
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping) and len(data) * SHORTEST_ENTRY > self.max_size:
            self.fail("too_large", size=self.max_size)
        kept = super().to_internal_value(data)
        self._check_values(kept)
        if columns.size(kept) > self.max_size:
            self.fail("too_large", size=self.max_size)
        return kept

    def _check_values(self, kept: dict[str, Any]) -> None:
        """Stops where there are more values than fit, however many follow."""
        found = 0
        waiting: list[tuple[Any, int]] = [(kept, 0)]
        while waiting:
            value, depth = waiting.pop()
            if depth > MAX_DEPTH:
                self.fail("too_deep")
            self._check_value(value)
            inner: list[Any] = value if isinstance(value, list) else []
            if isinstance(value, dict):
                inner = [*value, *value.values()]
            found += len(inner)
            if found * SHORTEST_VALUE > self.max_size:
                self.fail("too_large", size=self.max_size)
            waiting += [(each, depth + 1) for each in inner]

    def _check_value(self, value: Any) -> None:
        if isinstance(value, float) and not math.isfinite(value):
            self.fail("not_finite")
        if isinstance(value, str) and not text_input.is_storable(value):
            self.fail("unstorable_text")
