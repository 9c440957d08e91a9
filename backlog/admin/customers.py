"""Customers: the people, their organisations, their addresses and what they let us do."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)

from backlog.admin import erasing
from backlog.admin.affiliations import AffiliationInline, CorrectionForm, LeaveForm, MoveForm
from backlog.admin.framework.columns import list_link, readable
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounForm, ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.admin.framework.widgets import AddressField
from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    Feedback,
    Identity,
    Obligation,
    PrivacyRequest,
    User,
)
from backlog.operations import (
    affiliations,
    consents,
    contact_points,
    customers,
    erasure,
    privacy_requests,
)
from backlog.queries import erasure_preview


class CustomerForm(NounForm[Customer]):
    email = AddressField(label=_("e-mail address"), required=False)


class AddressForm(RowActionForm):
    email = AddressField(label=_("e-mail address"))


class PurposeForm(RowActionForm):
    purpose = forms.ChoiceField(
        label=_("purpose"),
        choices=Consent.Purpose.choices,
        widget=widgets.UnfoldAdminSelectWidget,
    )


class ConsentForm(PurposeForm):
    proof = forms.CharField(
        label=_("proof"),
        max_length=500,
        help_text=_("Where and how the customer agreed, so that it can be shown later."),
        widget=widgets.UnfoldAdminTextInputWidget,
    )


def _is_kept(customer: Customer) -> bool:
    return customer.erased_at is None


class PrivacyRequestForm(RowActionForm):
    kind = forms.ChoiceField(
        label=_("asked for"),
        choices=PrivacyRequest.Kind.choices,
        widget=widgets.UnfoldAdminSelectWidget,
    )

    def note(self) -> StrOrPromise:
        return _("It is listed under Privacy, and due a month from today.")


class CopyForm(RowActionForm):
    def note(self) -> StrOrPromise:
        return format_html(
            '<a class="text-link" href="{}">{}</a><br>{}',
            reverse("backlog:personal-copy", args=[self.rows[0].pk]),
            _("Download the copy (JSON)"),
            _("Hand it over to nobody but the person. Going on records that you have."),
        )


class ErasureForm(RowActionForm):
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        help_text=_("It stays on record for good, so do not name the person in it."),
        widget=widgets.UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = erasure_preview.preview(customer_id=self.rows[0].pk, at=timezone.now())
        for mention in self.found.possible:
            self.fields[mention.place] = forms.TypedChoiceField(
                label=erasing.asked_of(mention, self.viewer),
                choices=[("yes", _("Means this person: redact")), ("no", _("Does not: keep"))],
                coerce=lambda said: said == "yes",
                widget=widgets.UnfoldAdminRadioSelectWidget,
            )

    def note(self) -> StrOrPromise:
        return format_html_join("", "{}<br>", ((line,) for line in erasing.in_words(self.found)))


class ContactPointInline(ReadOnlyInline[ContactPoint, Customer]):
    model = ContactPoint
    fields = ("address", "state", "state_changed_at", "verified_at")
    ordering = ("pk",)


class ConsentInline(ReadOnlyInline[Consent, Customer]):
    model = Consent
    fields = ("purpose", "basis", "given_at", "withdrawn_at", "proof_in_words")
    readonly_fields = ("proof_in_words",)
    proof_in_words = readable(Consent, "proof")
    ordering = ("-given_at", "-pk")


class IdentityInline(ReadOnlyInline[Identity, Customer]):
    model = Identity
    fields = ("source", "external_id")
    ordering = ("pk",)
    joined = ("source",)


@admin.register(Customer)
class CustomerAdmin(RowActionAdmin[Customer]):
    to_add = "backlog.edit_customer"
    to_edit = "backlog.edit_customer"
    when_empty = _("Customers appear with their first words.")

    form = CustomerForm
    add_fieldsets = ((None, {"fields": ("name", "email", "account", "language", "time_zone")}),)
    fields = (
        "name",
        "account",
        "language",
        "time_zone",
        "rhythm",
        "said",
        "owed",
        "created_at",
        "token",
        "merged_into",
        "erased_at",
    )
    readonly_fields = ("account", "said", "owed", "created_at", "token", "merged_into", "erased_at")
    autocomplete_fields = ("account",)
    inlines = (AffiliationInline, ContactPointInline, ConsentInline, IdentityInline)
    actions_detail = (
        {
            "title": _("Account"),
            "icon": "apartment",
            "items": ("move", "leave", "correct_account"),
        },
        "add_address",
        {
            "title": _("Consent"),
            "icon": "check_circle",
            "items": ("give_consent", "withdraw_consent"),
        },
        {
            "title": _("Privacy"),
            "icon": "shield_person",
            "items": ("note_privacy_request", "hand_over_copy", "erase"),
        },
    )
    list_display = ("__str__", "account", "language", "created_at")
    list_filter = (
        ("account", RowFilter),
        ("language", ChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    list_select_related = ("account",)
    ordering = ("-created_at", "-pk")
    sortable_by = ("created_at",)
    search_fields = ("search_text", "contact_points__search_text")

    @admin.display(description=_("feedback"))
    def said(self, customer: Customer) -> SafeString:
        return list_link(Feedback, _("Show what they said"), customer__id__exact=customer.pk)

    @admin.display(description=_("obligations"))
    def owed(self, customer: Customer) -> SafeString:
        return list_link(Obligation, _("Show what they heard"), customer__id__exact=customer.pk)

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Customer:
        return customers.add_customer(by=by, at=at, **data)

    def edit_row(self, row: Customer, *, by: User, at: datetime, **changes: Any) -> None:
        customers.edit_customer(customer_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("Move to an account"),
        permission="backlog.edit_customer",
        form=MoveForm,
        icon="move_up",
        done=_("It is on record which account they belong to."),
        is_offered=_is_kept,
    )
    def move(self, customer: Customer, *, by: User, at: datetime, **said: Any) -> None:
        affiliations.start_affiliation(customer_id=customer.pk, by=by, at=at, **said)

    @row_action(
        _("Leave an account"),
        permission="backlog.edit_customer",
        form=LeaveForm,
        icon="logout",
        done=_("It is on record that they left the account."),
        is_offered=_is_kept,
    )
    def leave(
        self,
        customer: Customer,
        *,
        by: User,
        at: datetime,
        affiliation: Affiliation,
        ends_on: date | None,
    ) -> None:
        affiliations.end_affiliation(affiliation_id=affiliation.pk, ends_on=ends_on, by=by, at=at)

    @row_action(
        _("Put an account right"),
        permission="backlog.edit_customer",
        form=CorrectionForm,
        icon="history_edu",
        done=_("The account is put right, for what they said as well."),
        is_offered=_is_kept,
    )
    def correct_account(
        self, customer: Customer, *, by: User, at: datetime, affiliation: Affiliation, **said: Any
    ) -> None:
        affiliations.correct_affiliation(affiliation_id=affiliation.pk, by=by, at=at, **said)

    @row_action(
        _("Add an address"),
        permission="backlog.edit_customer",
        form=AddressForm,
        icon="alternate_email",
        done=_("The address is added."),
        is_offered=_is_kept,
    )
    def add_address(self, customer: Customer, *, by: User, at: datetime, email: str) -> None:
        contact_points.add_contact_point(customer_id=customer.pk, email=email, by=by, at=at)

    @row_action(
        _("Record a consent"),
        permission="backlog.edit_customer",
        form=ConsentForm,
        icon="check_circle",
        done=_("The consent is on record."),
        is_offered=_is_kept,
    )
    def give_consent(
        self, customer: Customer, *, by: User, at: datetime, purpose: str, proof: str
    ) -> None:
        consents.give_consent(
            customer_id=customer.pk,
            purpose=purpose,
            basis=Consent.Basis.OPT_IN,
            proof={"note": proof},
            by=by,
            at=at,
        )

    @row_action(
        _("Withdraw a consent"),
        permission="backlog.edit_customer",
        form=PurposeForm,
        icon="block",
        done=_("The consent is withdrawn."),
        is_offered=_is_kept,
    )
    def withdraw_consent(self, customer: Customer, *, by: User, at: datetime, purpose: str) -> None:
        consents.withdraw_consent(customer_id=customer.pk, purpose=purpose, by=by, at=at)

    @row_action(
        _("Note a privacy request"),
        permission="backlog.edit_customer",
        form=PrivacyRequestForm,
        icon="shield_person",
        done=_("What they asked for is on record, with the day by which it is due."),
        is_offered=_is_kept,
    )
    def note_privacy_request(
        self, customer: Customer, *, by: User, at: datetime, kind: str
    ) -> None:
        privacy_requests.ask(customer_id=customer.pk, kind=kind, by=by, at=at)

    @row_action(
        _("Hand over a copy"),
        permission="backlog.export_customer",
        form=CopyForm,
        icon="download",
        done=_("It is on record that they have their copy."),
        is_offered=_is_kept,
    )
    def hand_over_copy(self, customer: Customer, *, by: User, at: datetime) -> None:
        privacy_requests.hand_over(customer_id=customer.pk, by=by, at=at)

    @row_action(
        _("Erase the person"),
        permission="backlog.erase_customer",
        form=ErasureForm,
        icon="person_off",
        done=_("The person is erased."),
        is_offered=_is_kept,
    )
    def erase(
        self, customer: Customer, *, by: User, at: datetime, reason: str, **meant: bool
    ) -> None:
        erasure.erase_customer(
            customer_id=customer.pk,
            reason=reason,
            answers=erasure.Answers(meant=meant),
            by=by,
            at=at,
        )
