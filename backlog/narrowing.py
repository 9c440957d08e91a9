"""The ways in which any list can be narrowed; each noun's filters are made of these."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django_filters.fields import IsoDateTimeField

from backlog.models import User
from backlog.operations import text
from backlog.rules import names

M = TypeVar("M", bound=Model)


class FilterSet(django_filters.FilterSet):
    """A filter that names a `permission` is not there for whoever lacks it.

    What one may not see cannot be asked for either: by what is left one could tell it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = getattr(self.request, "user", None) or AnonymousUser()
        self.filters = {name: self.filters[name] for name in self.offered(user)}

    @classmethod
    def offered(cls, user: User | AnonymousUser) -> list[str]:
        """The names of those that this person can use."""
        return [
            name
            for name, each in cls.base_filters.items()  # type: ignore[attr-defined]
            if (needed := getattr(each, "permission", "")) == "" or user.has_perm(needed)
        ]

    @property
    def person(self) -> User:
        assert self.request is not None
        assert isinstance(self.request.user, User)
        return self.request.user


class RowId(django_filters.NumberFilter):
    field_class = forms.IntegerField


class CustomerId(RowId):
    """By what is to stay unknown to whoever may not see customers: whose it is."""

    permission = "backlog.view_customer"


class _MomentField(IsoDateTimeField):
    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class Moment(django_filters.IsoDateTimeFilter):
    """RFC 3339 with any offset. PostgreSQL knows none beyond 16 hours, so it is asked in UTC."""

    field_class = _MomentField


class AnyOf(django_filters.MultipleChoiceFilter):
    """One of several values of a column; no row can match twice, so none needs weeding out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(distinct=False, **kwargs)


class Named(django_filters.CharFilter):
    """Rows that belong to one other row, given by its id or by the name people know it by."""

    def __init__(self, field_name: str, *, natural: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, **kwargs)
        self.natural = natural

    def filter(self, qs: "QuerySet[M]", value: str) -> "QuerySet[M]":
        if not value:
            return qs
        return qs.filter(**names.lookup(value, natural=self.natural, path=self.field_name))


class Search(django_filters.CharFilter):
    """Words anywhere in the text, however they are capitalised or composed."""

    def filter(self, qs: "QuerySet[M]", value: str) -> "QuerySet[M]":
        return qs.filter(search_text__contains=text.searchable(value)) if value else qs
