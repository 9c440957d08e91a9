"""Views: what somebody has narrowed a list to, kept under a name."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.products import Product
from backlog.models.users import User
from backlog.rules import bounds


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those that colleagues share of boards that one may see."""
        if not isinstance(user, User):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(Q(user=user) | Q(is_shared=True, product__in=seen))

    def of(self, user: User | AnonymousUser) -> Self:
        """One's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class View(models.Model):
    """The filters, the order and the columns that one colleague keeps of one list.

    That of a board, which has a `product`, can be shared with everybody who sees the board, and one
    of these is what the board shows whom asks for nothing. Filters that the list no longer has say
    nothing; what one may see is asked each time anew.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="views", verbose_name=_("colleague")
    )
    listing = fields.CharField(_("list"), max_length=64)
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="views",
        verbose_name=_("product"),
    )
    name = fields.CharField(_("name"), max_length=60)
    wanted = fields.JSONField(_("filters"), max_size=bounds.REASON, default=dict)
    """By the name of a parameter of the list's address its values."""
    is_shared = models.BooleanField(_("shared"), default=False, db_default=False)
    is_default = models.BooleanField(_("shown first"), default=False, db_default=False)

    objects = ViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "name"],
                condition=Q(product__isnull=True),
                name="backlog_view_one_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["user", "product", "name"],
                condition=Q(product__isnull=False),
                name="backlog_view_one_of_a_name_on_a_board",
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(is_default=True),
                name="backlog_view_one_is_shown_first",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="backlog_view_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_shared=False) | Q(product__isnull=False),
                name="backlog_view_shared_on_a_board",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_shared=True),
                name="backlog_view_shown_first_is_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.name
