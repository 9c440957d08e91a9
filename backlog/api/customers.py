"""Accounts and customers."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, filters, personal_copy, timeline
from backlog.api import base, versions
from backlog.api.serializers import customers as serializers
from backlog.api.serializers.requests import TimelineEntry
from backlog.models import Account, Customer, Identity
from backlog.operations import accounts, customers, erasure, obligations
from backlog.operations.erased import ErasedOnRequest

EDIT = base.Needs(base.BACKLOG, "backlog.edit_customer")


class AccountViewSet(base.Listed[Account]):
    """An organisation: a customer, or a partner or supplier who shares a goal with us."""

    queryset = Account.objects.none()
    serializer_class = serializers.AccountRead
    is_versioned = True
    filterset_class = filters.AccountFilter
    orderings = ("id", "name")
    default_ordering = "name"
    access = {**base.reading("backlog.view_account"), "create": EDIT, "partial_update": EDIT}

    def get_queryset(self) -> QuerySet[Account]:
        return Account.objects.visible_to(self.person)

    @extend_schema(request=serializers.AccountAdd, responses={201: serializers.AccountRead})
    def create(self, request: Request) -> Response:
        """Add an account."""
        said = self.body(serializers.AccountAdd)
        account = accounts.add_account(**said, by=self.person, at=timezone.now())
        return self.answer(account, status=201)

    @extend_schema(request=serializers.AccountEdit, responses=serializers.AccountRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit an account. What is not sent stays as it is."""
        account, said = self.get_object(), self.body(serializers.AccountEdit)
        account = accounts.edit_account(
            account_id=account.pk,
            version=versions.named_in(request),
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(account)


class CustomerViewSet(base.Listed[Customer]):
    """A person who gave feedback, with how they may be reached and what they let us do."""

    queryset = Customer.objects.none()
    serializer_class = serializers.CustomerRead
    is_versioned = True
    filterset_class = filters.CustomerFilter
    orderings = ("created_at", "name", "id")
    default_ordering = "-created_at"
    access = {
        **base.reading("backlog.view_customer"),
        "create": EDIT.unless(customers.AddressTaken, ErasedOnRequest),
        "partial_update": EDIT.unless(ErasedOnRequest),
        "contact_points": EDIT.unless(customers.AddressTaken, ErasedOnRequest),
        "timeline": base.Needs(base.READ, "backlog.view_customer"),
        "export": base.Needs(base.READ, "backlog.export_customer"),
        "erasure": base.Needs(base.READ, "backlog.erase_customer"),
        "erase": base.Needs(base.ADMIN, "backlog.erase_customer").unless(
            errors.ReasonRequired, obligations.BeingSent
        ),
        "give_consent": EDIT.unless(ErasedOnRequest),
        "withdraw_consent": EDIT,
    }

    def get_queryset(self) -> QuerySet[Customer]:
        seen = Customer.objects.visible_to(self.person).select_related("account")
        identities = Identity.objects.visible_to(self.person).select_related("source")
        return seen.prefetch_related(
            "contact_points", Prefetch("identities", identities), "consents"
        )

    @extend_schema(request=serializers.CustomerAdd, responses={201: serializers.CustomerRead})
    def create(self, request: Request) -> Response:
        """Add a customer. A source's number for them lets them be found there again."""
        said = self.body(serializers.CustomerAdd)
        customer = customers.add_customer(**said, by=self.person, at=timezone.now())
        return self.answer(customer, status=201)

    @extend_schema(request=serializers.CustomerEdit, responses=serializers.CustomerRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is known of a customer. What is not sent stays as it is."""
        customer, said = self.get_object(), self.body(serializers.CustomerEdit)
        customer = customers.edit_customer(
            customer_id=customer.pk,
            version=versions.named_in(request),
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(customer)

    @extend_schema(responses=TimelineEntry(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def timeline(self, request: Request, pk: str) -> Response:
        """Tell all that a customer ever said and what became of it, in order."""
        entries = timeline.timeline_of(self.get_object(), viewer=self.person)
        return Response(TimelineEntry(entries, many=True).data)

    @extend_schema(responses=serializers.PersonalCopy, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def export(self, request: Request, pk: str) -> Response:
        """Copy all that is kept of a person: words, consents, what they were told and answered.

        `left_out` counts what is of products that the caller may not see.
        """
        document = personal_copy.copy_of(self.get_object(), viewer=self.person, at=timezone.now())
        return Response(serializers.PersonalCopy(document).data)

    @extend_schema(responses=serializers.ErasurePreview, filters=False)
    @action(detail=True, methods=["get"], url_path="erase", pagination_class=None)
    def erasure(self, request: Request, pk: str) -> Response:
        """Show what erasing a person would take away, and what would stay."""
        found = erasure.preview(customer_id=self.get_object().pk, at=timezone.now())
        return Response(serializers.ErasurePreview(found).data)

    @extend_schema(request=serializers.Erase, responses=serializers.CustomerRead)
    @erasure.mapping.post
    def erase(self, request: Request, pk: str) -> Response:
        """Erase a person for good. A token stays, and every figure; erasing twice changes nothing.

        The reason stays on record: it must not name the person.
        """
        customer, said = self.get_object(), self.body(serializers.Erase)
        erasure.erase_customer(
            customer_id=customer.pk, reason=said["reason"], by=self.person, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(request=serializers.ContactPointAdd, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"], url_path="contact-points")
    def contact_points(self, request: Request, pk: str) -> Response:
        """Add an address. Adding one they have changes nothing."""
        customer, said = self.get_object(), self.body(serializers.ContactPointAdd)
        customers.add_contact_point(
            customer_id=customer.pk, email=said["email"], by=self.person, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(request=serializers.ConsentGive, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"], url_path="give-consent")
    def give_consent(self, request: Request, pk: str) -> Response:
        """Record a consent. Giving it twice changes nothing."""
        customer, said = self.get_object(), self.body(serializers.ConsentGive)
        customers.give_consent(customer_id=customer.pk, **said, by=self.person, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=serializers.ConsentWithdraw, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"], url_path="withdraw-consent")
    def withdraw_consent(self, request: Request, pk: str) -> Response:
        """Record that a consent was withdrawn. Withdrawing what was not given changes nothing."""
        customer, said = self.get_object(), self.body(serializers.ConsentWithdraw)
        customers.withdraw_consent(
            customer_id=customer.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(self.get_object())
