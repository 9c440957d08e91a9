"""API tokens: keys for external tools."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from backlog.db import fields
from backlog.db.fields import SearchField
from backlog.models.users import User
from backlog.rules import bounds


class ApiToken(AbstractAuthToken):
    """A key for an external tool: hashed at rest, with scopes and an expiry; acts as its owner.

    Without `made_by`, it was made at the command line.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("colleague")
    )
    made_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    name = fields.CharField(_("name"), max_length=100)
    scopes = fields.JSONField(_("scopes"), max_size=bounds.REASON, default=list)
    last_used_at = fields.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = fields.DateTimeField(_("revoked at"), null=True, blank=True)

    # Never edited, so that it need not be Searched.
    search_text = SearchField("name", "token_key")

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    def has_expired(self, *, at: datetime) -> bool:
        return self.expiry is not None and self.expiry <= at

    def is_over(self, *, at: datetime) -> bool:
        return self.revoked_at is not None or self.has_expired(at=at)
