"""What was answered to a write, so that a caller may ask again without doing it again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.rules import bounds


class IdempotencyKey(models.Model):
    """A caller's name for one write: claimed with a lease, then kept with its answer for a day.

    Either it is being worked on (`lease_until`, `lease_token`) or it has its answer (`status`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("colleague"),
    )
    method = fields.CharField(max_length=8)
    path = fields.CharField(max_length=300)
    key = fields.CharField(max_length=255)
    fingerprint = fields.CharField(max_length=64)
    claimed_at = fields.DateTimeField(db_index=True)
    lease_until = fields.DateTimeField(null=True)
    lease_token = fields.CharField(max_length=32, blank=True)
    status = fields.PositiveSmallIntegerField(null=True)
    headers = fields.JSONField(max_size=bounds.TEXT, default=dict)
    body = fields.BinaryField(max_length=bounds.RECORD, default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "method", "path", "key"], name="backlog_idempotencykey_one_write"
            ),
            models.CheckConstraint(
                name="backlog_idempotencykey_claimed_or_answered",
                condition=(Q(status__isnull=True, lease_until__isnull=False) & ~Q(lease_token=""))
                | Q(status__isnull=False, lease_until__isnull=True, lease_token=""),
            ),
            models.CheckConstraint(
                name="backlog_idempotencykey_keeps_no_crash",
                condition=Q(status__isnull=True) | Q(status__lt=500),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
