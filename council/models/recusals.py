"""Recusals: whose seat has no voice on an item, for a conflict of interest."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from backlog.models.feedback import new_salt
from backlog.rules import bounds
from council.models.agenda_items import AgendaItem
from council.models.seats import Seat


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(agenda_item__in=AgendaItem.objects.visible_to(user))

    def standing(self, *, at: datetime | None = None) -> Self:
        """Those that hold, now or at that time."""
        if at is None:
            return self.filter(returned_at__isnull=True)
        over = Q(returned_at__isnull=True) | Q(returned_at__gt=at)
        return self.filter(over, stepped_aside_at__lte=at)


class Recusal(models.Model):
    """A seat steps aside for one item, on record: it neither counts as there nor votes on it.

    Of a ballot that is closed they are in its seal, as they stood then.
    """

    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        related_name="recusals",
        verbose_name=_("agenda item"),
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="recusals", verbose_name=_("seat")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    reason = fields.TextField(_("reason"), max_length=bounds.REASON)
    stepped_aside_at = fields.DateTimeField(_("stepped aside at"))
    returned_at = fields.DateTimeField(_("returned at"), null=True, blank=True)
    # Of the reason's digest in the chain; gone once somebody who is named in it was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(
                fields=["agenda_item", "seat"],
                condition=Q(returned_at__isnull=True),
                name="council_recusal_one_of_a_seat_at_a_time",
            ),
            models.CheckConstraint(name="council_recusal_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="council_recusal_returns_after_stepping_aside",
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("stepped_aside_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} · {self.agenda_item}"
