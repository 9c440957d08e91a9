"""Departments and API tokens."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base
from backlog.api.serializers import api_tokens as serializers
from backlog.models import ApiToken
from backlog.operations import api_tokens


class TokenViewSet(base.List[ApiToken]):
    """One's own tokens. A token is made from a browser session, never by another token."""

    queryset = ApiToken.objects.none()
    serializer_class = serializers.TokenRead
    lookup_value_regex = "[0-9a-f]+"
    is_idempotent = False  # The answer holds a secret, which is kept nowhere.
    orderings = ("created",)
    default_ordering = "-created"
    access = {
        "list": base.ActionPolicy(base.ADMIN, base.ANYBODY),
        "create": base.ActionPolicy(base.ADMIN, base.ANYBODY),
        "rotate": base.ActionPolicy(base.ADMIN, base.ANYBODY).unless(errors.TokenOver),
        "revoke": base.ActionPolicy(base.ADMIN, base.ANYBODY),
    }

    def get_queryset(self) -> QuerySet[ApiToken]:
        own: QuerySet[ApiToken] = ApiToken.objects.filter(user=self.user)
        return own.select_related("user", "made_by")

    @extend_schema(request=serializers.TokenIssue, responses={201: serializers.TokenIssued})
    def create(self, request: Request) -> Response:
        """Make a token, from a browser session. The answer shows its secret, this one time."""
        _require_session(request)
        data = self.body(serializers.TokenIssue)
        token, secret = api_tokens.issue_token(
            owner=self.user,
            name=data["name"],
            scopes=data["scopes"],
            lasts=timedelta(days=data["lasts_days"]),
            by=self.user,
            at=timezone.now(),
        )
        return self._shown_once(token, secret)

    @extend_schema(request=serializers.TokenRotate, responses={201: serializers.TokenIssued})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """Replace a token by one like it. The old one works on for the overlap."""
        _require_session(request)
        old, data = self.get_object(), self.body(serializers.TokenRotate)
        token, secret = api_tokens.rotate_token(
            token_pk=old.pk,
            overlap=timedelta(hours=data["overlap_hours"]),
            lasts=timedelta(days=data["lasts_days"]),
            by=self.user,
            at=timezone.now(),
        )
        return self._shown_once(token, secret)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Revoke a token. It stops working at once."""
        api_tokens.revoke_token(token_pk=self.get_object().pk, by=self.user, at=timezone.now())
        return Response(status=204)

    def get_object(self) -> ApiToken:
        token = self.get_queryset().filter(token_key=self.kwargs["pk"]).first()
        if token is None:
            raise exceptions.NotFound
        return token

    def _shown_once(self, token: ApiToken, secret: str) -> Response:
        shown = {**self.get_serializer(token).data, "secret": secret}
        return Response(shown, status=201, headers=base.SECRET)


def _require_session(request: Request) -> None:
    if request.auth is not None:
        raise exceptions.PermissionDenied(
            _("Sign in with a browser session to make a token."), code="session_required"
        )
