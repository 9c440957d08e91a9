"""Sittings of a council and what is on their agendas."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from backlog.models import CustomerRequest, Product, User, fields
from backlog.models.fields import Searched, SearchField
from council.models.councils import Council


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

    search_text = SearchField("title", "place")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
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


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Topics, and requests the person may see."""
        if not user.has_perm("council.view_agendaitem"):
            return self.none()
        return self.filter(
            Q(request__isnull=True) | Q(request__product__in=Product.objects.visible_to(user))
        )

    def for_listing(self) -> Self:
        return self.select_related("meeting", "request__product").order_by("position", "pk")

    def awaited(self, *, at: datetime) -> Self:
        """What a meeting has not dealt with and still may: it is to come, or under way."""
        nothing = Meeting.objects.came_to_nothing(at=at).filter(pk=OuterRef("meeting"))
        is_live = Q(meeting__status__in=(*Meeting.TO_COME, *Meeting.UNDER_WAY))
        return self.filter(is_live, ~Exists(nothing), status__in=AgendaItem.OPEN)


class AgendaItem(Searched):
    """What is discussed: a request to decide, or a topic."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        SCHEDULED = "scheduled", _("scheduled")
        ACTIVE = "active", _("being discussed")
        DECIDED = "decided", _("decided")
        ACTIONED = "actioned", _("became an action")
        INFORMED = "informed", _("for information")
        DEFERRED = "deferred", _("carried over")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined")

    NOT_REACHED = (Status.PROPOSED, Status.SCHEDULED, Status.ACTIVE)
    OPEN = (*NOT_REACHED, Status.ACTIONED)
    """What becomes an action can be decided all the same, while its meeting lasts."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="agenda_items", verbose_name=_("meeting")
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("request"),
    )
    title = fields.CharField(_("title"), max_length=200, blank=True)
    position = fields.PositiveSmallIntegerField(_("position"))
    minutes = fields.PositiveSmallIntegerField(_("minutes"), default=10)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.SCHEDULED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    times_deferred = fields.PositiveSmallIntegerField(_("times carried over"), default=0)

    search_text = SearchField("title")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "request"],
                condition=Q(request__isnull=False) & ~Q(status__in=["withdrawn", "declined"]),
                name="council_agendaitem_one_per_request",
            ),
            models.CheckConstraint(
                name="council_agendaitem_status_known",
                condition=Q(
                    status__in=[
                        "proposed",
                        "scheduled",
                        "active",
                        "decided",
                        "actioned",
                        "informed",
                        "deferred",
                        "withdrawn",
                        "declined",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="council_agendaitem_is_about_something",
                condition=Q(request__isnull=False) | ~Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.request)
