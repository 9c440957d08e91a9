"""Sittings of a council and what is on their agendas."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.models import CustomerRequest, Product, User
from backlog.models.fields import Searched, SearchField
from council.models.councils import Council


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_meeting") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("council").order_by("-starts_at", "-pk")


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

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("council")
    )
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.SCHEDULED)
    opened_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

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


class AgendaItem(Searched):
    """What is discussed: a request to decide, or a topic."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        SCHEDULED = "scheduled", _("scheduled")
        ACTIVE = "active", _("being discussed")
        DECIDED = "decided", _("decided")
        ACTIONED = "actioned", _("became an action")
        INFORMED = "informed", _("for information")
        DEFERRED = "deferred", _("deferred")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined")

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
    title = models.CharField(_("title"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.SCHEDULED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    times_deferred = models.PositiveSmallIntegerField(_("times deferred"), default=0)

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
