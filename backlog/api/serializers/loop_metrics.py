"""Figures of the loop; none goes out without its sample size and its bounds."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backlog.api.framework import fields
from backlog.models import Reply
from backlog.queries.loop_metrics import Closure


class Share(fields.Output):
    """A part of a whole in percent, and where it truly lies at 95 %."""

    part = serializers.IntegerField()
    n = serializers.IntegerField()
    percent = fields.Value()
    is_too_few = serializers.BooleanField()


@extend_schema_field(serializers.IntegerField)
class Seconds(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: timedelta) -> int:
        return round(value.total_seconds())


class Between(fields.Output):
    """Without an end where nobody can say how long it may be."""

    low = Seconds(allow_null=True)
    high = Seconds(allow_null=True)


class Waits(fields.Output):
    """In seconds; null while so many still wait that it is not known yet."""

    told = serializers.IntegerField()
    waiting = serializers.IntegerField()
    median = Seconds(allow_null=True)
    median_between = Between()
    ninetieth = Seconds(allow_null=True)
    ninetieth_between = Between()


class Answers(fields.Output):
    """Of those who answered."""

    yes = Share()
    partly = Share()
    no = Share()


class Figures(fields.Output):
    closed = Share(source="rate", allow_null=True)
    time_to_hear_back = Waits(source="waits")
    answered = Share(allow_null=True)
    answers = serializers.SerializerMethodField()
    csat = Share(allow_null=True, help_text="4 and 5 of all who said how satisfied they are.")

    @extend_schema_field(Answers(allow_null=True))
    def get_answers(self, closure: Closure) -> Any:
        by_name = {verdict.value: closure.answers.get(verdict) for verdict in Reply.Verdict}
        return Answers(by_name).data if closure.answers else None


class Segment(fields.Output):
    segment = serializers.CharField(source="name", help_text="Empty for customers without one.")
    figures = Figures(source="closure")


class LoopRead(fields.Output):
    """`n` customers were looked at; if `is_sample`, there may be more, who were owed it earlier."""

    as_of = fields.Moment()
    n = serializers.IntegerField()
    is_sample = serializers.BooleanField()
    total = Figures()
    segments = Segment(many=True)
