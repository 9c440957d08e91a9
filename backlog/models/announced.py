"""What customers are told once a colleague, or two of them, agree to it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields

if TYPE_CHECKING:
    from backlog.models.announcements import Announcement
    from backlog.models.obligations import ObligationQuerySet
    from backlog.models.users import User


class Announced(models.Model):
    """Recorded first, told later; how far that has come is read from its announcement."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = fields.DateTimeField(_("recorded at"))
    is_current = models.BooleanField(_("is current"), default=True, editable=False)

    if TYPE_CHECKING:
        announcement: Announcement

    class Meta:
        abstract = True

    @property
    def lacks_words(self) -> bool:
        """Whether somebody must write first what customers read; where it may be empty."""
        return False

    @property
    def asked_by(self) -> "User | None":
        return self.announcement.asked_by

    @property
    def asked_at(self) -> datetime | None:
        return self.announcement.asked_at

    @property
    def countersigned_by(self) -> "User | None":
        return self.announcement.countersigned_by

    @property
    def countersigned_at(self) -> datetime | None:
        return self.announcement.countersigned_at

    @property
    def announced_by(self) -> "User | None":
        return self.announcement.announced_by

    @property
    def announced_at(self) -> datetime | None:
        return self.announcement.announced_at

    @property
    def obligations(self) -> "ObligationQuerySet":
        """Who must hear of it."""
        return self.announcement.obligations.all()
