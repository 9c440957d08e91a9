"""Letters: mail to colleagues about the council's work, each owed once."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backlog.db import fields
from backlog.models import User
from backlog.rules import bounces
from council.models.action_items import ActionItem
from council.models.ballots import Ballot
from council.models.meetings import Meeting
from council.models.minutes import Minutes

THINGS = ("meeting", "ballot", "minutes", "action_item")


def _about(thing: str, *kinds: str) -> Q:
    """Letters of these kinds are about this one thing alone."""
    return Q(kind__in=kinds, **{f"{each}__isnull": each != thing for each in THINGS})


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; what was sent to others shows on the minutes as a number."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def due(self, *, at: datetime) -> Self:
        """Waiting, or claimed by a worker that died before it could say what became of them."""
        left = Q(status=Letter.Status.SENDING, lease_until__lte=at)
        return self.filter(Q(status=Letter.Status.QUEUED, not_before__lte=at) | left)


class Letter(models.Model):
    """One mail to one colleague: minutes, or a reminder of what waits for them.

    A reminder of what was done before it left is cancelled.

    What left carries the head of the sealed ledger at that time (`anchor_number`,
    `anchor_digest`), so that it can be compared with the database later.
    """

    class Kind(models.TextChoices):
        AGENDA = "agenda", _("an agenda to read")
        BALLOT = "ballot", _("a vote that waits for an answer")
        REVIEW = "review", _("minutes to look through")
        OVERDUE_MINUTES = "overdue_minutes", _("minutes that are overdue")
        MINUTES = "minutes", _("approved minutes")
        ACTION_DUE = "action_due", _("an action that is due soon")
        ACTION_OVERDUE = "action_overdue", _("an action that is overdue")

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("not needed any more")
        DEAD = "dead", _("given up")

    kind = fields.CharField(_("kind"), max_length=16, choices=Kind)
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
        related_name="letters",
        verbose_name=_("meeting"),
    )
    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("ballot"),
    )
    minutes = models.ForeignKey(
        Minutes,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=pgettext_lazy("record", "minutes"),
    )
    action_item = models.ForeignKey(
        ActionItem,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("action item"),
    )
    dedupe_key = fields.CharField(max_length=100, unique=True, editable=False)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.QUEUED)
    created_at = fields.DateTimeField(_("written at"))
    not_before = fields.DateTimeField(_("not before"))
    lease_until = fields.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = fields.PositiveSmallIntegerField(_("attempts"), default=0)
    failure = fields.CharField(_("last failure"), max_length=bounces.KEPT, blank=True)
    sent_at = fields.DateTimeField(_("sent at"), null=True, blank=True)
    anchor_number = fields.PositiveIntegerField(_("link of the ledger"), null=True, blank=True)
    anchor_digest = fields.CharField(_("digest of the link"), max_length=64, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                name="council_letter_kind_known",
                condition=Q(
                    kind__in=[
                        "agenda",
                        "ballot",
                        "review",
                        "overdue_minutes",
                        "minutes",
                        "action_due",
                        "action_overdue",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="council_letter_status_known",
                condition=Q(status__in=["queued", "sending", "sent", "cancelled", "dead"]),
            ),
            models.CheckConstraint(
                name="council_letter_about_one_thing",
                condition=_about("meeting", "agenda")
                | _about("ballot", "ballot")
                | _about("minutes", "review", "overdue_minutes", "minutes")
                | _about("action_item", "action_due", "action_overdue"),
            ),
            models.CheckConstraint(
                name="council_letter_leased_iff_sending",
                condition=Q(status="sending", lease_until__isnull=False)
                | (~Q(status="sending") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="council_letter_sent_has_a_time",
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="council_letter_owed",
                condition=Q(status__in=["queued", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"
