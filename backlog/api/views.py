"""Views: what colleagues keep of boards and lists."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from backlog.api.serializers import views as serializers
from backlog.models import View
from backlog.operations import views


class ViewViewSet(base.Listed[View]):
    """One's own views, and those that colleagues share of boards that one may see."""

    queryset = View.objects.none()
    serializer_class = serializers.ViewRead
    orderings = ("id",)
    default_ordering = "id"
    access = {
        **base.reading("backlog.view_customerrequest"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.view_customerrequest"),
        "forget": base.ActionPolicy(base.BACKLOG, "backlog.view_customerrequest"),
    }

    def get_queryset(self) -> QuerySet[View]:
        return View.objects.visible_to(self.user).select_related("user", "product")

    @extend_schema(request=serializers.ViewKeep, responses={201: serializers.ViewRead})
    def create(self, request: Request) -> Response:
        """Keep a view of a board; under a name that you have there already, instead of that.

        To share it, or have it shown first to everybody, takes the right to edit requests.
        """
        data = self.body(serializers.ViewKeep)
        shares = data["is_shared"] or data["is_default"]
        if shares and not self.user.has_perm("backlog.edit_request"):
            raise exceptions.PermissionDenied(
                _("You need the permission %(permission)s.")
                % {"permission": "backlog.edit_request"},
                code="permission_missing",
            )
        view = views.save_view(listing=views.BOARD, **data, by=self.user, at=timezone.now())
        return self.answer(view, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def forget(self, request: Request, pk: str) -> Response:
        """Forget one of your own views. What a colleague shares is theirs to forget."""
        own = View.objects.of(self.user).filter(pk=self.get_object().pk)
        if not own.exists():
            raise exceptions.PermissionDenied(_("Only who keeps a view can forget it."))
        views.delete_view(view_id=self.get_object().pk, by=self.user, at=timezone.now())
        return Response(status=204)
