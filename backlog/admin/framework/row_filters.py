"""Narrowing a list to one row of another noun, found by typing."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from backlog.admin.framework.nouns import user_of, visible


class RowForm(AutocompleteDropdownForm):
    """Names the chosen row only to those who may see it, whatever the address asks for."""

    def __init__(self, request: HttpRequest, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, name, *args, **kwargs)
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        field.queryset = visible(field.queryset.all(), user_of(request))


class RowFilter(AutocompleteSelectFilter):
    form_class = RowForm
