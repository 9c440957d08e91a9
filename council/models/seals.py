"""The chain that shows whether what a council decided was changed afterwards."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import Product, User
from backlog.rules import bounds
from council.models.ballots import Ballot
from council.models.councils import Council
from council.models.decisions import Decision


class SealQuerySet(models.QuerySet["Seal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All but those of decisions and ballots that the person may not see."""
        if not user.has_perm("council.view_seal"):
            return self.none()
        seen = Product.objects.visible_to(user)
        of_it = OuterRef("subject_id")
        decisions = Decision.objects.filter(pk=of_it).exclude(request__product__in=seen)
        ballots = Ballot.objects.filter(pk=of_it)
        hidden = ballots.exclude(agenda_item__request__product__in=seen)
        return self.exclude(Exists(decisions), subject_type="decision").exclude(
            Exists(hidden), subject_type="ballot"
        )


class Seal(models.Model):
    """A link of the council's chain: what was decided, digested, and the digest before it."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="seals", verbose_name=_("council")
    )
    number = fields.PositiveIntegerField(_("number"))
    subject_type = fields.CharField(_("subject"), max_length=32)
    subject_id = fields.PositiveBigIntegerField(_("number of the subject"))
    content = fields.JSONField(_("what was sealed"), max_size=bounds.RECORD)
    digest = fields.CharField(_("digest"), max_length=64)
    previous = fields.CharField(_("previous digest"), max_length=64, blank=True)
    sealed_at = fields.DateTimeField(_("sealed at"))

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "number"], name="council_seal_one_per_number"
            ),
            models.UniqueConstraint(
                fields=["council", "previous"], name="council_seal_chain_does_not_fork"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.number}"
