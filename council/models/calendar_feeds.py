"""Calendar feeds: the secret address under which a colleague's calendar reads their meetings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields


class CalendarFeed(models.Model):
    """A colleague's address for their calendar. It is shown once; only its digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_feeds",
        verbose_name=_("colleague"),
    )
    digest = fields.CharField(max_length=64, unique=True, editable=False)
    made_at = fields.DateTimeField(_("made at"))
    revoked_at = fields.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="council_calendarfeed_one_of_a_colleague",
            ),
            models.CheckConstraint(
                name="council_calendarfeed_revoked_after_made",
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"
