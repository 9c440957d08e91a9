"""Accounts and customers."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, versions
from backlog.api.serializers import affiliations as affiliation_serializers
from backlog.api.serializers import consents as consent_serializers
from backlog.api.serializers import contact_points as contact_point_serializers
from backlog.api.serializers import customers as serializers
from backlog.api.serializers.history import CustomerHistoryEntry
from backlog.errors import ErasedOnRequest
from backlog.filters import filtersets
from backlog.models import Affiliation, Customer, Identity
from backlog.operations import affiliations, consents, customer_merges, customers, erasure
from backlog.operations import contact_points as contact_point_operations
from backlog.queries import customer_history, erasure_preview, personal_copy

EDIT = base.ActionPolicy(base.BACKLOG, "backlog.edit_customer")
MERGE = base.ActionPolicy(base.BACKLOG, "backlog.merge_customer")


class CustomerViewSet(base.Listed[Customer]):
    """A person who gave feedback, with how they may be reached and what they let us do."""

    queryset = Customer.objects.none()
    serializer_class = serializers.CustomerRead
    is_versioned = True
    filterset_class = filtersets.CustomerFilter
    orderings = ("created_at", "name", "id")
    default_ordering = "-created_at"
    access = {
        **base.reading("backlog.view_customer"),
        "create": EDIT.unless(errors.AddressTaken, ErasedOnRequest),
        "partial_update": EDIT.unless(ErasedOnRequest),
        "contact_points": EDIT.unless(errors.AddressTaken, ErasedOnRequest),
        "affiliations": base.ActionPolicy(base.READ, "backlog.view_customer"),
        "start_affiliation": EDIT.unless(ErasedOnRequest),
        "end_affiliation": EDIT.unless(ErasedOnRequest),
        "correct_affiliation": EDIT.unless(ErasedOnRequest, errors.ReasonRequired),
        "history": base.ActionPolicy(base.READ, "backlog.view_customer"),
        "export": base.ActionPolicy(base.READ, "backlog.export_customer"),
        "erasure": base.ActionPolicy(base.READ, "backlog.erase_customer"),
        "erase": base.ActionPolicy(base.ADMIN, "backlog.erase_customer").unless(
            errors.ReasonRequired, errors.BeingSent, errors.MentionsUndecided
        ),
        "merge": MERGE.unless(errors.CustomerMerged, ErasedOnRequest, errors.BeingSent),
        "unmerge": MERGE.unless(errors.IllegalTransition, ErasedOnRequest, errors.BeingSent),
        "give_consent": EDIT.unless(ErasedOnRequest),
        "withdraw_consent": EDIT,
    }

    def get_queryset(self) -> QuerySet[Customer]:
        seen = Customer.objects.visible_to(self.user).select_related("account")
        identities = Identity.objects.visible_to(self.user).select_related("source")
        return seen.prefetch_related(
            "contact_points", Prefetch("identities", identities), "consents"
        )

    @extend_schema(request=serializers.CustomerAdd, responses={201: serializers.CustomerRead})
    def create(self, request: Request) -> Response:
        """Add a customer. A source's number for them lets them be found there again."""
        data = self.body(serializers.CustomerAdd)
        customer = customers.add_customer(**data, by=self.user, at=timezone.now())
        return self.answer(customer, status=201)

    @extend_schema(request=serializers.CustomerEdit, responses=serializers.CustomerRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is known of a customer. What is not sent stays as it is.

        With another `account` they moved there today; see `affiliations` for the other ways.
        """
        customer, data = self.get_object(), self.body(serializers.CustomerEdit)
        customer = customers.edit_customer(
            customer_id=customer.pk,
            version=versions.named_in(request, customer),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(customer)

    @extend_schema(responses=CustomerHistoryEntry(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """Tell all that a customer ever said and what became of it, in order."""
        entries = customer_history.history_of(self.get_object(), viewer=self.user)
        return Response(CustomerHistoryEntry(entries, many=True).data)

    @extend_schema(responses=affiliation_serializers.AffiliationRead(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def affiliations(self, request: Request, pk: str) -> Response:
        """List the accounts that a customer belongs to, and belonged to; the present ones first."""
        return self._affiliations(self.get_object())

    @extend_schema(
        request=affiliation_serializers.AffiliationStart,
        responses=affiliation_serializers.AffiliationRead(many=True),
        filters=False,
    )
    @affiliations.mapping.post
    def start_affiliation(self, request: Request, pk: str) -> Response:
        """Move a customer to an account. What they said before stays for the account of then."""
        customer, data = self.get_object(), self.body(affiliation_serializers.AffiliationStart)
        affiliations.start_affiliation(
            customer_id=customer.pk, **data, by=self.user, at=timezone.now()
        )
        return self._affiliations(customer)

    @extend_schema(
        request=affiliation_serializers.AffiliationEnd,
        responses=affiliation_serializers.AffiliationRead(many=True),
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="end-affiliation", pagination_class=None)
    def end_affiliation(self, request: Request, pk: str) -> Response:
        """Say that a customer left an account. Ending it twice changes nothing."""
        customer, data = self.get_object(), self.body(affiliation_serializers.AffiliationEnd)
        affiliations.end_affiliation(
            affiliation_id=_of(customer, data.pop("affiliation")),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self._affiliations(customer)

    @extend_schema(
        request=affiliation_serializers.AffiliationCorrect,
        responses=affiliation_serializers.AffiliationRead(many=True),
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="correct-affiliation", pagination_class=None)
    def correct_affiliation(self, request: Request, pk: str) -> Response:
        """Put right what was wrong from the start: past words get the account of their time.

        Shares, revenue and scores of what the customer asked for change with it.
        """
        customer, data = self.get_object(), self.body(affiliation_serializers.AffiliationCorrect)
        affiliations.correct_affiliation(
            affiliation_id=_of(customer, data.pop("affiliation")),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self._affiliations(customer)

    def _affiliations(self, customer: Customer) -> Response:
        rows = Affiliation.objects.visible_to(self.user).filter(customer=customer).for_listing()
        shape = affiliation_serializers.AffiliationRead
        return Response(shape(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(responses=serializers.PersonalCopy, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def export(self, request: Request, pk: str) -> Response:
        """Copy all that is kept of a person: words, consents, what they were told and answered.

        `left_out` counts what is of products that the caller may not see.
        """
        document = personal_copy.copy_of(self.get_object(), viewer=self.user, at=timezone.now())
        return Response(serializers.PersonalCopy(document).data)

    @extend_schema(responses=serializers.ErasurePreview, filters=False)
    @action(detail=True, methods=["get"], url_path="erase", pagination_class=None)
    def erasure(self, request: Request, pk: str) -> Response:
        """Show what erasing a person would take away, and what would stay.

        `possible` are texts that may mean them, or somebody or something else.
        """
        found = erasure_preview.preview(customer_id=self.get_object().pk, at=timezone.now())
        shown = serializers.ErasurePreview(found, context={"viewer": self.user})
        return Response(shown.data)

    @extend_schema(request=serializers.Erase, responses=serializers.CustomerErased)
    @erasure.mapping.post
    def erase(self, request: Request, pk: str) -> Response:
        """Erase a person for good. A token stays, and every figure; erasing twice changes nothing.

        The reason stays on record: it must not name the person. Each `possible` place of the
        preview has to be among `meant` (redacted), or `not_meant` (it stays), or be covered by
        `others`; else the refusal names those that are open, in `places`.
        """
        customer, data = self.get_object(), self.body(serializers.Erase)
        meant = dict.fromkeys(data.get("not_meant", ()), False)
        meant |= dict.fromkeys(data.get("meant", ()), True)
        others = data["others"] == "meant" if "others" in data else None
        erasure.erase_customer(
            customer_id=customer.pk,
            reason=data["reason"],
            answers=erasure.Answers(meant=meant, others=others),
            by=self.user,
            at=timezone.now(),
        )
        answer = self.answer(self.get_object())
        answer.data["kept_mentions"] = erasure_preview.kept_mentions(customer.pk)
        return answer

    @extend_schema(request=serializers.CustomerMerge, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Merge a record into another of the same person; answers with the one that survives.

        They count once and hear of everything once; what one of both refused is refused for both.
        """
        customer, data = self.get_object(), self.body(serializers.CustomerMerge)
        survivor = customer_merges.merge_customer(
            customer_id=customer.pk,
            into_id=data["into"].pk,
            reason=data["reason"],
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(survivor)

    @extend_schema(request=serializers.CustomerUnmerge, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str) -> Response:
        """Make a merged record a person of its own again, with all that was theirs.

        What was recorded meanwhile is owed to whoever asked for it and has not heard.
        """
        unmerged = customer_merges.unmerge_customer(
            customer_id=self.get_object().pk,
            **self.body(serializers.CustomerUnmerge),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(unmerged)

    @extend_schema(
        request=contact_point_serializers.ContactPointAdd, responses=serializers.CustomerRead
    )
    @action(detail=True, methods=["post"], url_path="contact-points")
    def contact_points(self, request: Request, pk: str) -> Response:
        """Add an address. Adding one they have changes nothing."""
        customer, data = self.get_object(), self.body(contact_point_serializers.ContactPointAdd)
        contact_point_operations.add_contact_point(
            customer_id=customer.pk, email=data["email"], by=self.user, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(request=consent_serializers.ConsentGive, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"], url_path="give-consent")
    def give_consent(self, request: Request, pk: str) -> Response:
        """Record a consent. Giving it twice changes nothing."""
        customer, data = self.get_object(), self.body(consent_serializers.ConsentGive)
        consents.give_consent(customer_id=customer.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=consent_serializers.ConsentWithdraw, responses=serializers.CustomerRead)
    @action(detail=True, methods=["post"], url_path="withdraw-consent")
    def withdraw_consent(self, request: Request, pk: str) -> Response:
        """Record that a consent was withdrawn. Withdrawing what was not given changes nothing."""
        customer, data = self.get_object(), self.body(consent_serializers.ConsentWithdraw)
        consents.withdraw_consent(customer_id=customer.pk, **data, by=self.user, at=timezone.now())
        return self.answer(self.get_object())


def _of(customer: Customer, affiliation: Affiliation) -> int:
    if affiliation.customer_id != customer.pk:
        message = _("This is an affiliation of somebody else.")
        raise errors.Invalid(message, field="affiliation", code="about_somebody_else")
    return affiliation.pk
