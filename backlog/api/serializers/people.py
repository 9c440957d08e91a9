"""Departments and tokens."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef
from backlog.models import ApiToken, Department
from backlog.operations import people


class DepartmentRead(fields.Read[Department]):
    class Meta:
        model = Department
        fields = ["id", "name", "is_seated"]


class DepartmentAdd(fields.Body):
    name = fields.Text(max_length=100)


class DepartmentEdit(fields.Body):
    name = fields.Text(max_length=100, required=False)


class TokenRead(fields.Read[ApiToken]):
    """A token without its secret; `id` is how its secret begins."""

    id = serializers.CharField(source="token_key")
    owner = ColleagueRef(source="user")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=people.SCOPES))
    created_at = fields.Moment(source="created")
    expires_at = fields.Moment(source="expiry", allow_null=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "owner", "scopes", "created_at", "expires_at", "last_used_at"]


class TokenIssued(TokenRead):
    """The one time that the secret is shown."""

    secret = serializers.CharField()

    class Meta(TokenRead.Meta):
        fields = [*TokenRead.Meta.fields, "secret"]


class TokenIssue(fields.Body):
    name = fields.Text(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=people.SCOPES), min_length=1, max_length=10
    )
    lasts_days = serializers.IntegerField(
        min_value=1, max_value=people.LONGEST_TOKEN_DAYS, default=365
    )
