"""Invitations: who is asked to a meeting, what they answered, and which mail they are owed."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backlog.db import fields
from backlog.models import User
from council.models.meetings import Meeting
from council.models.seats import Seat


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def asked(self) -> Self:
        """Those who are asked to come, and were not told since that they need not."""
        return self.exclude(method=Invitation.Method.CANCEL)

    def to_send(self, *, at: datetime) -> Self:
        """What is owed now and is in nobody's hands."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
        return self.filter(free, status=Invitation.Status.OWED, due_at__lte=at)


class Invitation(models.Model):
    """A colleague is asked to a meeting, and says whether they come.

    The row is the mail that is owed as well: one at a time, for `sequence` of the meeting.
    """

    class Capacity(models.TextChoices):
        HOLDER = "holder", _("holds the seat")
        ALTERNATE = "alternate", _("stands in for the holder")
        OFFICER = "officer", _("chairs or takes the minutes")
        GUEST = "guest", _("guest")

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        YES = "yes", _("comes")
        NO = "no", _("does not come")
        ALTERNATE = "alternate", _("sends the alternate")

    class Method(models.TextChoices):
        REQUEST = "request", _("invitation")
        CANCEL = "cancel", _("cancellation")

    class Status(models.TextChoices):
        OWED = "owed", _("is to be sent")
        SENT = "sent", _("was sent")
        FAILED = "failed", _("could not be sent")
        OUTDATED = "outdated", _("came too late to be sent")

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("colleague"),
    )
    seat = models.ForeignKey(
        Seat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("seat"),
    )
    capacity = fields.CharField(_("asked as"), max_length=16, choices=Capacity)
    answer = fields.CharField(
        pgettext_lazy("invitation", "answer"), max_length=16, choices=Answer, blank=True, default=""
    )
    answered_at = fields.DateTimeField(_("answered at"), null=True, blank=True)
    method = fields.CharField(_("mail"), max_length=8, choices=Method, default=Method.REQUEST)
    status = fields.CharField(_("status"), max_length=8, choices=Status, default=Status.OWED)
    sequence = fields.PositiveIntegerField(default=0, editable=False)
    due_at = fields.DateTimeField(_("to be sent from"), editable=False)
    sent_at = fields.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = fields.PositiveSmallIntegerField(default=0, editable=False)
    claimed_until = fields.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], name="council_invitation_once_each"
            ),
            models.CheckConstraint(
                name="council_invitation_capacity_known",
                condition=Q(capacity__in=["holder", "alternate", "officer", "guest"]),
            ),
            models.CheckConstraint(
                name="council_invitation_for_a_seat_or_none",
                condition=Q(capacity__in=["holder", "alternate"], seat__isnull=False)
                | Q(capacity__in=["officer", "guest"], seat__isnull=True),
            ),
            models.CheckConstraint(
                name="council_invitation_answer_known",
                condition=Q(answer__in=["yes", "no"], answered_at__isnull=False)
                | Q(answer="alternate", capacity="holder", answered_at__isnull=False)
                | Q(answer="", answered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="council_invitation_method_known",
                condition=Q(method__in=["request", "cancel"]),
            ),
            models.CheckConstraint(
                name="council_invitation_status_known",
                condition=Q(status="sent", sent_at__isnull=False)
                | Q(status__in=["owed", "failed", "outdated"]),
            ),
            models.CheckConstraint(
                name="council_invitation_claimed_while_owed",
                condition=Q(claimed_until__isnull=True) | Q(status="owed"),
            ),
            models.CheckConstraint(
                name="council_invitation_claimed_when_due",
                condition=Q(claimed_until__isnull=True) | Q(claimed_until__gte=F("due_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="council_invitation_owed",
                condition=Q(status="owed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.meeting}"
