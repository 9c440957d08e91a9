"""Person-days of departments: all of a sprint's, or all of a commitment's, on one form."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework.row_actions import RowActionForm
from backlog.db.fields import ends
from backlog.models import Commitment, Department, Effort, Sprint, User
from backlog.operations import capacity


class DaysForm(RowActionForm):
    """A number for each department; empty is none."""

    columns = 2
    must_say_what_it_was_shown_with = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self._known()
        for department in Department.objects.visible_to(self.viewer).order_by("name"):
            self.fields[f"of_{department.pk}"] = forms.DecimalField(
                label=department.name,
                required=False,
                **{**ends(Effort, "days"), "min_value": 0},
                initial=known.get(department.pk),
                widget=widgets.UnfoldAdminDecimalFieldWidget,
            )

    def _known(self) -> dict[int, Decimal]:
        raise NotImplementedError

    def note(self) -> StrOrPromise:
        return _("In person-days; half days are fine. Empty is none.")


class CapacityForm(DaysForm):
    def _known(self) -> dict[int, Decimal]:
        return {row.department_id: row.days for row in self.rows[0].capacities.all()}


class EffortForm(DaysForm):
    def _known(self) -> dict[int, Decimal]:
        return {row.department_id: row.days for row in self.rows[0].efforts.all()}


def set_capacity(sprint: Sprint, *, by: User, at: datetime, **days: Decimal | None) -> None:
    for department_id, wanted in _wanted(days):
        capacity.set_capacity(
            sprint_id=sprint.pk, department_id=department_id, days=wanted, by=by, at=at
        )


def set_effort(commitment: Commitment, *, by: User, at: datetime, **days: Decimal | None) -> None:
    for department_id, wanted in _wanted(days):
        capacity.set_effort(
            commitment_id=commitment.pk, department_id=department_id, days=wanted, by=by, at=at
        )


def _wanted(days: dict[str, Decimal | None]) -> Iterator[tuple[int, Decimal]]:
    for name, wanted in days.items():
        yield int(name.removeprefix("of_")), wanted or Decimal(0)
