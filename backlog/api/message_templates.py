"""The company's own words around what customers are told."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base
from backlog.api.serializers import message_templates as serializers
from backlog.filters import filtersets
from backlog.models import MessageTemplate
from backlog.operations import message_templates

EDIT = base.ActionPolicy(base.BACKLOG, "backlog.edit_messages")


class MessageTemplateViewSet(base.Listed[MessageTemplate]):
    """How messages on one occasion begin and end, in one language."""

    queryset = MessageTemplate.objects.none()
    serializer_class = serializers.MessageTemplateRead
    filterset_class = filtersets.MessageTemplateFilter
    access = {
        **base.reading("backlog.view_messagetemplate"),
        "create": EDIT.unless(errors.VersionConflict),
        "reset": EDIT,
    }

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        seen = MessageTemplate.objects.visible_to(self.user)
        return seen.select_related("product", "edited_by")

    @extend_schema(
        request=serializers.MessageTemplateWrite,
        responses={201: serializers.MessageTemplateRead},
    )
    def create(self, request: Request) -> Response:
        """Write the template of an occasion and language, in the place of the one before.

        What is quoted, what was done, and the links to answer and to unsubscribe are always in a
        message; a template neither holds them nor can leave them out. Words that are there already
        are replaced by who sends them as `before`.
        """
        data = self.body(serializers.MessageTemplateWrite)
        template = message_templates.write_template(**data, by=self.user, at=timezone.now())
        return self.answer(template, status=201)

    @extend_schema(request=None, responses=serializers.MessageTemplateRead)
    @action(detail=True, methods=["post"])
    def reset(self, request: Request, pk: str) -> Response:
        """Go back to the built-in words. Resetting twice changes nothing."""
        template = message_templates.reset_template(
            template_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(template)
