"""Reminders: mail to members who have not read what comes up, or not answered what is asked."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from council.models.ballots import Ballot
from council.models.meetings import Meeting


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        seen = Meeting.objects.visible_to(user)
        asked = Ballot.objects.visible_to(user)
        return self.filter(Q(meeting__in=seen) | Q(ballot__in=asked))

    def due(self, *, at: datetime) -> Self:
        """To be sent: waiting, or claimed by a worker that died over it."""
        waiting = Q(status=Reminder.Status.QUEUED, not_before__lte=at)
        abandoned = Q(status=Reminder.Status.SENDING, lease_until__lte=at)
        return self.filter(waiting | abandoned).order_by("pk")


class Reminder(models.Model):
    """One mail to one member: of a meeting to prepare for, or of a ballot to answer by a deadline.

    One a day at most for the same thing, whoever asks for it: the clock or a colleague.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")
        DEAD = "dead", _("given up")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("meeting"),
    )
    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("ballot"),
    )
    day = fields.DateField(_("day"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
        help_text=_("Empty where the clock did."),
    )
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.QUEUED)
    created_at = fields.DateTimeField(_("written at"))
    not_before = fields.DateTimeField(_("not before"))
    attempts = fields.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = fields.DateTimeField(_("lease until"), null=True, blank=True)
    sent_at = fields.DateTimeField(_("sent at"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user", "day"],
                condition=Q(meeting__isnull=False),
                name="council_reminder_of_a_meeting_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["ballot", "user", "day"],
                condition=Q(ballot__isnull=False),
                name="council_reminder_of_a_ballot_once_a_day",
            ),
            models.CheckConstraint(
                name="council_reminder_of_a_meeting_or_a_ballot",
                condition=Q(meeting__isnull=False, ballot__isnull=True)
                | Q(meeting__isnull=True, ballot__isnull=False),
            ),
            models.CheckConstraint(
                name="council_reminder_status_known",
                condition=Q(status__in=["queued", "sending", "sent", "cancelled", "dead"]),
            ),
            models.CheckConstraint(
                name="council_reminder_leased_iff_sending",
                condition=Q(status="sending", lease_until__isnull=False)
                | (~Q(status="sending") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="council_reminder_sent_has_a_time",
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="council_reminder_waiting",
                condition=Q(status__in=["queued", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.meeting or self.ballot}"
