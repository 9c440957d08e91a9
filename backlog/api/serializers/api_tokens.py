"""Departments and tokens."""

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import ColleagueRef
from backlog.models import ApiToken
from backlog.operations import api_tokens


class TokenRead(fields.Read[ApiToken]):
    """A token without its secret; `id` is how its secret begins."""

    id = serializers.CharField(source="token_key")
    owner = ColleagueRef(source="user")
    made_by = ColleagueRef(allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=api_tokens.SCOPES))
    created_at = fields.Moment(source="created")
    expires_at = fields.Moment(source="expiry", allow_null=True)

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "owner",
            "made_by",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ]


class TokenIssued(TokenRead):
    """The one time that the secret is shown."""

    secret = serializers.CharField()

    class Meta(TokenRead.Meta):
        fields = [*TokenRead.Meta.fields, "secret"]


class TokenLasts(fields.Input):
    lasts_days = serializers.IntegerField(
        min_value=1, max_value=api_tokens.LONGEST_DAYS, default=365
    )


class TokenIssue(TokenLasts):
    name = fields.of(ApiToken, "name")
    scopes = fields.Several(
        child=serializers.ChoiceField(choices=api_tokens.SCOPES), min_length=1, max_length=10
    )


class TokenRotate(TokenLasts):
    """For `overlap_hours` both the old token and its successor work."""

    overlap_hours = serializers.IntegerField(min_value=0, max_value=24 * 90, default=24)
