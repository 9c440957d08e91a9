"""What is expected as figures, in a form: some rows, each of a measure, two figures and a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from council.models import Prediction
from council.rules.predictions import MOST, Expected, plain

NAMES: Final = ("measure", "baseline", "target", "due_on", "probability")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed, or as a ballot has it."""

    number: int
    measure: str = ""
    baseline: str = ""
    target: str = ""
    due_on: str = ""
    probability: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in NAMES)


class FiguresForm(forms.Form):
    """Mix it into a form: a row is given as a whole, or left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST + 1):
            for name, field in _fields().items():
                self.fields[f"{name}_{number}"] = field

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, MOST + 1):
            names = [f"{name}_{number}" for name in NAMES]
            missing = [name for name in names if cleaned.get(name) in (None, "")]
            if len(missing) < len(names):
                for name in missing:
                    if name not in self.errors:
                        self.add_error(name, _("All of a row is needed, or nothing of it."))
        return cleaned

    def expected(self) -> tuple[Expected, ...]:
        given = self.cleaned_data
        rows = ({name: given[f"{name}_{n}"] for name in NAMES} for n in range(1, MOST + 1))
        return tuple(Expected(**row) for row in rows if row["measure"])


def _fields() -> dict[str, forms.Field]:
    return {
        "measure": forms.CharField(
            label=_("What is measured"), required=False, **ends(Prediction, "measure")
        ),
        "baseline": forms.DecimalField(
            label=_("From"), required=False, **ends(Prediction, "baseline")
        ),
        "target": forms.DecimalField(label=_("To"), required=False, **ends(Prediction, "target")),
        "due_on": forms.DateField(label=_("By when"), required=False),
        "probability": forms.IntegerField(
            label=_("How sure, in percent"), required=False, min_value=1, max_value=99
        ),
    }


def rows_of(expected: Iterable[Expected]) -> list[Row]:
    """As many rows as a form has, those that are given first."""
    given = [
        Row(
            number,
            each.measure,
            plain(each.baseline),
            plain(each.target),
            each.due_on.isoformat(),
            str(each.probability),
        )
        for number, each in enumerate(expected, 1)
    ]
    return [*given, *(Row(number) for number in range(len(given) + 1, MOST + 1))]


def rows_typed(data: Mapping[str, Any]) -> list[Row]:
    """As somebody typed them."""
    return [
        Row(number, **{name: str(data.get(f"{name}_{number}") or "") for name in NAMES})
        for number in range(1, MOST + 1)
    ]
