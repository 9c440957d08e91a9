"""What every resource of the API shares: who may call what, strict input, one shape of answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Model
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, mixins, permissions, viewsets
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backlog import errors
from backlog.api.framework import fields, idempotency, paging, problems, rates, rows, versions
from backlog.api.framework.unknown import refusals
from backlog.filters import fields as filter_fields
from backlog.models import ApiToken, User
from backlog.rules import names

M = TypeVar("M", bound=Model)

READ = "read"
FEEDBACK = "feedback:write"
BACKLOG = "backlog:write"
COUNCIL = "council:write"
ADMIN = "admin"


ANYBODY = ""

SECRET = {"Cache-Control": "no-transform"}
"""Headers of an answer that holds a secret, which compression could give away (decision 0027)."""

# What DRF calls a method that a resource lacks, and OPTIONS: the answer will be 405.
NO_ACTION = (None, "metadata")


class ActionPolicy(NamedTuple):
    """What an action asks of its caller: the scope of the token, the permission of the person.

    A person at the browser needs no scope; ANYBODY is whoever is signed in. `refusals` are the
    rules that may say no to the action; the description tells them.
    """

    scope: str
    permission: str
    refusals: tuple[type[errors.Refusal], ...] = ()

    def unless(self, *refusals: type[errors.Refusal]) -> "ActionPolicy":
        """The same, for an action that these rules may refuse."""
        return self._replace(refusals=refusals)


def reading(permission: str) -> dict[str, ActionPolicy]:
    """The list and its rows, for those who hold this permission."""
    needs = ActionPolicy(READ, permission)
    return {"list": needs, "retrieve": needs}


class MayCall(permissions.BasePermission):
    """Asks the resource's table of access; what is not in the table is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, Resource)
        if view.action in NO_ACTION:
            return True
        needs = view.access.get(view.action)
        if needs is None:
            return False
        if isinstance(request.auth, ApiToken) and needs.scope not in request.auth.scopes:
            raise exceptions.PermissionDenied(
                _("The token lacks the scope %(scope)s.") % {"scope": needs.scope},
                code="scope_missing",
            )
        if needs.permission and not request.user.has_perm(needs.permission):
            raise exceptions.PermissionDenied(
                _("You need the permission %(permission)s.") % {"permission": needs.permission},
                code="permission_missing",
            )
        return True


class StrictFilters(DjangoFilterBackend):
    """The filters that pages use; here an impossible value is a 400 that names its parameter."""

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        known = self.get_filterset_class(view, queryset)
        if known is None or request.query_params.keys().isdisjoint(known.base_filters):
            return queryset  # A filterset without a value changes nothing, and takes a while.
        filterset = known(request.query_params, queryset, request=request)
        if not filterset.is_valid():
            raise problems.BadQuery(
                {name: " ".join(map(str, texts)) for name, texts in filterset.errors.items()}
            )
        return filterset.qs


