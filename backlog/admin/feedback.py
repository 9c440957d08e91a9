"""What customers said, and the inbox of words that are in no request yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
)

from backlog.admin.framework.columns import readable
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounForm, ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.admin.framework.row_filters import RowFilter
from backlog.admin.framework.widgets import AddressField
from backlog.admin.requests import page_link
from backlog.db.fields import ends
from backlog.errors import Invalid
from backlog.models import (
    Customer,
    CustomerRequest,
    Evidence,
    Feedback,
    Product,
    Reading,
    Source,
    User,
)
from backlog.operations import evidence, feedback, feedback_in_bulk, requests
from backlog.operations.customers_in_bulk import ADDRESS_TAKEN, CustomerIdentifier, NewCustomer
from backlog.rules import passages


class FilingForm(NounForm[Feedback]):
    """For a colleague who passes a customer's words on. The customer may be new, or unknown."""

    customer_name = forms.CharField(
        label=_("or a new customer’s name"),
        required=False,
        **ends(Customer, "name"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    customer_email = AddressField(
        label=_("and e-mail address"),
        required=False,
        help_text=_("With an address they can be told what became of their words."),
    )


class WordsForm(RowActionForm):
    """Shows all that was said to whoever is to understand it."""

    def subject(self, row: Feedback) -> str:
        return row.said


class NewRequestForm(WordsForm):
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("product"), widget=picker(CustomerRequest, "product")
    )
    title = forms.CharField(
        **ends(CustomerRequest, "title"),
        label=_("title"),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    problem = forms.CharField(
        **ends(CustomerRequest, "problem"),
        label=_("problem"),
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("What customers cannot do today, not how to solve it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = {row.product_id for row in self.rows}
        if len(products) == 1:
            self.initial["product"] = products.pop()

    def note(self) -> StrOrPromise:
        return _("The words above become the evidence of a new request.")


class LinkForm(WordsForm):
    """To which request, and of one customer's words which part."""

    request = forms.ModelChoiceField(
        CustomerRequest.objects.all(), label=_("request"), widget=picker(Evidence, "request")
    )
    importance = forms.TypedChoiceField(
        label=_("importance"),
        choices=Evidence.Importance.choices,
        initial=Evidence.Importance.NICE,
        coerce=int,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    excerpt = forms.CharField(
        **ends(Feedback, "verbatim"),
        label=_("only this part"),
        required=False,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 2}),
        help_text=_("Select it in the words above. Empty: all of them."),
    )

    class Media:
        js = ("backlog/excerpt.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) > 1:
            del self.fields["excerpt"]

    def clean(self) -> dict[str, Any]:
        """Where the excerpt begins and ends, as the operation takes it."""
        cleaned = super().clean() or {}
        excerpt = cleaned.pop("excerpt", "")
        if excerpt:
            place = passages.find_excerpt(self.rows[0].verbatim, excerpt)
            if place is None:
                self.add_error("excerpt", _("The customer did not say these words in this order."))
            else:
                cleaned["start"], cleaned["end"] = place
        return cleaned


class LinkedFilter(DropdownFilter):
    """The inbox is this filter."""

    title = _("in a request")
    parameter_name = "linked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, StrOrPromise]]:
        return [("no", _("not yet: the inbox")), ("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.linked()
            case "no":
                return queryset.unlinked()
        return queryset


class ReadingInline(ReadOnlyInline[Reading, Feedback]):
    model = Reading
    fields = ("kind", "value")
    ordering = ("kind",)


class EvidenceInline(ReadOnlyInline[Evidence, Feedback]):
    model = Evidence
    fk_name = "feedback"
    fields = ("request", "importance", "linked_by", "linked_at", "unlinked_at")
    ordering = ("-linked_at", "-pk")
    joined = ("request", "feedback", "linked_by")


@admin.register(Feedback)
class FeedbackAdmin(RowActionAdmin[Feedback]):
    to_add = "backlog.receive_feedback"
    # As it came in, it may name anybody.
    personal = ("customer", "customer__search_text", "payload_in_words", "payload")
    when_empty = _("Import a file, connect a source, or pass on what a customer told you.")

    form = FilingForm
    add_fieldsets = (
        (None, {"fields": ("source", "verbatim", "said_at", "language", "product")}),
        (
            _("Who said it"),
            {"fields": ("customer", "customer_name", "customer_email", "relation")},
        ),
        (_("Where on their way"), {"fields": ("journey_stage",)}),
    )
    fields = (
        "verbatim",
        "customer",
        "relation",
        "source",
        "product",
        "language",
        "journey_stage",
        "said_at",
        "received_at",
        "filed_by",
        "external_id",
        "import_run",
        "payload_in_words",
        "erased_at",
    )
    readonly_fields = ("payload_in_words",)
    payload_in_words = readable(Feedback, "payload")
    autocomplete_fields = ("source", "product", "customer")
    inlines = (EvidenceInline, ReadingInline)
    actions = ("open_request", "link_to_request")
    actions_detail = ("open_request", "link_to_request")
    list_display = ("words", "customer", "source", "product", "language", "received_at")
    list_filter = (
        LinkedFilter,
        ("product", RowFilter),
        ("source", RowFilter),
        ("language", ChoicesDropdownFilter),
        ("relation", ChoicesDropdownFilter),
        ("journey_stage", ChoicesDropdownFilter),
        ("received_at", DaysFilter),
    )
    list_select_related = ("source", "customer", "product")
    ordering = ("-received_at", "-pk")
    sortable_by = ("received_at",)
    search_fields = ("search_text", "customer__search_text")

    @admin.display(description=_("words"))
    def words(self, row: Feedback) -> SafeString | str:
        return format_html('<span class="hb-clamp">{}</span>', row.said[:200] or "—")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("readings")

    def place_of(self, row: Feedback) -> str:
        """The inbox, where the next words wait."""
        return f"{reverse('backlog:feedback')}?linked=no"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        known = {"said_at": timezone.now(), "language": get_language()}
        return {**known, **super().get_changeform_initial_data(request)}

    def add_row(
        self,
        *,
        by: User,
        at: datetime,
        source: Source,
        customer_name: str,
        customer_email: str,
        customer: Customer | None = None,
        **words: Any,
    ) -> Feedback:
        """File the words of a customer who is chosen, found by the address, or new."""
        is_named = bool(customer_name or customer_email)
        incoming = feedback.FeedbackData(
            customer=customer,
            identifier=CustomerIdentifier(email=customer_email) if is_named else None,
            new_customer=NewCustomer(name=customer_name, language=words["language"]),
            filed_by=by,
            **words,
        )
        (stored,) = feedback.receive_many(messages=[(source, incoming)], by=by, at=at)
        if not isinstance(stored, feedback_in_bulk.Stored):
            raise stored
        # The page is one transaction: nothing is kept, and the form shows all.
        if ADDRESS_TAKEN in stored.notes:
            raise Invalid(
                _("Another customer has this address."),
                field="customer_email",
                code=ADDRESS_TAKEN,
            )
        return Feedback.objects.get(pk=stored.id)

    @row_action(
        _("Open a request"),
        permission="backlog.open_request",
        form=NewRequestForm,
        icon="add_task",
        is_joint=True,
    )
    def open_request(
        self,
        rows: list[Feedback],
        *,
        by: User,
        at: datetime,
        product: Product,
        title: str,
        problem: str,
    ) -> SafeString:
        opened = requests.open_request(
            product_id=product.pk,
            title=title,
            problem=problem,
            feedback_ids=sorted(row.pk for row in rows),
            by=by,
            at=at,
        )
        return format_html(str(_("{request} is open.")), request=page_link(opened))

    @row_action(
        _("Link to a request"),
        permission="backlog.link_evidence",
        form=LinkForm,
        icon="add_link",
    )
    def link_to_request(
        self,
        row: Feedback,
        *,
        by: User,
        at: datetime,
        request: CustomerRequest,
        **excerpt: int,
    ) -> SafeString:
        evidence.link_evidence(request_id=request.pk, feedback_id=row.pk, by=by, at=at, **excerpt)
        return format_html(str(_("It speaks for {request}.")), request=page_link(request))
