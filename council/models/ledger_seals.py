"""The chain of the whole ledger, in batches: every event of both apps, and words of outcomes."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from backlog.rules import bounds


class LedgerSealQuerySet(models.QuerySet["LedgerSeal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Ids and digests alone: whoever may see seals."""
        return self if user.has_perm("council.view_seal") else self.none()


class LedgerSeal(models.Model):
    """A link of the ledger's chain: the events that came since the link before it.

    `entries` has for each event, and for each text that is sealed with one, what it is, the salt
    of its digest and the digest; without a salt, the words are gone because somebody was
    forgotten, and the digest stands for them.
    """

    number = fields.PositiveIntegerField(_("number"), unique=True)
    first_event = fields.PositiveBigIntegerField(_("first event"))
    last_event = fields.PositiveBigIntegerField(_("last event"), db_index=True)
    events = fields.PositiveIntegerField(_("events"))
    entries = fields.JSONField(_("what was sealed"), max_size=bounds.RECORD)
    digest = fields.CharField(_("digest"), max_length=64)
    previous = fields.CharField(_("previous digest"), max_length=64, blank=True, unique=True)
    sealed_at = fields.DateTimeField(_("sealed at"))

    objects = LedgerSealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal of the ledger")
        verbose_name_plural = _("seals of the ledger")
        constraints = [
            models.CheckConstraint(
                name="council_ledgerseal_first_comes_first",
                condition=models.Q(first_event__lte=models.F("last_event")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
