"""Which accounts a customer belongs to: what is asked to move them, and where they were."""

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionForm, picker
from backlog.models import Account, Affiliation, Customer
from backlog.models.affiliations import AffiliationQuerySet


class MoveForm(RowActionForm):
    account = forms.ModelChoiceField(
        Account.objects.all(), label=_("account"), widget=picker(Customer, "account")
    )
    starts_on = forms.DateField(
        label=_("from"), required=False, widget=widgets.UnfoldAdminSingleDateWidget
    )
    is_beside = forms.BooleanField(
        label=_("beside the account that they have"),
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget,
    )

    def note(self) -> StrOrPromise:
        return _("What they said until then stays with the account that they had. Empty: today.")


class AffiliationForm(RowActionForm):
    """Which one of theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["affiliation"] = forms.ModelChoiceField(
            self.choices().select_related("account").order_by("-pk"),
            label=_("Account"),
            widget=widgets.UnfoldAdminSelectWidget,
        )
        self.order_fields(["affiliation"])

    def choices(self) -> AffiliationQuerySet:
        return Affiliation.objects.filter(customer__in=[row.pk for row in self.rows])


class LeaveForm(AffiliationForm):
    ends_on = forms.DateField(
        label=_("until"), required=False, widget=widgets.UnfoldAdminSingleDateWidget
    )

    def choices(self) -> AffiliationQuerySet:
        return super().choices().current()

    def note(self) -> StrOrPromise:
        return _("The first day on which they do not belong to it any more. Empty: today.")


class CorrectionForm(AffiliationForm):
    account = forms.ModelChoiceField(
        Account.objects.all(),
        label=_("it was"),
        required=False,
        help_text=_("Empty: they never belonged to any."),
        widget=picker(Customer, "account"),
    )
    starts_on = forms.DateField(
        label=_("from"),
        required=False,
        help_text=_("Empty: for as long as we have known them."),
        widget=widgets.UnfoldAdminSingleDateWidget,
    )
    ends_on = forms.DateField(
        label=_("until"), required=False, widget=widgets.UnfoldAdminSingleDateWidget
    )
    reason = forms.CharField(
        label=_("reason"), max_length=500, widget=widgets.UnfoldAdminTextInputWidget
    )

    def note(self) -> StrOrPromise:
        return _(
            "For what was wrong from the start. Their words get the accounts that they should have"
            " had, and figures about the past change. If they moved, say so instead."
        )


class AffiliationInline(ReadOnlyInline[Affiliation, Customer]):
    """Where they were, and when."""

    model = Affiliation
    fields = ("account", "starts_on", "ends_on")
    ordering = (F("ends_on").desc(nulls_first=True), "-pk")
    joined = ("account",)
