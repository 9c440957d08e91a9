"""Letting customers hear of an outcome or of a status update: who asked, agreed and announced."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.outcomes import Outcome
from backlog.models.status_updates import StatusUpdate


class Announcement(models.Model):
    """One for each outcome and each status update, from the moment that it is recorded.

    A second person may have been asked to agree; nobody is told before it is announced.
    """

    outcome = models.OneToOneField(
        Outcome,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="announcement",
        verbose_name=_("outcome"),
    )
    status_update = models.OneToOneField(
        StatusUpdate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="announcement",
        verbose_name=_("status update"),
    )
    # Both as of what it announces: a constraint cannot look into another table. `save()` reads
    # whether words lack; who writes past it and does not say so is refused by the database.
    recorded_at = fields.DateTimeField(_("recorded at"))
    lacks_words = models.BooleanField(editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("countersign asked for by"),
    )
    asked_at = fields.DateTimeField(_("countersign asked for at"), null=True, blank=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("countersigned by"),
    )
    countersigned_at = fields.DateTimeField(_("countersigned at"), null=True, blank=True)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("announced by"),
    )
    announced_at = fields.DateTimeField(_("announced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(
                name="backlog_announcement_of_one_thing",
                condition=Q(outcome__isnull=False, status_update__isnull=True)
                | Q(outcome__isnull=True, status_update__isnull=False),
            ),
            models.CheckConstraint(
                name="backlog_announcement_announced_after_recorded",
                condition=Q(announced_at__isnull=True) | Q(announced_at__gte=F("recorded_at")),
            ),
            models.CheckConstraint(
                name="backlog_announcement_a_no_is_told_with_words",
                condition=~Q(lacks_words=True, announced_at__isnull=False),
            ),
            models.CheckConstraint(
                name="backlog_announcement_countersigned_by_another",
                condition=Q(countersigned_at__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(countersigned_by=F("asked_by")),
            ),
        ]
        indexes = [
            # The public changelog pages through announced outcomes, the newest first.
            models.Index(
                fields=["-announced_at", "-outcome"],
                name="backlog_announcement_changelog",
                condition=Q(announced_at__isnull=False, outcome__isnull=False),
            ),
            # What still waits to be announced: few.
            models.Index(
                fields=["outcome", "status_update"],
                name="backlog_announcement_waiting",
                condition=Q(announced_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.lacks_words = self.subject.lacks_words
        if update_fields is not None:
            update_fields = {*update_fields, "lacks_words"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def subject(self) -> Outcome | StatusUpdate:
        found = self.outcome or self.status_update
        assert found is not None
        return found
