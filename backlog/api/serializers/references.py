"""How a row appears inside another: its id and the name people know it by."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backlog.api import fields
from backlog.models import (
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
    """The name is empty for those who may not see who customers are."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "token", "name"]

    @extend_schema_field(str)
    def get_name(self, customer: Customer) -> str:
        may_see = self.context["request"].user.has_perm("backlog.view_customer")
        return customer.name if may_see else ""
