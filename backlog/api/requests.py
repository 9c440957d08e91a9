"""Requests: the backlog, and everything that happens to one of its items."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, versions
from backlog.api.serializers import department_steps as department_step_serializers
from backlog.api.serializers import history as history_serializers
from backlog.api.serializers import requests as serializers
from backlog.api.serializers import scores as scoring_serializers
from backlog.filters import requests as request_filters
from backlog.models import CustomerRequest
from backlog.models.assessments import awaiting
from backlog.operations import merges, ranks, request_edits, requests, sorting
from backlog.queries import history, loud_voices, score_explanations, similar
from backlog.queries import sorting as sorting_queries


class RequestViewSet(base.Listed[CustomerRequest]):
    """A problem customers want solved. The key (PAY-12) may stand wherever the id may."""

    queryset = CustomerRequest.objects.none()
    serializer_class = serializers.RequestRead
    filterset_class = request_filters.RequestFilter
    natural_key = "key"
    lookup_value_regex = "[A-Z0-9-]+"
    orderings = ("opened_at", "rank", "priority", "id")
    default_ordering = "-opened_at"
    is_versioned = True
    access = {
        **base.reading("backlog.view_customerrequest"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.open_request").unless(
            errors.WordsOfClosedProduct
        ),
        "partial_update": base.ActionPolicy(base.BACKLOG, "backlog.edit_request"),
        "move": base.ActionPolicy(base.BACKLOG, "backlog.move_request").unless(
            errors.NeighbourGone, errors.IllegalTransition, errors.ReasonRequired
        ),
        "move_several": base.ActionPolicy(base.BACKLOG, "backlog.move_request").unless(
            errors.NeighbourGone,
            errors.IllegalTransition,
            errors.ReasonRequired,
            errors.VersionConflict,
        ),
        "sort": base.ActionPolicy(base.BACKLOG, "backlog.move_request").unless(
            errors.ReasonRequired, errors.VersionConflict
        ),
        "edit_several": base.ActionPolicy(base.BACKLOG, "backlog.edit_request"),
        "transition": base.ActionPolicy(base.BACKLOG, "backlog.override_status").unless(
            errors.IllegalTransition
        ),
        "merge": base.ActionPolicy(base.BACKLOG, "backlog.merge_request").unless(
            errors.RequestMerged, errors.AlreadyCommitted
        ),
        "unmerge": base.ActionPolicy(base.BACKLOG, "backlog.merge_request").unless(
            errors.IllegalTransition
        ),
        "department_steps": base.ActionPolicy(base.READ, "backlog.view_customerrequest"),
        "set_department_step": base.ActionPolicy(base.BACKLOG, "backlog.edit_request").unless(
            errors.VersionConflict
        ),
        "explain": base.ActionPolicy(base.READ, "backlog.view_departmentscore"),
        "voices": base.ActionPolicy(base.READ, "backlog.view_evidence"),
        "similar": base.ActionPolicy(base.READ, "backlog.view_customerrequest"),
        "history": base.ActionPolicy(base.READ, "backlog.view_event"),
    }

    def get_queryset(self) -> QuerySet[CustomerRequest]:
        seen = CustomerRequest.objects.visible_to(self.user)
        return seen.select_related("product", "owner", "scored_with").defer("search_text")

    @extend_schema(request=serializers.RequestOpen, responses={201: serializers.RequestRead})
    def create(self, request: Request) -> Response:
        """Open a request at the bottom of its product's board."""
        data = self.body(serializers.RequestOpen)
        opened = requests.open_request(
            product_id=data.pop("product").pk,
            feedback_ids=[each.pk for each in data.pop("feedback")],
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(opened, status=201)

    @extend_schema(request=serializers.RequestEdit, responses=serializers.RequestRead)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the words, the owner or the review date. `If-Match` guards others' edits."""
        wanted = self.get_object()
        edited = requests.edit_request(
            request_id=wanted.pk,
            version=versions.named_in(request, wanted),
            **self.body(serializers.RequestEdit),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(edited)

    @extend_schema(request=serializers.RequestMove, responses=serializers.RequestRead)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Change the human order: right after or before a neighbour, or to the top."""
        moving, data = self.get_object(), self.body(serializers.RequestMove)
        by, at, reason = self.user, timezone.now(), data["reason"]
        if data.get("to_top"):
            move = ranks.move_to_top(request_id=moving.pk, reason=reason, by=by, at=at)
        else:
            neighbours = {name: data[name].pk for name in ("after", "before") if name in data}
            move = ranks.move_request(
                request_id=moving.pk, **neighbours, reason=reason, by=by, at=at
            )
        return self.answer(move.request)

    @extend_schema(
        operation_id="requests_move_several_create",
        request=serializers.RequestMoveSeveral,
        responses=serializers.RequestsMoved,
    )
    @action(detail=False, methods=["post"], url_path="move")
    def move_several(self, request: Request) -> Response:
        """Move up to 50 of one board together, in the order they have: all of them, or none.

        With the `board_version` that the order was read in (it stands on the product), refused
        where the board changed since.
        """
        data = self.body(serializers.RequestMoveSeveral)
        where = {name: data[name].pk for name in ("after", "before") if name in data}
        made = ranks.move_several(
            request_ids=[each.pk for each in data["requests"]],
            **where,
            place=data.get("place"),
            board_version=data.get("board_version"),
            reason=data["reason"],
            by=self.user,
            at=timezone.now(),
        )
        return Response(serializers.RequestsMoved.told(made))

    @extend_schema(request=serializers.RequestSort, responses=serializers.RequestsSorted)
    @action(detail=False, methods=["post"])
    def sort(self, request: Request) -> Response:
        """Sort a product's board by priority, or some of it; with `preview`, only tell what moves.

        Those stay that somebody moved with a reason, unless `moves_pinned`.
        """
        data = self.body(serializers.RequestSort)
        product, chosen = data["product"], data.get("requests")
        some: dict[str, Any] = {
            "request_ids": None if chosen is None else [each.pk for each in chosen],
            "moves_pinned": data["moves_pinned"],
        }
        if data["preview"]:
            plan = sorting_queries.plan(product, **some)
        else:
            plan = sorting.sort_by_priority(
                product_id=product.pk,
                **some,
                board_version=data.get("board_version"),
                reason=data["reason"],
                by=self.user,
                at=timezone.now(),
            )
        return Response(serializers.RequestsSorted.told(plan, is_done=not data["preview"]))

    @extend_schema(request=serializers.RequestEditSeveral, responses=serializers.RequestsEdited)
    @action(detail=False, methods=["post"], url_path="edit")
    def edit_several(self, request: Request) -> Response:
        """Set owner, status or day of review of up to 50. Each stands by itself.

        One that was edited since the `version` that is named with it holds up no other. Another
        status takes the right to override the council, and a reason.
        """
        data: Any = self.body(serializers.RequestEditSeveral)
        if "status" in data and not self.user.has_perm("backlog.override_status"):
            raise exceptions.PermissionDenied(
                _("You need the permission %(permission)s.")
                % {"permission": "backlog.override_status"},
                code="permission_missing",
            )
        rows = {each["request"].pk: each for each in data.pop("requests")}
        reason = data.pop("reason")
        results = request_edits.edit_several(
            versions={pk: each.get("version") for pk, each in rows.items()},
            edits=data,
            reason=reason,
            by=self.user,
            at=timezone.now(),
        )
        named = [each["request"].key for each in (rows[result.request_id] for result in results)]
        return Response(serializers.RequestsEdited.told(list(zip(named, results, strict=True))))

    @extend_schema(request=serializers.RequestTransition, responses=serializers.RequestRead)
    @action(detail=True, methods=["post"])
    def transition(self, request: Request, pk: str) -> Response:
        """Move the status by hand, with a reason. On record as an override of the council."""
        moved = requests.override_status(
            request_id=self.get_object().pk,
            **self.body(serializers.RequestTransition),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(moved)

    @extend_schema(request=serializers.RequestMerge, responses=serializers.RequestRead)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Merge it into another request of its product; answers with the one that survives.

        The words of both count for that one from now on, and who said them hears what becomes of
        it. Refused with `ballot_open`, too, while it is being voted on.
        """
        asked, data = self.get_object(), self.body(serializers.RequestMerge)
        survivor = merges.merge_request(
            request_id=asked.pk,
            into_id=data["into"].pk,
            reason=data["reason"],
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(survivor)

    @extend_schema(request=serializers.RequestUnmerge, responses=serializers.RequestRead)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str) -> Response:
        """Make a merged request again what it was, with its words, status and place."""
        unmerged = merges.unmerge_request(
            request_id=self.get_object().pk,
            **self.body(serializers.RequestUnmerge),
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(unmerged)

    @extend_schema(
        responses=department_step_serializers.DepartmentStepRead(many=True), filters=False
    )
    @action(detail=True, methods=["get"], url_path="department-steps", pagination_class=None)
    def department_steps(self, request: Request, pk: str) -> Response:
        """List what each department would do towards the perfectly solved picture."""
        return self._steps(self.get_object())

    @extend_schema(
        request=department_step_serializers.DepartmentStepSet,
        responses=department_step_serializers.DepartmentStepRead(many=True),
        filters=False,
    )
    @department_steps.mapping.post
    def set_department_step(self, request: Request, pk: str) -> Response:
        """Say what a department would do; an empty step takes it back.

        A step that is there already is replaced by who names it as `before`.
        """
        asked, data = self.get_object(), self.body(department_step_serializers.DepartmentStepSet)
        requests.set_department_step(
            request_id=asked.pk,
            department_id=data["department"].pk,
            step=data["step"],
            before=data["before"],
            by=self.user,
            at=timezone.now(),
        )
        return self._steps(asked)

    @extend_schema(responses=scoring_serializers.Explanation, filters=False)
    @action(detail=True, methods=["get"])
    def explain(self, request: Request, pk: str) -> Response:
        """Explain why the score is what it is, and whose missing assessment would tell most.

        Refused (`assess_first`) to callers who have yet to assess it: they do so blind.
        """
        asked = self.get_object()
        if awaiting(self.user).filter(pk=asked.pk).exists():
            raise exceptions.PermissionDenied(
                _("Assess it to see what each department said."), code="assess_first"
            )
        explanation = score_explanations.explain(asked)
        if explanation is None:
            raise exceptions.NotFound
        return Response(scoring_serializers.Explanation(explanation).data)

    @extend_schema(responses=serializers.RequestVoices, filters=False)
    @action(detail=True, methods=["get"])
    def voices(self, request: Request, pk: str) -> Response:
        """Say who speaks for a request, and what that leaves out: guards against loud voices."""
        asked = self.get_object()
        heard = loud_voices.of([asked.pk])[asked.pk]
        return Response(serializers.RequestVoices(heard, context={"viewer": self.user}).data)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "text", str, required=True, description="Words, or a title, of any length."
            )
        ],
        responses=serializers.SimilarRequest(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def similar(self, request: Request) -> Response:
        """List up to five requests that say the same as a text, the most alike first, with why."""
        text = request.query_params.get("text", "")
        if not text.strip():
            raise exceptions.ValidationError({"text": [_("Say what it should be like.")]})
        found = similar.requests_like(text, viewer=self.user)
        return Response(serializers.SimilarRequest(found, many=True).data)

    @extend_schema(responses=history_serializers.HistoryEntry(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """Tell everything from the first words to the last answer, in order."""
        entries = history.history_of(self.get_object(), viewer=self.user)
        return Response(history_serializers.HistoryEntry(entries, many=True).data)

    def _steps(self, asked: CustomerRequest) -> Response:
        steps = asked.department_steps.select_related("department").order_by("pk")
        return Response(department_step_serializers.DepartmentStepRead(steps, many=True).data)
