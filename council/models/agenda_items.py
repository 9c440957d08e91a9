"""Agenda items: what a meeting takes up."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import CustomerRequest, Product, User
from backlog.models.edited import Edited
from backlog.rules import bounds
from council.models.meetings import Meeting


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


class AgendaItem(Edited, Searched):
    """What is discussed: a request to decide, or a topic.

    `reasons` say why it was put there where the agenda proposed it by itself: codes of
    `rules.agenda_reasons` with their figures, as they were then.
    """

    class Kind(models.TextChoices):
        INFORM = "inform", _("inform")
        DISCUSS = "discuss", _("discuss")
        DECIDE = "decide", _("decide")
        REVIEW = "review", _("review")
        WORKSHOP = "workshop", _("workshop")

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
    OFF_AGENDA = (Status.WITHDRAWN, Status.DECLINED)
    GONE = (*OFF_AGENDA, Status.DEFERRED)
    """What takes no time of a meeting that is not over."""
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
    kind = fields.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.DECIDE)
    section = fields.CharField(
        _("section"), max_length=100, blank=True, help_text=_("A heading on the agenda.")
    )
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presenter"),
    )
    papers = fields.TextField(
        _("papers"),
        max_length=bounds.TEXT,
        blank=True,
        help_text=_("One a line: a title, if you like, and a link."),
    )
    note = fields.TextField(
        _("note"),
        max_length=bounds.TEXT,
        blank=True,
        help_text=_("What the minutes say beside what is on record."),
    )
    reasons = fields.JSONField(
        _("reasons"), max_size=2000, default=list, blank=True, editable=False
    )
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
    activated_at = fields.DateTimeField(
        _("taken up at"),
        null=True,
        blank=True,
        help_text=_("When the meeting turned to it last."),
    )
    times_deferred = fields.PositiveSmallIntegerField(_("times carried over"), default=0)
    carried_from = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )

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
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(status="active"),
                name="council_agendaitem_one_at_a_time",
            ),
            models.CheckConstraint(
                name="council_agendaitem_active_since",
                condition=~Q(status="active") | Q(activated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="council_agendaitem_is_about_something",
                condition=Q(request__isnull=False) | ~Q(title=""),
            ),
            models.CheckConstraint(
                name="council_agendaitem_kind_known",
                condition=Q(kind__in=["inform", "discuss", "decide", "review", "workshop"]),
            ),
            models.CheckConstraint(
                name="council_agendaitem_takes_a_minute_to_a_day",
                condition=Q(minutes__gte=1, minutes__lte=1440),
                violation_error_code="out_of_range",
                violation_error_message=_("An item takes from one minute to a day."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="council_agendaitem_by_status"),
            models.Index(fields=["position", "id"], name="council_agendaitem_by_position"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.request)
