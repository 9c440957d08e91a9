"""What the council's lists can be narrowed by; pages and the API use the same."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.filters.fields import (
    AnyOf,
    DateTimeFilter,
    FilterSet,
    IdFilter,
    NaturalKeyFilter,
    Search,
)
from backlog.rules import names
from council.models import ActionItem, AgendaItem, Ballot, Decision, Meeting
from council.models.action_items import ActionItemQuerySet
from council.rules.periods import Period, UnknownPeriodError


class CouncilFilter(FilterSet):
    """There are few; they are found by their names."""


class SeatFilter(FilterSet):
    council = IdFilter(field_name="council__pk")
    department = IdFilter(field_name="department__pk")


class SeriesFilter(FilterSet):
    q = Search()
    council = IdFilter(field_name="council__pk")


class MeetingFilter(FilterSet):
    q = Search()
    council = IdFilter(field_name="council__pk")
    series = IdFilter(field_name="series__pk")
    status = AnyOf(choices=Meeting.Status)
    when = django_filters.ChoiceFilter(
        choices=[("coming", _("coming up, or in session")), ("past", _("past"))], method="is_when"
    )
    starts_after = DateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = DateTimeFilter(field_name="starts_at", lookup_expr="lt")

    def is_when(self, rows: "QuerySet[Meeting]", _name: str, value: str) -> "QuerySet[Meeting]":
        """By what became of a meeting, not by the clock: one that is late is still to come."""
        coming = Q(status__in=[*Meeting.TO_COME, *Meeting.UNDER_WAY])
        return rows.filter(coming if value == "coming" else ~coming)


class AgendaItemFilter(FilterSet):
    meeting = IdFilter(field_name="meeting__pk")
    request = NaturalKeyFilter("request", natural="key")
    status = AnyOf(choices=AgendaItem.Status)


class _DecidesOn(NaturalKeyFilter):
    """Also those that decide on it at once with another."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        return qs.deciding(**names.lookup(value, natural=self.natural, path=self.field_name))


class BallotFilter(FilterSet):
    agenda_item = IdFilter(field_name="agenda_item__pk")
    meeting = IdFilter(field_name="agenda_item__meeting__pk")
    request = _DecidesOn("request", natural="key")
    status = AnyOf(choices=Ballot.Status)


class DecisionFilter(FilterSet):
    q = Search()
    council = IdFilter(field_name="council__pk")
    request = NaturalKeyFilter("request", natural="key")
    verdict = django_filters.ChoiceFilter(choices=Decision.Verdict)
    status = AnyOf(choices=Decision.Status)
    review_before = django_filters.DateFilter(field_name="next_review_on", lookup_expr="lt")


class ActionItemFilter(FilterSet):
    council = IdFilter(field_name="council__pk")
    request = NaturalKeyFilter("request", natural="key")
    owner = IdFilter(field_name="owner__pk")
    on_desk_of = IdFilter(method="_on_desk_of", label=_("Whose turn it is: as owner or helper"))
    to_accept_by = IdFilter(method="_to_accept_by", label=_("Who can accept it as done"))
    status = AnyOf(choices=ActionItem.Status)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")

    def _on_desk_of(self, rows: ActionItemQuerySet, _name: str, value: Any) -> ActionItemQuerySet:
        return rows.on_desk_of(int(value))

    def _to_accept_by(self, rows: ActionItemQuerySet, _name: str, value: Any) -> ActionItemQuerySet:
        return rows.to_accept_by(int(value))


class _PeriodField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        name = super().to_python(value)
        try:
            return Period.named(name) if name else None
        except UnknownPeriodError as error:
            raise forms.ValidationError(
                _("Name a month as 2026-11, a quarter as 2026-Q4, or a year as 2026."),
                code="invalid",
            ) from error


class _PeriodFilter(django_filters.CharFilter):
    field_class = _PeriodField

    def filter(self, qs: Any, value: Any) -> Any:
        """It says of when a report is, not of which products."""
        return qs


class ReportFilter(FilterSet):
    """Of which products, and of when, a report is."""

    product = django_filters.CharFilter(
        field_name="prefix", lookup_expr="iexact", label=_("Product, as in PAY")
    )
    period = _PeriodFilter(
        label=_("A month as 2026-11, a quarter as 2026-Q4, or a year as 2026; else this quarter")
    )

    @property
    def chosen(self) -> Period | None:
        period: Period | None = (
            self.form.cleaned_data.get("period") if self.form.is_valid() else None
        )
        return period

    @property
    def is_of_some(self) -> bool:
        return self.form.is_valid() and bool(self.form.cleaned_data.get("product"))
