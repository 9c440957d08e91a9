"""Preparations: who has read what a meeting will take up, before it does."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from council.models.agenda_items import AgendaItem


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(agenda_item__in=AgendaItem.objects.visible_to(user))


class Preparation(models.Model):
    """Somebody has read an item of an agenda, and says so.

    Whoever says of all of them that they have read them is prepared for the meeting; what is put on
    its agenda later waits to be read.
    """

    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.CASCADE,
        related_name="preparations",
        verbose_name=_("agenda item"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    read_at = fields.DateTimeField(_("read at"))

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        constraints = [
            models.UniqueConstraint(
                fields=["agenda_item", "user"], name="council_preparation_read_once_by_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agenda_item}"
