"""What outcomes and status updates have in common: who will be told, and telling them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, tasks
from backlog.api.framework import base, paging, rows
from backlog.api.serializers import announcing as announcing_serializers
from backlog.models import Customer, Language, Outcome, StatusUpdate, User
from backlog.operations import announcements
from backlog.queries import announcement_preview
from backlog.queries import announcements as announcement_queries
from backlog.queries.audience import Announceable

T = TypeVar("T", Outcome, StatusUpdate)

ANNOUNCE = base.ActionPolicy(base.BACKLOG, "backlog.announce_outcome")
LOOK = base.ActionPolicy(base.READ, "backlog.view_obligation")


class Announced(base.Listed[T]):
    """A resource that is announced."""

    def parameters(self) -> set[str]:
        if self.action == "recipients":
            return set(paging.KeysetPagination.parameters)
        return super().parameters()

    @extend_schema(responses=announcing_serializers.PreviewRead, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def preview(self, request: Request, pk: str) -> Response:
        """Preview how many will be told and what they will read, before anything leaves."""
        subject = self.get_object()
        counts = announcement_preview.counts(subject)
        readers = [announcement_preview.first_reader(subject, language) for language in Language]
        shown = {
            "told": counts.told,
            "by_language": counts.by_language,
            "left_out": counts.left_out,
            "by_reason": counts.by_reason,
            "needs_countersign": announcement_queries.needs_countersign(subject),
            "in_other_language": announcement_queries.unspoken(subject),
            "messages": [_message(subject, reader, self.user) for reader in readers if reader],
        }
        context = self.get_serializer_context()
        return Response(announcing_serializers.PreviewRead(shown, context=context).data)

    @extend_schema(responses=announcing_serializers.RecipientRead(many=True), filters=False)
    @action(
        detail=True,
        methods=["get"],
        url_path="preview/recipients",
        orderings=("id",),
        default_ordering="id",
    )
    def recipients(self, request: Request, pk: str) -> Response:
        """List who waits to hear of it: which of their words are quoted, or why not."""
        subject = self.get_object()
        customers = self.paginate_queryset(announcement_preview.people(subject))
        assert customers is not None
        found = announcement_preview.recipients(subject, customers, viewer=self.user)
        context = self.get_serializer_context()
        shown = announcing_serializers.RecipientRead(found, many=True, context=context)
        return self.get_paginated_response(rows.excerpts(shown.data))

    @extend_schema(request=announcing_serializers.AnnounceStep)
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, pk: str) -> Response:
        """Let the customers who asked be told. Announcing twice changes nothing.

        A large audience needs two people: the first asks for a countersign, the second gives it.
        Who would be told in a language that is not theirs is told so only if you say so.
        """
        return self._step(announcements.announce, **self.body(announcing_serializers.AnnounceStep))

    @extend_schema(request=announcing_serializers.AnnounceStep)
    @action(detail=True, methods=["post"], url_path="ask-countersign")
    def ask_countersign(self, request: Request, pk: str) -> Response:
        """Ask a second person to agree; nobody is told before."""
        return self._step(
            announcements.ask_to_announce, **self.body(announcing_serializers.AnnounceStep)
        )

    @extend_schema(request=announcing_serializers.AnnounceStep)
    @action(detail=True, methods=["post"])
    def countersign(self, request: Request, pk: str) -> Response:
        """Agree to what somebody else asked to announce, which announces it."""
        return self._step(
            announcements.countersign, **self.body(announcing_serializers.AnnounceStep)
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="cancel-announcement")
    def cancel_announcement(self, request: Request, pk: str) -> Response:
        """Take it back while no message has left; refused afterwards."""
        return self._step(announcements.cancel)

    def _step(self, step: Callable[..., T], **data: bool) -> Response:
        row = step(subject=self.get_object(), **data, by=self.user, at=timezone.now())
        transaction.on_commit(tasks.nudge, robust=True)
        return self.answer(row)


def access(*unless: type[errors.Refusal]) -> dict[str, base.ActionPolicy]:
    """Who may do it; `unless` are the rules that may refuse whatever is announced."""
    unless = (*unless, errors.WordsInOtherLanguage)
    return {
        "preview": LOOK.unless(errors.Unwritable),
        "recipients": LOOK,
        "announce": ANNOUNCE.unless(*unless, errors.CountersignNeeded),
        "ask_countersign": ANNOUNCE.unless(*unless),
        "countersign": ANNOUNCE.unless(*unless, errors.NotAsked, errors.OwnAnnouncement),
        "cancel_announcement": ANNOUNCE.unless(errors.AlreadyTold, errors.BeingSent),
    }


def _message(subject: Announceable, customer: Customer, viewer: User) -> dict[str, Any]:
    written = announcement_preview.message(subject, customer, viewer=viewer, at=timezone.now())
    return {
        "language": customer.language,
        "customer": customer,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
    }
