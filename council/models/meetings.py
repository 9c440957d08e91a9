"""Meetings: sittings of a council."""

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import User
from council.models.councils import Council
from council.models.series import Series


class _EndsAt(models.Func):
    """A moment and so many minutes; SQLite does not multiply durations by itself."""

    template = "(%(expressions)s * interval '1 minute')"
    arg_joiner = " + "
    output_field = fields.DateTimeField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        template = "django_format_dtdelta('+', %(expressions)s * 60000000)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **context)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_meeting") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("council").order_by("-starts_at", "-pk")

    def came_to_nothing(self, *, at: datetime) -> Self:
        """Called off, or never opened until its time was over: what it was to take up is free."""
        called_off = Q(status=Meeting.Status.CANCELLED)
        # A meeting lasts up to a day: the first condition narrows, by the index, what is computed.
        return self.alias(ends_at=_EndsAt("starts_at", "minutes")).filter(
            called_off | Q(status__in=Meeting.TO_COME, starts_at__lt=at, ends_at__lte=at)
        )


class Meeting(Searched):
    """One sitting of a council."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        IN_SESSION = "in_session", _("in session")
        INQUORATE = "inquorate", _("inquorate")
        MINUTES_DRAFT = "minutes_draft", _("minutes being written")
        MINUTES_REVIEW = "minutes_review", _("minutes under review")
        APPROVED = "approved", _("minutes approved")
        PUBLISHED = "published", _("minutes published")
        CANCELLED = "cancelled", _("cancelled")

    class SeriesException(models.TextChoices):
        NONE = "", _("as the series has it")
        MOVED = "moved", _("moved")
        SKIPPED = "skipped", _("skipped")

    TO_COME = (Status.DRAFT, Status.SCHEDULED)
    UNDER_WAY = (Status.IN_SESSION, Status.INQUORATE)

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("council")
    )
    title = fields.CharField(_("title"), max_length=200)
    place = fields.CharField(_("place"), max_length=200, blank=True)
    starts_at = fields.DateTimeField(_("starts at"))
    minutes = fields.PositiveSmallIntegerField(_("length in minutes"), default=60)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.SCHEDULED)
    opened_at = fields.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = fields.DateTimeField(_("ended at"), null=True, blank=True)
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("series"),
    )
    # By this day the series knows its meeting, whenever it is held.
    occurs_on = fields.DateField(_("day by the rule"), null=True, blank=True, editable=False)
    exception = fields.CharField(
        _("exception"),
        max_length=8,
        choices=SeriesException,
        blank=True,
        default="",
        editable=False,
    )
    # Calendars take what has a higher one for the newer (RFC 5545, 3.8.7.4).
    sequence = fields.PositiveIntegerField(default=0, db_default=0, editable=False)

    search_text = SearchField("title", "place")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["council"],
                condition=Q(status__in=["in_session", "inquorate"]),
                name="council_meeting_one_under_way_of_a_council",
            ),
            models.CheckConstraint(
                name="council_meeting_status_known",
                condition=Q(
                    status__in=[
                        "draft",
                        "scheduled",
                        "in_session",
                        "inquorate",
                        "minutes_draft",
                        "minutes_review",
                        "approved",
                        "published",
                        "cancelled",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="council_meeting_times_match_status",
                condition=Q(
                    status__in=["draft", "scheduled", "cancelled"],
                    opened_at__isnull=True,
                    ended_at__isnull=True,
                )
                | Q(
                    status__in=["in_session", "inquorate"],
                    opened_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(
                    status__in=["minutes_draft", "minutes_review", "approved", "published"],
                    opened_at__isnull=False,
                    ended_at__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                fields=["series", "occurs_on"], name="council_meeting_one_of_a_series_a_day"
            ),
            models.CheckConstraint(
                name="council_meeting_of_a_series_has_its_day",
                condition=Q(series__isnull=True, occurs_on__isnull=True, exception="")
                | Q(series__isnull=False, occurs_on__isnull=False),
            ),
            models.CheckConstraint(
                name="council_meeting_exception_known",
                condition=Q(exception__in=["", "moved"])
                | Q(exception="skipped", status="cancelled"),
            ),
            models.CheckConstraint(
                name="council_meeting_lasts_up_to_a_day",
                condition=Q(minutes__gte=5, minutes__lte=1440),
                violation_error_code="out_of_range",
                violation_error_message=_("A meeting lasts from five minutes to a day."),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="council_meeting_newest"),
        ]

    def __str__(self) -> str:
        return self.title
