"""What the council's lists can be narrowed by; pages and the API use the same."""

import django_filters

from backlog.narrowing import AnyOf, FilterSet, Moment, Named, RowId
from council.models import ActionItem, AgendaItem, Decision, Meeting


class SeatFilter(FilterSet):
    council = RowId(field_name="council__pk")
    department = RowId(field_name="department__pk")


class MeetingFilter(FilterSet):
    council = RowId(field_name="council__pk")
    status = AnyOf(choices=Meeting.Status)
    starts_after = Moment(field_name="starts_at", lookup_expr="gte")
    starts_before = Moment(field_name="starts_at", lookup_expr="lt")


class AgendaItemFilter(FilterSet):
    meeting = RowId(field_name="meeting__pk")
    request = Named("request", natural="key")
    status = AnyOf(choices=AgendaItem.Status)


class DecisionFilter(FilterSet):
    council = RowId(field_name="council__pk")
    request = Named("request", natural="key")
    verdict = django_filters.ChoiceFilter(choices=Decision.Verdict)
    status = AnyOf(choices=Decision.Status)
    review_before = django_filters.DateFilter(field_name="review_on", lookup_expr="lt")


class ActionItemFilter(FilterSet):
    council = RowId(field_name="council__pk")
    request = Named("request", natural="key")
    owner = RowId(field_name="owner__pk")
    status = AnyOf(choices=ActionItem.Status)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
