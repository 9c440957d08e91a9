"""Councils: the bodies that decide over backlogs."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import Product, User
from backlog.models.edited import Edited


class CouncilQuerySet(models.QuerySet["Council"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_council") else self.none()


class Council(Edited, Searched):
    """A body that decides over the backlogs of some products, a department a voice."""

    name = fields.CharField(_("name"), max_length=100, unique=True)
    products = models.ManyToManyField(Product, related_name="councils", verbose_name=_("products"))
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chair"),
    )
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("secretary"),
    )

    search_text = SearchField("name")

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")

    def __str__(self) -> str:
        return self.name
