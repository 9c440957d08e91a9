"""What somebody has just done to an action item is taken back by them alone, and soon."""

from datetime import timedelta

import pytest

from backlog.models import Event, User
from council import errors
from council.models import ActionItem
from council.operations import action_items, action_items_undone
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)
LATER_BY_A_MINUTE = NOON + timedelta(minutes=1)
pytestmark = pytest.mark.django_db


class TestUndo:
    def test_takes_back_a_claim_and_keeps_what_was_typed(
        self, action: ActionItem, noor: User
    ) -> None:
        action_items.claim_done(action_id=action.pk, evidence="Signed", by=noor, at=NOON)

        action_items_undone.undo(action_id=action.pk, by=noor, at=LATER_BY_A_MINUTE)

        action.refresh_from_db()
        assert (action.status, action.evidence) == ("open", "Signed")
        assert Event.objects.last().kind == "action_item.undone"  # type: ignore[union-attr]

    def test_takes_back_what_was_accepted_by_mistake(self, claimed: ActionItem, sora: User) -> None:
        action_items.verify_action(action_id=claimed.pk, by=sora, at=NOON)

        action_items_undone.undo(action_id=claimed.pk, by=sora, at=LATER_BY_A_MINUTE)

        claimed.refresh_from_db()
        assert (claimed.status, claimed.closed_at) == ("claimed_done", None)

    def test_brings_back_what_blocked_it(self, action: ActionItem, noor: User) -> None:
        action_items.block_action(action_id=action.pk, reason="The bank.", by=noor, at=NOON)
        action_items.unblock_action(action_id=action.pk, by=noor, at=NOON)

        action_items_undone.undo(action_id=action.pk, by=noor, at=LATER_BY_A_MINUTE)

        action.refresh_from_db()
        assert (action.status, action.blocked_by) == ("blocked", "The bank.")

    def test_refuses_twice_of_another_and_too_late(
        self, action: ActionItem, noor: User, sora: User
    ) -> None:
        action_items.claim_done(action_id=action.pk, evidence="Signed", by=noor, at=NOON)

        with pytest.raises(errors.NothingToUndo):
            action_items_undone.undo(action_id=action.pk, by=sora, at=LATER_BY_A_MINUTE)
        with pytest.raises(errors.NothingToUndo):
            action_items_undone.undo(action_id=action.pk, by=noor, at=LATER)
        action_items_undone.undo(action_id=action.pk, by=noor, at=LATER_BY_A_MINUTE)
        with pytest.raises(errors.NothingToUndo):
            action_items_undone.undo(action_id=action.pk, by=noor, at=LATER_BY_A_MINUTE)

    def test_refuses_after_somebody_did_more(
        self, action: ActionItem, noor: User, sora: User
    ) -> None:
        action_items.claim_done(action_id=action.pk, evidence="Signed", by=noor, at=NOON)
        action_items.verify_action(action_id=action.pk, by=sora, at=NOON)

        with pytest.raises(errors.NothingToUndo):
            action_items_undone.undo(action_id=action.pk, by=noor, at=LATER_BY_A_MINUTE)
