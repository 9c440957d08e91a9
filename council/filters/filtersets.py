"""What the council's lists can be narrowed by; pages and the API use the same."""

import django_filters

from backlog.filters.fields import (
    AnyOf,
    DateTimeFilter,
    FilterSet,
    IdFilter,
    NaturalKeyFilter,
    Search,
)
from council.models import ActionItem, AgendaItem, Ballot, Decision, Meeting


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
    starts_after = DateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = DateTimeFilter(field_name="starts_at", lookup_expr="lt")


class AgendaItemFilter(FilterSet):
    meeting = IdFilter(field_name="meeting__pk")
    request = NaturalKeyFilter("request", natural="key")
    status = AnyOf(choices=AgendaItem.Status)


class BallotFilter(FilterSet):
    agenda_item = IdFilter(field_name="agenda_item__pk")
    meeting = IdFilter(field_name="agenda_item__meeting__pk")
    request = NaturalKeyFilter("agenda_item__request", natural="key")
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
    status = AnyOf(choices=ActionItem.Status)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
