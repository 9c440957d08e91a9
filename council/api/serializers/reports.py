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


class ShareRead(fields.Output):
    """`part` of `n`, in percent between `low` and `high` at 95 %."""

    part = serializers.IntegerField()
    n = serializers.IntegerField()
    percent = serializers.FloatField(source="percent.middle")
    low = serializers.FloatField(source="percent.low")
    high = serializers.FloatField(source="percent.high")


class SaidAndDoneRead(fields.Output):
    """Of action items whose day came, or that were done before it; shares are null of none."""

    name = serializers.CharField(help_text="Of the council or department; empty of all, or none.")
    said = serializers.IntegerField(source="n")
    on_time = ShareRead(allow_null=True)
    late = ShareRead(allow_null=True)
    overdue = ShareRead(allow_null=True)
    verified = ShareRead(allow_null=True)


class PromisesRead(fields.Output):
    """What was said would be done in this time, and what was; if `is_sample`, not all was read."""

    is_sample = serializers.BooleanField()
    total = SaidAndDoneRead()
    councils = SaidAndDoneRead(many=True)
    departments = SaidAndDoneRead(many=True)


class ReportRead(fields.Output):
    """`ends_before` is the day after its last; if `is_sample`, not all of it was read."""

    as_of = fields.Moment()
    period = serializers.CharField()
    starts_on = serializers.DateField()
    ends_before = serializers.DateField()
    is_sample = serializers.BooleanField()
    figures = FigureRead(many=True)
    months = MonthRead(many=True, help_text="The twelve that end with the period.")
    promises = PromisesRead()
