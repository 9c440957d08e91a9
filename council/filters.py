"""What the council's lists can be narrowed by; pages and the API use the same."""

from typing import TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet

from backlog.rules import names
from council.models import ActionItem, AgendaItem, Decision, Meeting

M = TypeVar("M", bound=Model)


class RowId(django_filters.NumberFilter):
    field_class = forms.IntegerField


class OfRequest(django_filters.CharFilter):
    """Rows about the request with this id or key (PAY-12)."""

    def filter(self, qs: "QuerySet[M]", value: str) -> "QuerySet[M]":
        return qs.filter(**names.lookup(value, natural="key", path="request")) if value else qs


class SeatFilter(django_filters.FilterSet):
    council = RowId(field_name="council__pk")
    department = RowId(field_name="department__pk")


class MeetingFilter(django_filters.FilterSet):
    council = RowId(field_name="council__pk")
    status = django_filters.MultipleChoiceFilter(choices=Meeting.Status)
    starts_after = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")


class AgendaItemFilter(django_filters.FilterSet):
    meeting = RowId(field_name="meeting__pk")
    request = OfRequest()
    status = django_filters.MultipleChoiceFilter(choices=AgendaItem.Status)


class DecisionFilter(django_filters.FilterSet):
    council = RowId(field_name="council__pk")
    request = OfRequest()
    verdict = django_filters.ChoiceFilter(choices=Decision.Verdict)
    status = django_filters.MultipleChoiceFilter(choices=Decision.Status)
    review_before = django_filters.DateFilter(field_name="review_on", lookup_expr="lt")


class ActionItemFilter(django_filters.FilterSet):
    council = RowId(field_name="council__pk")
    request = OfRequest()
    owner = RowId(field_name="owner__pk")
    status = django_filters.MultipleChoiceFilter(choices=ActionItem.Status)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
