"""Figures of a report; a share, a time or a rating never goes out without its sample and bounds."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.statistics.significance import Verdict
from council.queries.reports import COUNTED, Name, Unit


class FigureRead(fields.Output):
    """`value` lies between `low` and `high` at 95 %; null is not known, or without an end."""

    figure = serializers.ChoiceField([each.value for each in Name], source="name.value")
    segment = serializers.CharField(
        allow_null=True,
        help_text="Null for all together, empty for customers without one.",
    )
    unit = serializers.ChoiceField([each.value for each in Unit], source="unit.value")
    value = serializers.FloatField(
        allow_null=True,
        help_text=f"Counts stop after {COUNTED}: one more than that means “or more”.",
    )
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    is_too_few = serializers.BooleanField()
    before = serializers.FloatField(
        allow_null=True, help_text="The same of the period before, where it is known."
    )
    verdict = serializers.ChoiceField(
        [each.value for each in Verdict],
        allow_null=True,
        help_text="Whether the difference from before is real; of `delivery`, whether the segment"
        " got more (better) or less (worse) than its share of the voices.",
    )


class MonthRead(fields.Output):
    starts_on = serializers.DateField(source="first")
    words = serializers.IntegerField()
    told = serializers.IntegerField()


class ReportRead(fields.Output):
    """`ends_before` is the day after its last; if `is_sample`, not all of it was read."""

    as_of = fields.Moment()
    period = serializers.CharField()
    starts_on = serializers.DateField()
    ends_before = serializers.DateField()
    is_sample = serializers.BooleanField()
    figures = FigureRead(many=True)
    months = MonthRead(many=True, help_text="The twelve that end with the period.")
