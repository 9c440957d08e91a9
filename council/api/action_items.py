"""Action items: who owes what by when."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog.api.framework import base
from council import errors
from council.api.serializers import action_items as serializers
from council.filters import filtersets
from council.models import ActionItem
from council.operations import action_items, action_items_undone

ASSIGN = base.ActionPolicy(base.COUNCIL, "council.assign_action")


class ActionItemViewSet(base.Listed[ActionItem]):
    """Who owes what by when; closed only with evidence that somebody else accepts."""

    queryset = ActionItem.objects.none()
    serializer_class = serializers.ActionItemRead
    filterset_class = filtersets.ActionItemFilter
    orderings = ("due_on", "id")
    default_ordering = "due_on"
    access = {
        **base.reading("council.view_actionitem"),
        "create": ASSIGN.unless(errors.NotSeated, errors.ProductNotBeforeCouncil),
        # Any colleague may own one; the operation takes the claim from its owner only.
        "claim_done": base.ActionPolicy(base.COUNCIL, "council.view_actionitem").unless(
            errors.NotTheOwner, errors.ActionItemClosed
        ),
        # So does the owner, whatever their role; of others, the operation asks for a seat.
        "block": base.ActionPolicy(base.COUNCIL, "council.view_actionitem").unless(
            errors.NotSeated, errors.ActionItemClaimed, errors.ActionItemClosed
        ),
        "unblock": base.ActionPolicy(base.COUNCIL, "council.view_actionitem").unless(
            errors.NotSeated
        ),
        "verify": ASSIGN.unless(
            errors.NotSeated,
            errors.OwnActionItem,
            errors.ActionItemNotClaimed,
            errors.ActionItemClosed,
        ),
        "reopen": ASSIGN.unless(
            errors.NotSeated, errors.ActionItemNotClaimed, errors.ActionItemClosed
        ),
        "put_off": ASSIGN.unless(errors.NotSeated, errors.ActionItemClosed),
        "help": base.ActionPolicy(base.COUNCIL, "council.view_actionitem").unless(
            errors.NotSeated, errors.ActionItemClosed
        ),
        # Whoever did it; the operation takes it back for nobody else.
        "undo": base.ActionPolicy(base.COUNCIL, "council.view_actionitem").unless(
            errors.NothingToUndo
        ),
        "cancel": ASSIGN.unless(errors.NotSeated, errors.ActionItemClosed),
    }

    def get_queryset(self) -> QuerySet[ActionItem]:
        seen = ActionItem.objects.visible_to(self.user)
        rows = seen.select_related("council", "request", "owner", "assigned_by")
        return rows.select_related("evidence_request").prefetch_related("helpers")

    @extend_schema(
        request=serializers.ActionItemAssign, responses={201: serializers.ActionItemRead}
    )
    def create(self, request: Request) -> Response:
        """Give somebody something to do by a date."""
        data = self.body(serializers.ActionItemAssign)
        about, item = data.pop("request"), data.pop("agenda_item")
        assigned = action_items.assign_action(
            council_id=data.pop("council").pk,
            request_id=about and about.pk,
            agenda_item_id=item and item.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(assigned, status=201)

    @extend_schema(request=serializers.DoneClaim, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"], url_path="claim-done")
    def claim_done(self, request: Request, pk: str) -> Response:
        """Say as its owner that it is done, and how one can see that."""
        owed, data = self.get_object(), self.body(serializers.DoneClaim)
        request_row, outcome = data.pop("request"), data.pop("outcome")
        owed = action_items.claim_done(
            action_id=owed.pk,
            request_id=request_row and request_row.pk,
            outcome_id=outcome and outcome.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(owed)

    @extend_schema(request=serializers.Because, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def block(self, request: Request, pk: str) -> Response:
        """Say, as its owner or as somebody of the council, what keeps it from being done."""
        owed, data = self.get_object(), self.body(serializers.Because)
        owed = action_items.block_action(action_id=owed.pk, **data, by=self.user, at=timezone.now())
        return self.answer(owed)

    @extend_schema(request=None, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def unblock(self, request: Request, pk: str) -> Response:
        """Nothing keeps it from being done any more."""
        owed = action_items.unblock_action(
            action_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(owed)

    @extend_schema(request=serializers.AnotherDay, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"], url_path="put-off")
    def put_off(self, request: Request, pk: str) -> Response:
        """Give it another day, as somebody of the council, and say why."""
        owed, data = self.get_object(), self.body(serializers.AnotherDay)
        owed = action_items.put_off(action_id=owed.pk, **data, by=self.user, at=timezone.now())
        return self.answer(owed)

    @extend_schema(request=serializers.Helpers, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def help(self, request: Request, pk: str) -> Response:
        """Say who helps, as its owner or as somebody of the council: these and nobody else."""
        owed, data = self.get_object(), self.body(serializers.Helpers)
        owed = action_items.set_helpers(action_id=owed.pk, **data, by=self.user, at=timezone.now())
        return self.answer(owed)

    @extend_schema(request=None, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back what you have just done to it, if nothing was done to it since."""
        owed = action_items_undone.undo(
            action_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(owed)

    @extend_schema(request=None, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Accept the evidence, as somebody of the council other than the owner."""
        owed = action_items.verify_action(
            action_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        return self.answer(owed)

    @extend_schema(request=serializers.Because, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Reopen what is not done after all."""
        owed, data = self.get_object(), self.body(serializers.Because)
        owed = action_items.reopen_action(
            action_id=owed.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(owed)

    @extend_schema(request=serializers.Because, responses=serializers.ActionItemRead)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel what nobody has to do any more."""
        owed, data = self.get_object(), self.body(serializers.Because)
        owed = action_items.cancel_action(
            action_id=owed.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(owed)