class BodyParser(JSONParser):
    """JSON, up to a size, and not nested deeper than anybody means it.

    Django looks at the size only where it reads the body itself, which it does for sessions.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deeply.")) from error


class Resource(rates.Limited, viewsets.GenericViewSet[M]):
    """A noun of the API.

    `access` says for each action what it needs. `natural_key` is the column that may stand in the
    address instead of the id. With `is_versioned`, answers carry an ETag that edits must send back;
    with `is_idempotent`, a POST with the same Idempotency-Key is done once.
    """

    access: ClassVar[Mapping[str, ActionPolicy]] = {}
    natural_key: ClassVar[str] = "pk"
    orderings: tuple[str, ...] = ("id",)
    default_ordering: str = "-id"
    is_versioned: ClassVar[bool] = False
    is_idempotent: ClassVar[bool] = True
    post: idempotency.Handler

    permission_classes = [permissions.IsAuthenticated, MayCall]
    pagination_class = paging.KeysetPagination
    filter_backends = [StrictFilters]
    parser_classes = [BodyParser]
    lookup_value_regex = "[0-9]+"
    metadata_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action not in NO_ACTION:
            self._check_parameters(request)
            if request.method == "POST" and self.is_idempotent:
                # DRF takes the handler from here next; the caller is known and let in by now.
                self.post = idempotency.once(self.post)

    def _check_parameters(self, request: Request) -> None:
        """A parameter that was misspelt, left empty or given twice would show something else."""
        known = self.parameters()
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise problems.BadQuery(
                refusals(_("There is no such parameter here."), unknown, known),
                code="unknown_parameter",
            )
        empty = [name for name, value in request.query_params.items() if not str(value).strip()]
        if empty:
            raise problems.BadQuery(dict.fromkeys(empty, _("Give a value, or leave it out.")))
        given = request.query_params.lists()
        repeated = [name for name, values in given if len(values) > 1 and not self._has_many(name)]
        if repeated:
            raise problems.BadQuery(
                dict.fromkeys(repeated, str(filter_fields.ONCE)), code="repeated_parameter"
            )

    def _has_many(self, name: str) -> bool:
        """Whether a list is narrowed to either of several values."""
        filterset = getattr(self, "filterset_class", None)
        return isinstance(filterset and filterset.base_filters.get(name), filter_fields.AnyOf)

    def parameters(self) -> set[str]:
        """The query parameters that this action understands."""
        if self.action != "list":
            return set()
        filterset = getattr(self, "filterset_class", None)
        filters = filterset.offered(self.user) if filterset else ()
        return {*filters, *paging.KeysetPagination.parameters}

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are, in `Allow`."""
        return Response(status=HTTPStatus.NO_CONTENT)

    def get_object(self) -> M:
        row = self.get_queryset().filter(**self.wanted()).first()
        if row is None:
            raise exceptions.NotFound
        return row

    def wanted(self) -> dict[str, Any]:
        """The look-up of the row that the address names."""
        return names.lookup(self.kwargs["pk"], natural=self.natural_key)

    @property
    def user(self) -> User:
        """Who is calling; every resource is closed to strangers."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def body(self, serializer: type[fields.Input]) -> dict[str, Any]:
        """What was sent, checked; raises what becomes a 422 that points at each fault."""
        return self.checked(serializer, self.request.data)

    def checked(self, serializer: type[fields.Input], data: Any) -> dict[str, Any]:
        sent = serializer(data=data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def answer(self, row: Any, status: int = HTTPStatus.OK) -> Response:
        """A row as this resource shows it, with its version as ETag where edits are guarded."""
        shown = self.get_serializer(row).data
        return self._told(shown, row.version if self.is_versioned else None, status)

    def _told(self, shown: Any, version: int | None, status: int = HTTPStatus.OK) -> Response:
        headers = {} if version is None else {"ETag": versions.tag(version, shown)}
        return Response(shown, status=status, headers=headers)


class List(mixins.ListModelMixin, Resource[M]):
    """A resource with a list, whose rows are read as plain values."""

    paginator: paging.KeysetPagination

    @property
    def shape(self) -> rows.Shape:
        """How its rows are read and shown, as its serializer says."""
        serializer: Any = self.get_serializer_class()
        shape: rows.Shape = serializer.shape()
        return shape

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        queryset = self.filter_queryset(self.get_queryset())
        page = self.paginator.read(queryset, request, self, self.shape)
        context = {**self.get_serializer_context(), rows.EXCERPTS: True}
        return self.get_paginated_response(self.shape.shown(page, context))


class Listed(List[M]):
    """A resource with a list and its rows, all in one shape."""

    def retrieve(self, request: Request, pk: str) -> Response:
        found = self.get_queryset().filter(**self.wanted())
        return self._answer(rows.Stored.read(found[:1], self._paths()))

    def answer_of(self, pk: int, status: int = HTTPStatus.OK) -> Response:
        """The row of this id, which the caller has just written, as this resource shows it."""
        serializer: Any = self.get_serializer_class()
        page = rows.Stored.read_one(serializer.Meta.model, pk, self._paths())
        return self._answer(page, status)

    def _paths(self) -> tuple[str, ...]:
        return rows.unique(*self.shape.paths, *(["version"] if self.is_versioned else []))

    def _answer(self, page: rows.Stored, status: int = HTTPStatus.OK) -> Response:
        if not len(page):
            raise exceptions.NotFound
        (shown,) = self.shape.shown(page, self.get_serializer_context())
        return self._told(shown, page["version"][0] if self.is_versioned else None, status)


class Nothing(APIView):
    """Where no resource is; without it a typing slip would be answered by a page for people."""

    schema = None
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound
