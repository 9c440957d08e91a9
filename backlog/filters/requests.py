"""What requests can be narrowed by: themselves, and whoever asks for them."""

from datetime import timedelta
from typing import Any, TypeVar

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.db.models.functions import Abs, Now
from django.utils.translation import gettext_lazy as _

from backlog.filters.fields import (
    YES_OR_NO,
    AnyOf,
    CustomerId,
    DateTimeFilter,
    FilterSet,
    IdFilter,
    NaturalKeyFilter,
    Search,
)
from backlog.filters.narrowing import PointedAt, Through
from backlog.models import Commitment, Evidence, Feedback, RequestStatus, User
from backlog.models.requests import ON_BOARD
from backlog.queries.askers import unheard
from backlog.rules import names

M = TypeVar("M", bound=Model)

LONGEST_SILENCE = 3_650


class Segment(django_filters.CharFilter):
    """Of accounts, which are not for everybody to see."""

    permission = "backlog.view_account"


class RequestFilter(FilterSet):
    q = Search(key="key")
    product = NaturalKeyFilter("product", natural="prefix")
    status = AnyOf(choices=RequestStatus)
    on_board = django_filters.ChoiceFilter(choices=YES_OR_NO, method="is_on_board")
    owner = NaturalKeyFilter("owner", natural="email")
    department = IdFilter(
        method="owned_in", label=_("The department, by its id, that the owner is in")
    )
    customer = CustomerId(method="asked_by")
    account = CustomerId(method="asked_by_account", label=_("An account that asks for it, by id"))
    segment = Segment(method="asked_in_segment", label=_("A segment that asks for it"))
    source = django_filters.CharFilter(
        method="heard_from", label=_("A source, by its key or id, of words that ask for it")
    )
    relation = django_filters.ChoiceFilter(
        choices=Feedback.Relation, method="said_by", label=_("Who speaks in words that ask for it")
    )
    journey_stage = django_filters.ChoiceFilter(
        choices=Feedback.JourneyStage,
        method="met_at",
        label=_("The journey stage of words that ask for it"),
    )
    silence = django_filters.NumberFilter(
        method="unheard_for",
        label=_("Somebody who asked has heard nothing for so many days"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SILENCE)],
    )
    sprint = IdFilter(method="promised_in", label=_("A sprint, by its id, that it is taken into"))
    priority_min = django_filters.NumberFilter(field_name="priority", lookup_expr="gte")
    priority_max = django_filters.NumberFilter(field_name="priority", lookup_expr="lte")
    impact_min = django_filters.NumberFilter(field_name="impact", lookup_expr="gte")
    impact_max = django_filters.NumberFilter(field_name="impact", lookup_expr="lte")
    feasibility_min = django_filters.NumberFilter(field_name="feasibility", lookup_expr="gte")
    feasibility_max = django_filters.NumberFilter(field_name="feasibility", lookup_expr="lte")
    contested_min = django_filters.NumberFilter(field_name="contested", lookup_expr="gte")
    drift_min = django_filters.NumberFilter(
        method="drifts", label=_("Rank and priority disagree by at least this, either way")
    )
    opened_after = DateTimeFilter(field_name="opened_at", lookup_expr="gte")
    opened_before = DateTimeFilter(field_name="opened_at", lookup_expr="lt")

    def is_on_board(self, rows: Any, name: str, value: str) -> Any:
        return rows.on_board() if value == "yes" else rows.exclude(status__in=ON_BOARD)

    def owned_in(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        colleagues = User.objects.filter(
            memberships__department=value, memberships__ends_on__isnull=True
        )
        return rows.filter(Through("owner", colleagues))

    def asked_by(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        asked = Evidence.objects.live().filter(feedback__customer__pk=value)
        return rows.filter(pk__drawn_from=asked.values("counts_for"))

    def asked_by_account(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        return self._asking(rows, feedback__account=value)

    def asked_in_segment(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self._asking(rows, feedback__account__segment=value)

    def heard_from(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self._asking(rows, **names.lookup(value, natural="key", path="feedback__source"))

    def said_by(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self._asking(rows, feedback__relation=value)

    def met_at(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self._asking(rows, feedback__journey_stage=value)

    def unheard_for(self, rows: QuerySet[M], name: str, value: Any) -> QuerySet[M]:
        """The database's own clock says since when."""
        since = Now() - timedelta(days=float(value))
        return rows.filter(PointedAt("counts_for", unheard().filter(feedback__said_at__lte=since)))

    def promised_in(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        promised = Commitment.objects.filter(sprint=value, withdrawn_at__isnull=True)
        return rows.filter(pk__drawn_from=promised.values("request"))

    def drifts(self, rows: Any, name: str, value: float) -> Any:
        return rows.alias(far=Abs("drift")).filter(drift__isnull=False, far__gte=value)

    def _asking(self, rows: QuerySet[M], **of: Any) -> QuerySet[M]:
        """The first of them are looked for, not all."""
        return rows.filter(PointedAt("counts_for", Evidence.objects.live().filter(**of)))
