"""Departments: each has one voice."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.edited import Edited
from backlog.models.users import User


class DepartmentQuerySet(models.QuerySet["Department"]):
    def seated(self) -> Self:
        """Departments whose silence widens a score: they have a voting seat on a council."""
        return self.filter(is_seated=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_authenticated else self.none()


class Department(Edited, Searched):
    """A part of the organisation; at the council and in the scores it has one voice."""

    name = fields.CharField(_("name"), max_length=100)
    is_seated = models.BooleanField(
        _("has a voting seat"),
        default=False,
        editable=False,
        help_text=_("Set when a council gives the department a seat."),
    )

    search_text = SearchField("name")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="backlog_department_one_per_name",
                violation_error_code="taken",
                violation_error_message=_("There is a department of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
