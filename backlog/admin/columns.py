"""Columns of lists: coloured labels and links."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Field, Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_stubs_ext import StrOrPromise


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


def _described(column: Any, **facts: Any) -> Any:
    for name, value in facts.items():
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
