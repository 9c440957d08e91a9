"""How a row appears inside another: its id and the name people know it by."""

from typing import Any

from backlog.api.framework import fields, rows
from backlog.models import (
    Account,
    Customer,
    CustomerRequest,
    Department,
    Product,
    ScoringModel,
    Source,
    User,
)


class ColleagueRef(fields.Read[User]):
    class Meta:
        model = User
        fields = ["id", "name"]


class DepartmentRef(fields.Read[Department]):
    class Meta:
        model = Department
        fields = ["id", "name"]


class ProductRef(fields.Read[Product]):
    class Meta:
        model = Product
        fields = ["id", "prefix", "name"]


class SourceRef(fields.Read[Source]):
    class Meta:
        model = Source
        fields = ["id", "key", "name"]


class ScoringModelRef(fields.Read[ScoringModel]):
    class Meta:
        model = ScoringModel
        fields = ["id", "key", "version"]


class RequestRef(fields.Read[CustomerRequest]):
    class Meta:
        model = CustomerRequest
        fields = ["id", "key", "title"]


class CustomerRef(fields.Read[Customer]):
    """Null for those who may not see customers: by an id one could tell whose other words are."""

    class Meta:
        model = Customer
        fields = ["id", "token", "name"]

    @classmethod
    def shown(  # type: ignore[override]  # Who may not see the row sees none.
        cls, row: Customer, context: rows.Context
    ) -> dict[str, Any] | None:
        if not context["request"].user.has_perm("backlog.view_customer"):
            return None
        return super().shown(row, context)


class AccountRef(fields.Read[Account]):
    """Null for those who may not see accounts."""

    class Meta:
        model = Account
        fields = ["id", "name"]

    @classmethod
    def shown(  # type: ignore[override]  # Who may not see the row sees none.
        cls, row: Account, context: rows.Context
    ) -> dict[str, Any] | None:
        if not context["request"].user.has_perm("backlog.view_account"):
            return None
        return super().shown(row, context)
