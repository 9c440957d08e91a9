"""The ways in which any list can be narrowed; each noun's filters are made of these."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField, MultipleChoiceField

from backlog.filters import words
from backlog.models import User
from backlog.rules import calendars, names

M = TypeVar("M", bound=Model)

ONCE = _("Give this only once.")
YES_OR_NO = (("yes", _("yes")), ("no", _("no")))


class _FilterForm(forms.Form):
    """One value where one is meant: of two, the last would count without a word."""

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            given = self.data.getlist(name) if isinstance(self.data, MultiValueDict) else ()
            if len(given) > 1 and not isinstance(field, forms.MultipleChoiceField):
                self.add_error(name, forms.ValidationError(ONCE, code="repeated"))
        return self.cleaned_data


class FilterSet(django_filters.FilterSet):
    """A filter that names a `permission` is not there for whoever lacks it.

    What one may not see cannot be asked for either: by what is left one could tell it.
    """

    class Meta:
        form = _FilterForm

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
    def user(self) -> User:
        assert self.request is not None
        assert isinstance(self.request.user, User)
        return self.request.user


class IdFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class CustomerId(IdFilter):
    """By what is to stay unknown to whoever may not see customers: whose it is."""

    permission = "backlog.view_customer"


class _MomentField(IsoDateTimeField):
    default_error_messages = {"no_offset": _("Give the time with its offset, as in …Z or …+09:00.")}

    def to_python(self, value: Any) -> datetime | None:
        """Without an offset it would be another moment for each caller."""
        moment: datetime | None = super().to_python(value)
        if isinstance(value, str) and moment is not None:
            said = parse_datetime(value.strip())
            if said is None or timezone.is_naive(said):
                raise forms.ValidationError(self.error_messages["no_offset"], code="no_offset")
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class DateTimeFilter(django_filters.IsoDateTimeFilter):
    """RFC 3339 with any offset. PostgreSQL knows none beyond 16 hours, so it is asked in UTC."""

    field_class = _MomentField


class _StartOfDayField(forms.DateField):
    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        try:
            return day and calendars.start_of(day).astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class StartOfDayFilter(django_filters.DateFilter):
    """A day, as a browser's field gives it, which begins for everybody at the same moment."""

    field_class = _StartOfDayField


class _SomeOf(MultipleChoiceField):
    def to_python(self, value: Any) -> list[str]:
        """A menu where nothing is chosen sends an empty value, which asks for nothing."""
        return [each for each in super().to_python(value) if each != ""]


class AnyOf(django_filters.MultipleChoiceFilter):
    """One of several values of a column; no row can match twice, so none needs weeding out."""

    field_class = _SomeOf

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(distinct=False, **kwargs)


class NaturalKeyFilter(django_filters.CharFilter):
    """Rows that belong to one other row, given by its id or by the name people know it by."""

    def __init__(self, field_name: str, *, natural: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, **kwargs)
        self.natural = natural

    def filter(self, qs: "QuerySet[M]", value: str) -> "QuerySet[M]":
        if not value:
            return qs
        return qs.filter(**names.lookup(value, natural=self.natural, path=self.field_name))


class Search(django_filters.CharFilter):
    """Words anywhere in what the noun is looked for by, or its whole `key`."""

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = ("search_text", key) if key else ("search_text",)

    def filter(self, qs: "QuerySet[M]", value: str) -> "QuerySet[M]":
        return words.matching(qs, value, *self.paths)
