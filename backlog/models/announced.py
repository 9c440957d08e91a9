"""What customers are told once a colleague, or two of them, agree to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields


class Announced(models.Model):
    """Recorded first, told later: who asked for a second person, who agreed, who announced it."""

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
        abstract = True
