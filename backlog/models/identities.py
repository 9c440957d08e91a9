"""Identities: how a source names a customer."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.customers import Customer
from backlog.models.products import Product
from backlog.models.users import User


class IdentityQuerySet(models.QuerySet["Identity"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Names at sources the person may see."""
        if not user.has_perm("backlog.view_identity"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(Q(source__product__isnull=True) | Q(source__product__in=seen))


class Identity(models.Model):
    """How one source names a customer, so that the same person is found again."""

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("customer"),
    )
    source = models.ForeignKey(
        "backlog.Source",
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("source"),
    )
    external_id = fields.CharField(_("name or number there"), max_length=255)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="backlog_identity_one_customer_per_source_id"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
