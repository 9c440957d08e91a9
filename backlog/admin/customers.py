"""Customers: the people, their organisations, their addresses and what they let us do."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
)

from backlog.admin import erasing
from backlog.admin.base import NounForm, ReadOnlyInline
from backlog.admin.columns import badge, list_link, readable
from backlog.admin.narrowing import RowFilter
from backlog.admin.steps import StepAdmin, StepForm, step
from backlog.admin.widgets import AddressField
from backlog.models import (
    Account,
    Consent,
    ContactPoint,
    Customer,
    Feedback,
    Identity,
    Obligation,
    PrivacyRequest,
    User,
)
from backlog.operations import accounts, customers, erasure, privacy

CHURN = {"low": "success", "medium": "warning", "high": "danger"}
REACHABLE = {
    "usable": "success",
    "unsubscribed": "warning",
    "bounced": "danger",
    "complained": "danger",
}


@admin.register(Account)
class AccountAdmin(StepAdmin[Account]):
    to_add = "backlog.edit_customer"
    to_edit = "backlog.edit_customer"

    fields = (
        "name",
        "kind",
        "segment",
        ("annual_revenue", "currency"),
        "churn_risk",
        "people",
    )
    readonly_fields = ("people",)
    list_display = (
        "name",
        badge(Account, "kind", {"partner": "info", "supplier": "warning"}),
        "segment",
        "revenue",
        badge(Account, "churn_risk", CHURN),
    )
    list_filter = (("kind", ChoicesDropdownFilter), ("churn_risk", ChoicesDropdownFilter))
    list_select_related = False
    ordering = ("name", "pk")
    sortable_by = ("name", "segment")
    search_fields = ("search_text",)

    @admin.display(description=_("annual revenue"))
    def revenue(self, account: Account) -> str:
        if account.annual_revenue is None:
            return ""
        amount = number_format(account.annual_revenue, decimal_pos=0, force_grouping=True)
        return f"{amount} {account.currency}"

    @admin.display(description=_("customers"))
    def people(self, account: Account) -> SafeString | str:
        if not account.pk:
            return ""
        return list_link(Customer, _("Show its customers"), account__id__exact=account.pk)

    def add_row(self, *, by: User, at: datetime, **facts: Any) -> Account:
        return accounts.add_account(by=by, at=at, **facts)

    def edit_row(self, row: Account, *, by: User, at: datetime, **changes: Any) -> None:
        accounts.edit_account(account_id=row.pk, by=by, at=at, **changes)


class CustomerForm(NounForm[Customer]):
    email = AddressField(label=_("e-mail address"), required=False)


class AddressForm(StepForm):
    email = AddressField(label=_("e-mail address"))


class PurposeForm(StepForm):
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


class WishForm(StepForm):
    kind = forms.ChoiceField(
        label=_("asked for"),
        choices=PrivacyRequest.Kind.choices,
        widget=widgets.UnfoldAdminSelectWidget,
    )

    def note(self) -> StrOrPromise:
        return _("It is listed under Privacy, and due a month from today.")


class CopyForm(StepForm):
    def note(self) -> StrOrPromise:
        return format_html(
            '<a class="text-link" href="{}">{}</a><br>{}',
            reverse("backlog:personal-copy", args=[self.rows[0].pk]),
            _("Download the copy (JSON)"),
            _("Hand it over to nobody but the person. Going on records that you have."),
        )


class ErasureForm(StepForm):
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        help_text=_("It stays on record for good, so do not name the person in it."),
        widget=widgets.UnfoldAdminTextInputWidget,
    )

    def note(self) -> StrOrPromise:
        found = erasure.preview(customer_id=self.rows[0].pk, at=timezone.now())
        return format_html_join("", "{}<br>", ((line,) for line in erasing.in_words(found)))


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
class CustomerAdmin(StepAdmin[Customer]):
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
    readonly_fields = ("said", "owed", "created_at", "token", "merged_into", "erased_at")
    autocomplete_fields = ("account",)
    inlines = (ContactPointInline, ConsentInline, IdentityInline)
    actions_detail = (
        *("add_address", "give_consent", "withdraw_consent"),
        *("note_wish", "hand_over_copy", "erase"),
    )
    list_display = ("__str__", "account", "language", "created_at")
    list_filter = (
        ("account", RowFilter),
        ("language", ChoicesDropdownFilter),
        ("created_at", RangeDateFilter),
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

    def add_row(self, *, by: User, at: datetime, **facts: Any) -> Customer:
        return customers.add_customer(by=by, at=at, **facts)

    def edit_row(self, row: Customer, *, by: User, at: datetime, **changes: Any) -> None:
        customers.edit_customer(customer_id=row.pk, by=by, at=at, **changes)

    @step(
        _("Add an address"),
        permission="backlog.edit_customer",
        form=AddressForm,
        icon="alternate_email",
        done=_("The address is added."),
    )
    def add_address(self, customer: Customer, *, by: User, at: datetime, email: str) -> None:
        customers.add_contact_point(customer_id=customer.pk, email=email, by=by, at=at)

    @step(
        _("Record a consent"),
        permission="backlog.edit_customer",
        form=ConsentForm,
        icon="check_circle",
        done=_("The consent is on record."),
    )
    def give_consent(
        self, customer: Customer, *, by: User, at: datetime, purpose: str, proof: str
    ) -> None:
        customers.give_consent(
            customer_id=customer.pk,
            purpose=purpose,
            basis=Consent.Basis.OPT_IN,
            proof={"note": proof},
            by=by,
            at=at,
        )

    @step(
        _("Withdraw a consent"),
        permission="backlog.edit_customer",
        form=PurposeForm,
        icon="block",
        done=_("The consent is withdrawn."),
    )
    def withdraw_consent(self, customer: Customer, *, by: User, at: datetime, purpose: str) -> None:
        customers.withdraw_consent(customer_id=customer.pk, purpose=purpose, by=by, at=at)

    @step(
        _("They asked for a copy, or to be forgotten"),
        permission="backlog.edit_customer",
        form=WishForm,
        icon="shield_person",
        is_offered=_is_kept,
    )
    def note_wish(self, customer: Customer, *, by: User, at: datetime, kind: str) -> None:
        privacy.ask(customer_id=customer.pk, kind=kind, by=by, at=at)

    @step(
        _("Hand over a copy of their data"),
        permission="backlog.export_customer",
        form=CopyForm,
        icon="download",
        is_offered=_is_kept,
    )
    def hand_over_copy(self, customer: Customer, *, by: User, at: datetime) -> None:
        privacy.hand_over(customer_id=customer.pk, by=by, at=at)

    @step(
        _("Erase the person"),
        permission="backlog.erase_customer",
        form=ErasureForm,
        icon="person_off",
        is_offered=_is_kept,
    )
    def erase(self, customer: Customer, *, by: User, at: datetime, reason: str) -> None:
        erasure.erase_customer(customer_id=customer.pk, reason=reason, by=by, at=at)


@admin.register(ContactPoint)
class ContactPointAdmin(StepAdmin[ContactPoint]):
    fields = ("customer", "channel", "address", "state", "state_changed_at", "verified_at")
    actions = ("unsubscribe",)
    actions_detail = ("unsubscribe",)
    list_display = (
        "address",
        "customer",
        badge(ContactPoint, "state", REACHABLE),
        "state_changed_at",
    )
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("customer",)
    ordering = ("-pk",)
    search_fields = ("search_text", "customer__search_text")

    @step(
        _("Never write here again"),
        permission="backlog.edit_customer",
        icon="unsubscribe",
        is_offered=lambda point: point.state == ContactPoint.State.USABLE,
        done=_("Nothing is sent to this address any more."),
    )
    def unsubscribe(self, point: ContactPoint, *, by: User, at: datetime) -> None:
        customers.unsubscribe(contact_point_id=point.pk, by=by, at=at)
