"""Imports: files read into a source."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.sources import Source
from backlog.models.users import User

SILENT_FOR: Final = timedelta(minutes=10)
"""No batch takes so long: whoever has stored none for so long is not there any more."""


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def abandoned(self, *, at: datetime) -> Self:
        """Whose process ended without a word, as of a power cut."""
        return self.filter(status=ImportRun.Status.RUNNING, heard_of_at__lte=at - SILENT_FOR)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_importrun"):
            return self.none()
        return self.filter(source__in=Source.objects.visible_to(user))


class ImportRun(Searched):
    """One file read into a source: what was in it and what became of each row."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="import_runs", verbose_name=_("source")
    )
    file_name = fields.CharField(_("file"), max_length=255)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = fields.DateTimeField(_("started at"))
    # By the database's clock, which all processes share.
    heard_of_at = fields.DateTimeField(_("last heard of at"), db_default=Now(), editable=False)
    finished_at = fields.DateTimeField(_("finished at"), null=True, blank=True)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.RUNNING)
    rows_read = fields.PositiveIntegerField(_("rows read"), default=0)
    rows_stored = fields.PositiveIntegerField(_("rows stored"), default=0)
    rows_known = fields.PositiveIntegerField(_("rows already known"), default=0)
    rows_refused = fields.PositiveIntegerField(_("rows refused"), default=0)

    search_text = SearchField("file_name")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                name="backlog_importrun_every_row_accounted_for",
                condition=Q(
                    rows_read=F("rows_stored") + F("rows_known") + F("rows_refused"),
                ),
            ),
            models.CheckConstraint(
                name="backlog_importrun_status_known",
                condition=Q(status__in=["running", "finished", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_cut_short(self) -> bool:
        """Whether rows may be left that importing the same file again would store."""
        return self.status == self.Status.FAILED
