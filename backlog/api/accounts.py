"""Accounts and customers."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.customers import EDIT
from backlog.api.framework import base, versions
from backlog.api.serializers import accounts as serializers
from backlog.filters import filtersets
from backlog.models import Account
from backlog.operations import accounts


class AccountViewSet(base.Listed[Account]):
    """An organisation: a customer, or a partner or supplier who shares a goal with us."""

    queryset = Account.objects.none()
    serializer_class = serializers.AccountRead
    is_versioned = True
    filterset_class = filtersets.AccountFilter
    orderings = ("id", "name")
    default_ordering = "name"
    access = {**base.reading("backlog.view_account"), "create": EDIT, "partial_update": EDIT}

    def get_queryset(self) -> QuerySet[Account]:
        return Account.objects.visible_to(self.user)

    @extend_schema(request=serializers.AccountAdd, responses={201: serializers.AccountRead})
    def create(self, request: Request) -> Response:
        """Add an account."""
        data = self.body(serializers.AccountAdd)
        account = accounts.add_account(**data, by=self.user, at=timezone.now())
        return self.answer(account, status=201)

    @extend_schema(request=serializers.AccountEdit, responses=serializers.AccountRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Edit an account. What is not sent stays as it is."""
        account, data = self.get_object(), self.body(serializers.AccountEdit)
        account = accounts.edit_account(
            account_id=account.pk,
            version=versions.named_in(request, account),
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(account)
