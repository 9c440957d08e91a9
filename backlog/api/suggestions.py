"""Suggestions: for agents to propose, and for people to decide."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base
from backlog.api.serializers import suggestions as serializers
from backlog.filters import filtersets
from backlog.models import Suggestion
from backlog.operations import accepted_suggestions, suggestions
from backlog.queries import suggestions as queries

DECIDE = base.ActionPolicy(base.BACKLOG, "backlog.decide_suggestion")


class SuggestionViewSet(base.Listed[Suggestion]):
    """That words speak for a request, or that two requests or two customers are the same.

    A suggestion changes nothing by itself: a person accepts or dismisses it.
    """

    queryset = Suggestion.objects.none()
    serializer_class = serializers.SuggestionRead
    filterset_class = filtersets.SuggestionFilter
    orderings = ("id",)
    default_ordering = "-id"
    access = {
        **base.reading("backlog.view_suggestion"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.propose_suggestion").unless(
            errors.SuggestionDismissed
        ),
        "accept": DECIDE.unless(
            *(errors.IllegalTransition, errors.PersonRequired, errors.TriagedAlready),
            *(errors.RequestMerged, errors.CustomerMerged, errors.AlreadyCommitted),
            *(errors.BeingSent, errors.ErasedOnRequest),
        ),
        "dismiss": DECIDE.unless(errors.IllegalTransition, errors.PersonRequired),
        "acceptance": base.ActionPolicy(base.READ, "backlog.view_suggestion"),
    }

    def get_queryset(self) -> QuerySet[Suggestion]:
        return Suggestion.objects.visible_to(self.user).for_listing()

    @extend_schema(request=serializers.SuggestionMake, responses={201: serializers.SuggestionRead})
    def create(self, request: Request) -> Response:
        """Propose something. What is proposed already stays as it is.

        Refused with `suggestion_dismissed` where somebody has said that it is not so.
        """
        data = self.body(serializers.SuggestionMake)
        one, other = (data[name].pk for name in serializers.NEEDS[data["kind"]])
        proposed = suggestions.propose(
            pair=suggestions.Pair(data["kind"], one, other),
            source=suggestions.Source(
                origin=data["origin"],
                name=data.get("name", ""),
                version=data.get("version", ""),
                reason=data.get("reason", ""),
                score=data.get("score"),
            ),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(proposed, status=201)

    @extend_schema(request=serializers.SuggestionAccept, responses=serializers.SuggestionRead)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Do what it proposes, in person: link the words, or merge, with a reason."""
        accepted = accepted_suggestions.accept_suggestion(
            suggestion_id=self.get_object().pk,
            **self.body(serializers.SuggestionAccept),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(accepted)

    @extend_schema(request=None, responses=serializers.SuggestionRead)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say, in person, that it is not so. It is not proposed of this pair again."""
        dismissed = suggestions.dismiss(
            suggestion_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(dismissed)

    @extend_schema(responses=serializers.SuggestionAcceptance(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def acceptance(self, request: Request) -> Response:
        """Say how often each origin was right: the share of its suggestions that was accepted."""
        found = queries.acceptance(self.user)
        return Response(serializers.SuggestionAcceptance(found, many=True).data)
