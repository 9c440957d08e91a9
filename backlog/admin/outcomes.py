"""What became of a commitment, and telling those who asked."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from backlog.admin.framework.announcing import AnnouncedColumns
from backlog.admin.framework.columns import badge, list_link, readable
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.widgets import MomentWidget
from backlog.admin.measurements import MeasureForm, MeasurementInline
from backlog.db.fields import ends
from backlog.models import Obligation, Outcome, User
from backlog.operations import measurements
from backlog.queries import measurement_texts

RESULT = {
    "delivered": "success",
    "partly": "warning",
    "not_delivered": "danger",
    "rolled_back": "danger",
}


class OutcomeForm(RowActionForm):
    """What became of it, in the customers' languages: they read these very words."""

    result = forms.ChoiceField(
        label=_("result"),
        choices=Outcome.Result.choices,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    summary_ko = forms.CharField(
        **ends(Outcome, "summary"),
        label=_("what was done, in Korean"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3, "lang": "ko"}),
        help_text=_("The customers who asked will read this."),
    )
    summary_en = forms.CharField(
        **ends(Outcome, "summary"),
        label=_("what was done, in English"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3, "lang": "en"}),
    )
    missing_ko = forms.CharField(
        **ends(Outcome, "missing"),
        label=_("what is missing, in Korean"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3, "lang": "ko"}),
        help_text=_("Unless all was delivered: what is missing, why, and what comes next."),
    )
    missing_en = forms.CharField(
        **ends(Outcome, "missing"),
        label=_("what is missing, in English"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3, "lang": "en"}),
    )
    shipped_at = forms.SplitDateTimeField(
        label=_("shipped at"),
        required=False,
        widget=MomentWidget,
        help_text=_("Now, if left empty. Nothing that was not delivered is shipped."),
    )
    shipped_where = forms.CharField(
        label=_("shipped where"),
        required=False,
        **ends(Outcome, "shipped_where"),
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text=_("A version, a channel or a region, as customers know it: they read it too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        result = self.fields["result"]
        assert isinstance(result, forms.ChoiceField)
        if any(row.outcomes.exists() for row in self.rows):
            rolled_back = Outcome.Result.ROLLED_BACK
            result.choices = [(rolled_back.value, rolled_back.label)]
        else:  # There is nothing yet to be rolled back.
            result.choices = [
                each for each in Outcome.Result.choices if each[0] != Outcome.Result.ROLLED_BACK
            ]

    def clean(self) -> dict[str, Any]:
        """The texts by language, as the operation takes them."""
        data = super().clean() or {}
        for name in ("summary", "missing"):
            data[name] = {code: data.pop(f"{name}_{code}", "") for code in ("ko", "en")}
        return data


def announce_link(row: Outcome) -> SafeString:
    """To the page that shows who will be told what, and where they are told."""
    address = reverse("backlog:announce", args=[row.pk])
    words = _("Preview and announce") if row.announced_at is None else _("See the announcement")
    return format_html('<a class="text-link" href="{}">{}</a>', address, words)


@admin.register(Outcome)
class OutcomeAdmin(AnnouncedColumns, RowActionAdmin[Outcome]):
    when_empty = _("Record what became of a commitment.")
    fields = (
        "commitment",
        "telling",
        "result",
        "is_pilot",
        "summary_in_words",
        "missing_in_words",
        "shipped_at",
        "shipped_where",
        "recorded_by",
        "recorded_at",
        "announced_by",
        "announced_at",
        "told",
        "replaces",
        "is_current",
    )
    readonly_fields = (
        "telling",
        "is_pilot",
        "summary_in_words",
        "missing_in_words",
        "announced_by",
        "announced_at",
        "told",
        "replaces",
        "is_current",
    )
    leading = dict.fromkeys(("telling", "told"), "backlog.view_obligation")
    summary_in_words = readable(Outcome, "summary")
    missing_in_words = readable(Outcome, "missing")
    inlines = (MeasurementInline,)
    actions_detail = ("measure",)
    list_display = (
        "of_request",
        badge(Outcome, "result", RESULT),
        "sprint",
        "shipped_at",
        "recorded_at",
        "announced_at",
    )
    list_filter = (("result", ChoicesDropdownFilter), ("is_current", BooleanRadioFilter))
    list_select_related = ("commitment__request", "commitment__sprint", "announcement")
    ordering = ("-recorded_at", "-pk")
    search_fields = ("commitment__request__key", "commitment__request__search_text")

    @row_action(
        _("Measure it"),
        permission="backlog.record_outcome",
        form=MeasureForm,
        icon="monitoring",
        is_offered=lambda row: row.is_current and row.shipped_at is not None,
    )
    def measure(self, row: Outcome, *, by: User, at: datetime, **figures: Any) -> str:
        found = measurements.measure_outcome(outcome_id=row.pk, by=by, at=at, **figures)
        return measurement_texts.sentence(found, measure=row.commitment.measure)

    @admin.display(description=_("is a pilot"), boolean=True)
    def is_pilot(self, row: Outcome) -> bool:
        return row.commitment.is_pilot

    @admin.display(description=_("request"))
    def of_request(self, row: Outcome) -> str:
        return str(row.commitment.request)

    @admin.display(description=_("sprint"))
    def sprint(self, row: Outcome) -> str:
        return str(row.commitment.sprint)

    @admin.display(description=_("telling the customers"))
    def telling(self, row: Outcome) -> SafeString:
        return announce_link(row)

    @admin.display(description=_("customers"))
    def told(self, row: Outcome) -> SafeString:
        announcement = row.announcement.pk
        return list_link(Obligation, _("Show who must hear"), announcement__id__exact=announcement)
