"""What the council decided. Decisions are recorded and never edited."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin.framework.columns import badge, readable
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounAdmin, NounForm, ReadOnlyInline, user_of
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import CustomerRequest, User
from backlog.models.assessments import awaiting
from backlog.rules import bounds
from council.models import AgendaItem, Council, Decision, Prediction, Review
from council.operations import decisions
from council.rules.predictions import Expected

VERDICT = {
    "approve": "success",
    "pilot": "info",
    "defer": "warning",
    "decline": "danger",
}
STATUS = {"in_effect": "success", "review_due": "warning", "reaffirmed": "success"}


class OptionsField(forms.CharField):
    """One option a line, as a list."""

    widget = widgets.UnfoldAdminTextareaWidget({"rows": 4})

    def __init__(self, **kwargs: Any) -> None:
        longest = bounds.OPTIONS * (bounds.OPTION + len("\r\n"))
        super().__init__(max_length=longest, **kwargs)

    def clean(self, value: Any) -> Any:
        lines = super().clean(value).splitlines()
        return [line.strip() for line in lines if line.strip()]


class CustomerWordsField(forms.CharField):
    """What customers read of a decision, in one language."""

    def __init__(self, label: StrOrPromise, language: str, **kwargs: Any) -> None:
        widget = widgets.UnfoldAdminTextareaWidget({"rows": 3, "lang": language})
        super().__init__(
            label=label, required=False, max_length=bounds.MESSAGE, widget=widget, **kwargs
        )


def words_for_customers(data: dict[str, Any]) -> dict[str, Any]:
    """The facts of a form with its two fields as the operation takes them."""
    words = {code: data.pop(f"customer_words_{code}", "") for code in ("ko", "en")}
    return {**data, "customer_words": words}


FOR_CUSTOMERS = _("Read once it is announced. The rationale never is. It can be written later.")


class FiguresField(forms.CharField):
    """One figure a line, in five parts."""

    widget = widgets.UnfoldAdminTextareaWidget({"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        about = _("One a line: what is measured; from; to; by when; how sure in percent.")
        super().__init__(
            label=_("expected as figures"),
            required=False,
            max_length=bounds.REASON,
            help_text=about,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        try:
            return tuple(Expected.from_line(line) for line in lines)
        except ValueError as fault:
            raise forms.ValidationError(
                _("Five parts with semicolons between: returns a week; 40; 25; 2027-03-31; 70")
            ) from fault


class DecisionForm(NounForm[Decision]):
    predictions = FiguresField()
    options = OptionsField(label=_("options weighed"), required=False, help_text=_("One a line."))
    customer_words_ko = CustomerWordsField(
        _("what we say to customers, in Korean"), "ko", help_text=FOR_CUSTOMERS
    )
    customer_words_en = CustomerWordsField(_("what we say to customers, in English"), "en")


class PredictionInline(ReadOnlyInline[Prediction, Decision]):
    model = Prediction
    fields = (
        "measure",
        "baseline",
        "target",
        "due_on",
        "probability",
        "predicted_by",
        "result",
        "actual",
    )
    ordering = ("due_on", "pk")
    joined = ("predicted_by",)


class ReviewInline(ReadOnlyInline[Review, Decision]):
    model = Review
    fields = ("result", "words", "conclusion", "next_on", "reviewed_by", "reviewed_at")
    ordering = ("pk",)
    joined = ("reviewed_by",)


@admin.register(Decision)
class DecisionAdmin(NounAdmin[Decision]):
    to_add = "council.record_decision"
    when_empty = _("Decisions are recorded on the agenda items of a meeting in session.")

    form = DecisionForm
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "council",
                    "request",
                    "agenda_item",
                    "verdict",
                    "reason_code",
                    "rationale",
                )
            },
        ),
        (_("What was weighed"), {"fields": ("options", "conditions", "dissent")}),
        (_("What is expected"), {"fields": ("expected_effect", "predictions", "review_on")}),
        (_("For customers"), {"fields": ("customer_words_ko", "customer_words_en")}),
    )
    fields = (
        "request",
        "act",
        "what_changed",
        "verdict",
        "rationale",
        "reason_code",
        "options_in_words",
        "conditions",
        "dissent",
        "expected_effect",
        "review_on",
        ("evidence_from", "evidence_due_on"),
        "next_review_on",
        "status",
        "council",
        "agenda_item",
        "ballot",
        "seat",
        "decided_by",
        "decided_at",
        "supersedes",
        "taken_with",
        "frozen_in_words",
    )
    inlines = (PredictionInline, ReviewInline)
    readonly_fields = (
        "taken_with",
        "options_in_words",
        "frozen_in_words",
        "next_review_on",
    )
    options_in_words = readable(Decision, "options")
    frozen_in_words = readable(Decision, "frozen")
    autocomplete_fields = ("council", "request", "agenda_item")
    list_display = (
        "request",
        badge(Decision, "verdict", VERDICT),
        "council",
        "decided_by",
        "decided_at",
        badge(Decision, "status", STATUS),
        "review_on",
    )
    list_filter = (
        ("council", RowFilter),
        ("verdict", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("request", RowFilter),
        ("decided_at", DaysFilter),
    )
    list_select_related = ("request", "council", "decided_by")
    ordering = ("-decided_at", "-pk")
    sortable_by = ("decided_at",)
    search_fields = ("request__key", "request__search_text", "search_text")

    def get_fields(self, request: HttpRequest, obj: Decision | None = None) -> Any:
        """Without what departments said, for those who have yet to assess the request."""
        fields = super().get_fields(request, obj)
        is_blind = obj and awaiting(user_of(request)).filter(pk=obj.request_id).exists()
        return [name for name in fields if not (is_blind and name == "frozen_in_words")]

    def add_row(
        self,
        *,
        by: User,
        at: datetime,
        council: Council,
        request: CustomerRequest,
        agenda_item: AgendaItem | None = None,
        **data: Any,
    ) -> Decision:
        return decisions.record_decision(
            council_id=council.pk,
            request_id=request.pk,
            agenda_item_id=agenda_item.pk if agenda_item else None,
            by=by,
            at=at,
            **words_for_customers(data),
        )
