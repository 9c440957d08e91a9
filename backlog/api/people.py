"""Departments and API tokens."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api import base, versions
from backlog.api.serializers import people as serializers
from backlog.models import ApiToken, Department
from backlog.operations import people, tokens


class DepartmentViewSet(base.Listed[Department]):
    """A part of the organisation; at the council and in the scores it has one voice."""

    queryset = Department.objects.none()
    serializer_class = serializers.DepartmentRead
    is_versioned = True
    orderings = ("id", "name")
    default_ordering = "name"
    access = {
        **base.reading("backlog.view_department"),
        "create": base.Needs(base.ADMIN, "backlog.manage_people"),
        "partial_update": base.Needs(base.ADMIN, "backlog.manage_people"),
    }

    def get_queryset(self) -> QuerySet[Department]:
        return Department.objects.visible_to(self.person)

    @extend_schema(request=serializers.DepartmentAdd, responses={201: serializers.DepartmentRead})
    def create(self, request: Request) -> Response:
        """Add a department."""
        said = self.body(serializers.DepartmentAdd)
        department = people.add_department(**said, by=self.person, at=timezone.now())
        return self.answer(department, status=201)

    @extend_schema(request=serializers.DepartmentEdit, responses=serializers.DepartmentRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename a department."""
        department, said = self.get_object(), self.body(serializers.DepartmentEdit)
        department = people.rename_department(
            department_id=department.pk,
            version=versions.named_in(request),
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(department)


class TokenViewSet(mixins.ListModelMixin, base.Resource[ApiToken]):
    """One's own tokens. A token is made from a browser session, never by another token."""

    queryset = ApiToken.objects.none()
    serializer_class = serializers.TokenRead
    lookup_value_regex = "[0-9a-f]+"
    is_idempotent = False  # The answer holds a secret, which is kept nowhere.
    orderings = ("created",)
    default_ordering = "-created"
    access = {
        "list": base.Needs(base.ADMIN, base.ANYBODY),
        "create": base.Needs(base.ADMIN, base.ANYBODY),
        "rotate": base.Needs(base.ADMIN, base.ANYBODY).unless(tokens.TokenOver),
        "revoke": base.Needs(base.ADMIN, base.ANYBODY),
    }

    def get_queryset(self) -> QuerySet[ApiToken]:
        own: QuerySet[ApiToken] = ApiToken.objects.filter(user=self.person)
        return own.select_related("user", "made_by")

    @extend_schema(request=serializers.TokenIssue, responses={201: serializers.TokenIssued})
    def create(self, request: Request) -> Response:
        """Make a token, from a browser session. The answer shows its secret, this one time."""
        _require_session(request)
        said = self.body(serializers.TokenIssue)
        token, secret = tokens.issue_token(
            owner=self.person,
            name=said["name"],
            scopes=said["scopes"],
            lasts=timedelta(days=said["lasts_days"]),
            by=self.person,
            at=timezone.now(),
        )
        return self._shown_once(token, secret)

    @extend_schema(request=serializers.TokenRotate, responses={201: serializers.TokenIssued})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """Replace a token by one like it. The old one works on for the overlap."""
        _require_session(request)
        old, said = self.get_object(), self.body(serializers.TokenRotate)
        token, secret = tokens.rotate_token(
            token_pk=old.pk,
            overlap=timedelta(hours=said["overlap_hours"]),
            lasts=timedelta(days=said["lasts_days"]),
            by=self.person,
            at=timezone.now(),
        )
        return self._shown_once(token, secret)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Revoke a token. It stops working at once."""
        tokens.revoke_token(token_pk=self.get_object().pk, by=self.person, at=timezone.now())
        return Response(status=204)

    def get_object(self) -> ApiToken:
        token = self.get_queryset().filter(token_key=self.kwargs["pk"]).first()
        if token is None:
            raise exceptions.NotFound
        return token

    def _shown_once(self, token: ApiToken, secret: str) -> Response:
        return Response({**self.get_serializer(token).data, "secret": secret}, status=201)


def _require_session(request: Request) -> None:
    if request.auth is not None:
        raise exceptions.PermissionDenied(
            _("Sign in with a browser session to make a token."), code="session_required"
        )
