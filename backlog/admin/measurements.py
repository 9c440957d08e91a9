"""Measuring an outcome: what the step asks, and the measurements shown below the outcome."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionForm
from backlog.db.fields import ends
from backlog.models import Measurement, Outcome
from backlog.queries import measurement_texts


def _called(name: str) -> StrOrPromise:
    field = Measurement._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    assert isinstance(field, Field)
    return field.verbose_name


def _count(name: str, **options: Any) -> forms.IntegerField:
    widget = widgets.UnfoldAdminIntegerFieldWidget
    return forms.IntegerField(
        label=_called(name), widget=widget, **{**ends(Measurement, name), **options}
    )


def _number(name: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_called(name),
        required=False,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
        **{**ends(Measurement, name), **options},
    )


class MeasureForm(RowActionForm):
    """Two samples side by side, in conversions or in averages."""

    columns = 2

    design = forms.ChoiceField(
        label=_called("design"),
        choices=Measurement.Design.choices,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    is_less_better = forms.BooleanField(
        label=_called("is_less_better"),
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget,
        help_text=_("As with complaints or waiting times."),
    )
    before_n = _count("before_n", min_value=1)
    after_n = _count("after_n", min_value=1)
    before_conversions = _count("before_conversions", min_value=0, required=False)
    after_conversions = _count("after_conversions", min_value=0, required=False)
    before_mean = _number("before_mean")
    after_mean = _number("after_mean")
    before_spread = _number("before_spread", min_value=0)
    after_spread = _number("after_spread", min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            self.initial["is_less_better"] = self.rows[0].commitment.is_less_better

    def note(self) -> StrOrPromise:
        return _(
            "Give how many there were in each sample, and either how many of them converted, or "
            "their average; with the standard deviations, a change can be told from chance."
        )


class MeasurementInline(ReadOnlyInline[Measurement, Outcome]):
    model = Measurement
    fields = ("design", "change", "verdict", "bounds", "samples", "measured_by", "measured_at")
    readonly_fields = ("change", "verdict", "bounds", "samples")
    ordering = ("-measured_at", "-pk")
    joined = ("measured_by", "outcome__commitment__sprint", "outcome__commitment__request")
    hide_title = True
    tab = False

    @admin.display(description=_("measured"))
    def change(self, row: Measurement) -> str:
        return measurement_texts.change(row)

    @admin.display(description=_("verdict"))
    def verdict(self, row: Measurement) -> str:
        return row.get_verdict_display()

    @admin.display(description=_("difference"))
    def bounds(self, row: Measurement) -> str:
        return measurement_texts.bounds(row)

    @admin.display(description=_("samples"))
    def samples(self, row: Measurement) -> str:
        return measurement_texts.samples(row)
