"""How a row appears inside another: its id and the name people know it by."""

from backlog.api.framework import fields
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

    hidden_without = "backlog.view_customer"

    class Meta:
        model = Customer
        fields = ["id", "token", "name"]


class AccountRef(fields.Read[Account]):
    """Null for those who may not see accounts."""

    hidden_without = "backlog.view_account"

    class Meta:
        model = Account
        fields = ["id", "name"]
