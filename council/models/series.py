"""Series: meetings of a council that come again by a rule."""

import re
from datetime import time, tzinfo
from typing import Final, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField, ZoneField, clock_of
from backlog.models import User
from backlog.models.edited import Edited
from backlog.rules import bounds
from council.models.councils import Council
from council.rules import recurrence

TIME_OF_DAY: Final = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_meeting") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("council").order_by("council__name", "title", "pk")

    def going_on(self) -> Self:
        """Those that make meetings."""
        return self.filter(ended_at__isnull=True)


class Series(Edited, Searched):
    """Meetings that come again, at the same time by the clock of their own place.

    Its meetings are rows of their own, made ahead; each keeps the day that the rule gave it,
    wherever it is moved.
    """

    class OnHoliday(models.TextChoices):
        WARN = "warn", _("say so, and a person decides")
        SKIP = "skip", _("skip the meeting")
        MOVE = "move", _("move it to the next working day")

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="series", verbose_name=_("council")
    )
    title = fields.CharField(_("title"), max_length=200)
    place = fields.CharField(_("place"), max_length=200, blank=True)
    rule = fields.CharField(
        _("rule of recurrence"),
        max_length=recurrence.LONGEST,
        help_text=_("As in calendars (RFC 5545): FREQ=MONTHLY;BYDAY=-1FR."),
    )
    starts_on = fields.DateField(_("first day"))
    starts_at = fields.CharField(
        _("time of day"),
        max_length=5,
        validators=[RegexValidator(TIME_OF_DAY, _("Write the time as 10:00."))],
    )
    time_zone = ZoneField(_("time zone"))
    minutes = fields.PositiveSmallIntegerField(_("length in minutes"), default=60)
    sections = fields.TextField(
        _("sections of the agenda"),
        max_length=bounds.REASON,
        blank=True,
        help_text=_("One a line; they are offered for each item."),
    )
    country = fields.CharField(_("public holidays of"), max_length=2, blank=True)
    on_holiday = fields.CharField(
        _("on a public holiday"), max_length=8, choices=OnHoliday, default=OnHoliday.WARN
    )
    ended_at = fields.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    search_text = SearchField("title", "place")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                name="council_series_lasts_up_to_a_day",
                condition=Q(minutes__gte=5, minutes__lte=1440),
                violation_error_code="out_of_range",
                violation_error_message=_("A meeting lasts from five minutes to a day."),
            ),
            models.CheckConstraint(
                name="council_series_on_holiday_known",
                condition=Q(on_holiday__in=["warn", "skip", "move"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def clock(self) -> tzinfo:
        """Of the place where it is held."""
        return clock_of(self.time_zone)

    @property
    def time_of_day(self) -> time:
        return time.fromisoformat(self.starts_at)

    @property
    def section_names(self) -> list[str]:
        return [line.strip() for line in self.sections.splitlines() if line.strip()]
