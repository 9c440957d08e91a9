"""Columns and fields for reading: coloured labels, links, and JSON in words."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Field, Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django_stubs_ext import StrOrPromise

from backlog.rules import texts


def badge(model: type[Model], name: str, colours: Mapping[Any, str]) -> Callable[[Any], Any]:
    """A column that shows a choice in words, as a label in the colour given for its value."""
    field = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    assert isinstance(field, Field)
    words = dict(field.flatchoices)

    def column(row: Any) -> Any:
        value = getattr(row, name)
        return (value, words[value]) if value in words else ""

    column.__name__ = name
    described: Callable[[Any], Any] = _described(
        column,
        short_description=field.verbose_name,
        admin_order_field=name,
        label=defaultdict(str, colours),
    )
    return described


def readable(model: type[Model], name: str) -> Callable[[Any], Any]:
    """A method of an admin that shows a field of JSON as people read it, for `readonly_fields`.

    A text by language, a list line by line, and Hangul as Hangul, where unfold shows `\\uc774`.
    """
    field = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API

    def column(self: Any, row: Any) -> SafeString | str:
        return _in_words(getattr(row, name))

    assert isinstance(field, Field)
    described: Callable[[Any], Any] = _described(column, short_description=field.verbose_name)
    return described


def _in_words(value: Any) -> SafeString | str:
    if not value:
        return ""
    if texts.is_text(value):
        told = [(get_language_info(code)["name_local"], value[code]) for code in sorted(value)]
        return format_html_join("", '<p class="hb-text"><b>{}</b>\n{}</p>', told)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    pretty = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    return format_html('<pre class="hb-json">{}</pre>', pretty)


def _described(column: Any, **data: Any) -> Any:
    for name, value in data.items():
        setattr(column, name, value)
    return column


def link(row: Model | None, words: StrOrPromise = "") -> SafeString | str:
    """A link to a row's own page in the admin."""
    if row is None:
        return ""
    opts = row._meta  # noqa: SLF001 -- Django's documented API
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    return format_html('<a class="text-link" href="{}">{}</a>', address, words or row)


def list_link(model: type[Model], words: StrOrPromise, **filters: object) -> SafeString:
    """A link to the list of another noun, filtered."""
    opts = model._meta  # noqa: SLF001 -- Django's documented API
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return format_html(
        '<a class="text-link" href="{}?{}">{}</a>', address, urlencode(filters), words
    )
