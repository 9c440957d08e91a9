"""Answers as JSON, written by orjson, which takes a tenth of the time of Python's own writer."""

from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework import renderers

OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z


class JSONRenderer(renderers.JSONRenderer):
    """As DRF's, byte for byte but for two ways of writing the same.

    Floating-point numbers that Python writes with an exponent are written otherwise (0.00001, not
    1e-05), and the two line separators of Unicode stand for themselves.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        return b"" if data is None else dumps(data)


def dumps(data: Any) -> bytes:
    try:
        return orjson.dumps(data, default=_plain, option=OPTIONS)
    except orjson.JSONEncodeError:
        # Whole numbers of more than 64 bits, which a payload may hold, and other rare kinds.
        return bytes(renderers.JSONRenderer().render(data))


def _plain(value: Any) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value))
