"""Series of meetings."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.models import Event
from council.api.serializers.councils import CouncilRef
from council.models import Council, Series
from council.models.series import TIME_OF_DAY
from council.rules import public_holidays

DETAILS = (
    *("title", "place", "rule", "starts_on", "starts_at", "time_zone", "minutes"),
    *("sections", "country", "on_holiday"),
)


class SeriesRead(fields.Read[Series]):
    """`rule` names the days as RFC 5545 does; `starts_at` is the time of day in `time_zone`."""

    council = CouncilRef()

    class Meta:
        model = Series
        fields = ["id", "council", *DETAILS, "ended_at"]


def _time_of_day(**options: Any) -> Any:
    regex = TIME_OF_DAY.pattern.replace(r"\Z", "$")
    return fields.Pattern(regex, says=_("Write the time as 10:00."), max_length=5, **options)


class SeriesDetails(fields.Input):
    place = fields.of(Series, "place", allow_blank=True, required=False)
    time_zone = fields.of(Series, "time_zone", required=False)
    minutes = fields.of(Series, "minutes", min_value=5, max_value=1440, required=False)
    sections = fields.of(Series, "sections", allow_blank=True, required=False)
    country = serializers.ChoiceField(
        choices=list(public_holidays.COUNTRIES.items()), allow_blank=True, required=False
    )
    on_holiday = serializers.ChoiceField(choices=Series.OnHoliday.choices, required=False)


class SeriesStart(SeriesDetails):
    council = related_rows.RelatedRow(Council)
    title = fields.of(Series, "title")
    rule = fields.of(Series, "rule")
    starts_on = fields.Day()
    starts_at = _time_of_day()


class SeriesEdit(SeriesDetails):
    title = fields.of(Series, "title", required=False)
    rule = fields.of(Series, "rule", required=False)
    starts_on = fields.Day(required=False)
    starts_at = _time_of_day(required=False)


class SeriesEnd(fields.Input):
    reason = fields.of(Event, "reason")


class DayRead(fields.Output):
    """When a meeting would be by the rule, and which public holiday that is."""

    starts_at = fields.Moment()
    holiday = fields.Text()
    instead = fields.Moment(allow_null=True)


class SeriesPreview(fields.Output):
    sentence = fields.Text()
    days = DayRead(many=True)
