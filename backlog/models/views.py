"""Views: what somebody has narrowed a list to, kept under a name."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.users import User
from backlog.rules import bounds


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class View(models.Model):
    """The filters and the order that one colleague keeps of one list.

    Filters that the list no longer has say nothing; what one may see is asked each time anew.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="views", verbose_name=_("colleague")
    )
    listing = fields.CharField(_("list"), max_length=64)
    name = fields.CharField(_("name"), max_length=60)
    wanted = fields.JSONField(_("filters"), max_size=bounds.REASON, default=dict)
    """By the name of a parameter of the list's address its values."""

    objects = ViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "name"], name="backlog_view_one_of_a_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="backlog_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
