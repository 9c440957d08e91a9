"""A department's step in a form for any department: it is compared with the one it was shown."""

from typing import Any

from django.utils.translation import gettext as _

from backlog.forms import edit_conflicts
from backlog.models import CustomerRequest


class GuardedStep(edit_conflicts.Guarded):
    """Mix it into a form with the fields `department` and `step`.

    Of the chosen department, and of no other, the step has to be as the form was shown with; what
    it takes the place of is `before` in the cleaned data.
    """

    def request_of_steps(self) -> CustomerRequest:
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if department := cleaned.get("department"):
            cleaned["before"] = self._value_now(str(department.pk))
        return cleaned

    def _refuse_if_changed(self) -> None:
        department = self.cleaned_data.get("department")
        if department is None:
            return
        name = str(department.pk)
        shown = self._shown().get("values")
        known = shown if isinstance(shown, dict) else {}
        if self._is_another(name, {name: edit_conflicts.digest(""), **known}):
            now = self._value_now(name) or "–"
            self.add_error(
                "step",
                _(
                    "Somebody has changed this meanwhile. By now it is: %(value)s What you typed "
                    "is kept; save again if it is to stand."
                )
                % {"value": now},
            )

    def _typed(self, name: str) -> str | None:  # noqa: ARG002 -- the same for any department
        return edit_conflicts.digest(self.cleaned_data.get("step", ""))

    def _values_now(self) -> list[tuple[str, Any]]:
        steps = self.request_of_steps().department_steps.values_list("department", "step")
        return [(str(department), step) for department, step in steps]

    def _value_now(self, name: str) -> Any:
        return dict(self._values_now()).get(name, "")
