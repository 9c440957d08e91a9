"""What is expected of a commitment: said when it is made, and edited afterwards."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework.row_actions import RowActionForm, picker
from backlog.db.fields import ends
from backlog.models import Commitment, CustomerRequest
from backlog.operations import commitments


class TermsForm(RowActionForm):
    hypothesis = forms.CharField(
        **ends(Commitment, "hypothesis"),
        label=_("hypothesis"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("What will be different for customers, and why."),
    )
    measure = forms.CharField(
        label=_("success measure"),
        required=False,
        **ends(Commitment, "measure"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    baseline = forms.DecimalField(
        **ends(Commitment, "baseline"),
        label=_("baseline"),
        required=False,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )
    target = forms.DecimalField(
        **ends(Commitment, "target"),
        label=_("target"),
        required=False,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )
    is_pilot = forms.BooleanField(
        label=_("is a pilot"), required=False, widget=widgets.UnfoldBooleanSwitchWidget
    )


class CommitForm(TermsForm):
    request = forms.ModelChoiceField(
        CustomerRequest.objects.all(), label=_("request"), widget=picker(Commitment, "request")
    )
    field_order = ("request",)


class EditTermsForm(TermsForm):
    """What was said; only what differs from it is an edit."""

    must_say_what_it_was_shown_with = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        [row] = self.rows
        self.initial = {name: _plain(getattr(row, name)) for name in TermsForm.base_fields}
        self.is_goal_fixed = row.outcomes.exists()
        # A form that was shown before the outcome sends the goal; the operation says no to it.
        if self.is_goal_fixed and commitments.GOAL.isdisjoint(self.data):
            for name in commitments.GOAL:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {**self.cleaned_data, "version": self.version_shown}

    def clean_hypothesis(self) -> str:
        """Browsers end lines in their own way, which alone is no edit."""
        typed, known = self.cleaned_data["hypothesis"], self.initial["hypothesis"]
        return str(known if typed.splitlines() == known.splitlines() else typed)

    def note(self) -> StrOrPromise:
        if self.is_goal_fixed:
            return _("What became of it is on record: only the hypothesis can still be changed.")
        return ""


def _plain(value: object) -> object:
    """210 is shown as 210, however many decimals are kept."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
