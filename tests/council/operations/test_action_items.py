"""Who owes what by when, and who may say that it is done."""

from datetime import timedelta
from typing import Any

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import ActionItem, AgendaItem, Council, Seat
from council.operations import action_items
from tests.factories import NOON, backlog
from tests.factories import council as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def assign(council: Council, owner: User, by: User, **about: Any) -> ActionItem:
    facts: dict[str, Any] = {"title": "Ask the bank", "due_on": NOON.date()} | about
    return action_items.assign_action(council_id=council.pk, owner=owner, by=by, at=NOON, **facts)


class TestAssignAction:
    def test_says_who_owes_what_by_when(
        self, council: Council, pay_faster: CustomerRequest, noor: User, sora: User
    ) -> None:
        action = assign(council, noor, sora, request_id=pay_faster.pk, success_measure="An answer")

        action.refresh_from_db()
        assert (action.owner, action.due_on, action.status) == (noor, NOON.date(), "open")
        assert (action.request, action.success_measure) == (pay_faster, "An answer")
        assert (action.assigned_by, action.assigned_at) == (sora, NOON)
        event = Event.objects.get()
        assert (event.kind, event.request) == ("action_item.assigned", pay_faster)
        assert event.data == {"council": council.pk, "owner": noor.pk}

    def test_is_about_the_request_of_its_agenda_item(
        self, council: Council, pay_faster: CustomerRequest, noor: User, sora: User
    ) -> None:
        item = make.AgendaItemFactory.create(meeting__council=council, request=pay_faster)

        action = assign(council, noor, sora, agenda_item_id=item.pk)

        item.refresh_from_db()
        assert (action.request, item.status) == (pay_faster, "actioned")

    def test_leaves_a_decided_agenda_item_decided(
        self, council: Council, pay_faster: CustomerRequest, noor: User, sora: User
    ) -> None:
        item = make.AgendaItemFactory.create(
            meeting__council=council, request=pay_faster, status="decided"
        )

        assign(council, noor, sora, agenda_item_id=item.pk)

        item.refresh_from_db()
        assert item.status == "decided"

    def test_may_come_from_a_topic(self, council: Council, noor: User, sora: User) -> None:
        topic = make.AgendaItemFactory.create(
            meeting__council=council, request=None, title="Holidays"
        )

        action = assign(council, noor, sora, agenda_item_id=topic.pk)

        assert (action.request, action.agenda_item) == (None, topic)

    def test_refuses_by_who_has_no_seat(self, council: Council, noor: User, ada: User) -> None:
        with pytest.raises(errors.NotSeated):
            assign(council, noor, ada)

    def test_refuses_a_request_the_council_has_no_say_in(
        self, council: Council, noor: User, sora: User
    ) -> None:
        with pytest.raises(errors.ProductNotBeforeCouncil):
            assign(council, noor, sora, request_id=backlog.RequestFactory.create().pk)

    def test_refuses_an_agenda_item_about_something_else(
        self, council: Council, pay_faster: CustomerRequest, noor: User, sora: User
    ) -> None:
        other = backlog.RequestFactory.create(product=pay_faster.product)
        items: list[AgendaItem] = [
            make.AgendaItemFactory.create(meeting__council=council, request=other),
            make.AgendaItemFactory.create(request=pay_faster),
        ]

        for item in items:
            with pytest.raises(Invalid) as refusal:
                assign(council, noor, sora, request_id=pay_faster.pk, agenda_item_id=item.pk)
            assert refusal.value.code == "about_something_else"

    def test_refuses_a_day_that_has_passed(self, council: Council, noor: User, sora: User) -> None:
        with pytest.raises(Invalid) as refusal:
            assign(council, noor, sora, due_on=NOON.date() - timedelta(days=1))

        assert (refusal.value.field, refusal.value.code) == ("due_on", "in_the_past")


class TestClaimDone:
    def test_shows_the_evidence_and_stays_unfinished(self, action: ActionItem, noor: User) -> None:
        for _ in range(2):
            action_items.claim_done(action_id=action.pk, evidence="Signed", by=noor, at=NOON)

        action.refresh_from_db()
        assert (action.status, action.evidence) == ("claimed_done", "Signed")
        assert action.closed_at is None
        assert Event.objects.get().kind == "action_item.claimed_done"

    def test_takes_better_evidence(self, claimed: ActionItem, noor: User) -> None:
        action_items.claim_done(action_id=claimed.pk, evidence="See the scan", by=noor, at=NOON)

        claimed.refresh_from_db()
        assert claimed.evidence == "See the scan"

    def test_refuses_by_anybody_but_the_owner(self, action: ActionItem, sora: User) -> None:
        with pytest.raises(errors.NotTheOwner, match="Noor"):
            action_items.claim_done(action_id=action.pk, evidence="Signed", by=sora, at=NOON)

    def test_refuses_without_evidence(self, action: ActionItem, noor: User) -> None:
        with pytest.raises(Invalid) as refusal:
            action_items.claim_done(action_id=action.pk, evidence=" ", by=noor, at=NOON)

        assert (refusal.value.field, refusal.value.code) == ("evidence", "blank")

    def test_refuses_what_is_closed(self, action: ActionItem, noor: User) -> None:
        ActionItem.objects.update(status="cancelled", closed_at=NOON)

        with pytest.raises(errors.ActionItemClosed):
            action_items.claim_done(action_id=action.pk, evidence="Signed", by=noor, at=NOON)


class TestVerifyAction:
    def test_closes_it_once(self, claimed: ActionItem, sora: User) -> None:
        for at in (NOON, LATER):
            action_items.verify_action(action_id=claimed.pk, by=sora, at=at)

        claimed.refresh_from_db()
        assert (claimed.status, claimed.closed_at) == ("verified", NOON)
        assert Event.objects.get().kind == "action_item.verified"

    def test_refuses_by_its_owner(self, claimed: ActionItem, noor: User, sales: Seat) -> None:
        with pytest.raises(errors.OwnActionItem):
            action_items.verify_action(action_id=claimed.pk, by=noor, at=NOON)

    def test_refuses_by_who_has_no_seat(self, claimed: ActionItem, ada: User) -> None:
        with pytest.raises(errors.NotSeated):
            action_items.verify_action(action_id=claimed.pk, by=ada, at=NOON)

    def test_refuses_what_nobody_says_is_done(self, action: ActionItem, sora: User) -> None:
        with pytest.raises(errors.ActionItemNotClaimed):
            action_items.verify_action(action_id=action.pk, by=sora, at=NOON)


class TestReopenAction:
    @pytest.mark.parametrize(("status", "closed_at"), [("claimed_done", None), ("verified", NOON)])
    def test_says_what_is_missing_once(
        self, claimed: ActionItem, sora: User, status: str, closed_at: object
    ) -> None:
        ActionItem.objects.update(status=status, closed_at=closed_at)

        for _ in range(2):
            action_items.reopen_action(
                action_id=claimed.pk, reason="A page is missing", by=sora, at=LATER
            )

        claimed.refresh_from_db()
        assert (claimed.status, claimed.closed_at) == ("reopened", None)
        event = Event.objects.get()
        assert (event.kind, event.reason) == ("action_item.reopened", "A page is missing")

    def test_refuses_without_a_reason(self, claimed: ActionItem, sora: User) -> None:
        with pytest.raises(ReasonRequired):
            action_items.reopen_action(action_id=claimed.pk, reason="", by=sora, at=LATER)

    def test_refuses_what_nobody_says_is_done(self, action: ActionItem, sora: User) -> None:
        with pytest.raises(errors.ActionItemNotClaimed):
            action_items.reopen_action(action_id=action.pk, reason="?", by=sora, at=LATER)


class TestCancelAction:
    def test_closes_it_and_says_why_once(self, action: ActionItem, sora: User) -> None:
        for at in (NOON, LATER):
            action_items.cancel_action(action_id=action.pk, reason="Solved", by=sora, at=at)

        action.refresh_from_db()
        assert (action.status, action.closed_at) == ("cancelled", NOON)
        event = Event.objects.get()
        assert (event.kind, event.reason) == ("action_item.cancelled", "Solved")

    def test_refuses_without_a_reason(self, action: ActionItem, sora: User) -> None:
        with pytest.raises(ReasonRequired):
            action_items.cancel_action(action_id=action.pk, reason="", by=sora, at=NOON)

    def test_refuses_what_is_verified(self, claimed: ActionItem, sora: User) -> None:
        action_items.verify_action(action_id=claimed.pk, by=sora, at=NOON)

        with pytest.raises(errors.ActionItemClosed):
            action_items.cancel_action(action_id=claimed.pk, reason="No", by=sora, at=NOON)


def test_only_who_has_a_place_at_the_council_ends_or_reopens_what_it_asked_for(
    claimed: ActionItem, mina: User
) -> None:
    for end in (action_items.cancel_action, action_items.reopen_action):
        with pytest.raises(errors.NotSeated):
            end(action_id=claimed.pk, reason="No", by=mina, at=NOON)


class TestBlockAction:
    def test_says_what_blocks_it_until_it_is_done(
        self, action: ActionItem, noor: User, sora: User
    ) -> None:
        blocked = action_items.block_action(
            action_id=action.pk, reason="The bank waits.", by=noor, at=LATER
        )
        assert (blocked.status, blocked.blocked_by) == ("blocked", "The bank waits.")
        assert Event.objects.get(kind="action_item.blocked").reason == "The bank waits."

        done = action_items.claim_done(action_id=action.pk, evidence="See.", by=noor, at=LATER)

        assert (done.status, done.blocked_by) == ("claimed_done", "")

    def test_ends_when_somebody_of_the_council_says_so(
        self, action: ActionItem, noor: User, sora: User
    ) -> None:
        action_items.block_action(action_id=action.pk, reason="The bank.", by=noor, at=LATER)
        for _ in range(2):
            freed = action_items.unblock_action(action_id=action.pk, by=sora, at=LATER)

        assert (freed.status, freed.blocked_by) == ("open", "")
        assert Event.objects.filter(kind="action_item.unblocked").count() == 1

    def test_needs_a_reason(self, action: ActionItem, noor: User) -> None:
        with pytest.raises(ReasonRequired):
            action_items.block_action(action_id=action.pk, reason=" ", by=noor, at=LATER)

    def test_is_for_its_owner_and_the_council(self, action: ActionItem, omar: User) -> None:
        with pytest.raises(errors.NotSeated):
            action_items.block_action(action_id=action.pk, reason="No.", by=omar, at=LATER)

    def test_is_not_for_what_is_said_to_be_done(self, claimed: ActionItem, noor: User) -> None:
        with pytest.raises(errors.ActionItemClaimed):
            action_items.block_action(action_id=claimed.pk, reason="No.", by=noor, at=LATER)


class TestEvidence:
    """In words, at an address, by a request or by an outcome."""

    def test_a_link_alone_is_enough(self, action: ActionItem, noor: User) -> None:
        link = "https://wiki.example/bank"

        action_items.claim_done(action_id=action.pk, link=link, by=noor, at=NOON)

        action.refresh_from_db()
        assert (action.status, action.evidence_link) == ("claimed_done", link)

    def test_so_is_a_request_or_an_outcome(
        self, council: Council, action: ActionItem, pay_faster: CustomerRequest, noor: User
    ) -> None:
        council.products.add(pay_faster.product)
        outcome = backlog.OutcomeFactory.create(commitment__request=pay_faster)

        action_items.claim_done(
            action_id=action.pk, request_id=pay_faster.pk, outcome_id=outcome.pk, by=noor, at=NOON
        )

        action.refresh_from_db()
        assert action.evidence_request == pay_faster
        assert action.evidence_outcome == outcome

    def test_refuses_what_the_council_does_not_decide_over(
        self, action: ActionItem, noor: User
    ) -> None:
        other = backlog.RequestFactory.create()
        outcome = backlog.OutcomeFactory.create()

        with pytest.raises(errors.ProductNotBeforeCouncil):
            action_items.claim_done(action_id=action.pk, request_id=other.pk, by=noor, at=NOON)
        with pytest.raises(errors.ProductNotBeforeCouncil):
            action_items.claim_done(action_id=action.pk, outcome_id=outcome.pk, by=noor, at=NOON)

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "nowhere", "ftp://files.example/x"])
    def test_refuses_what_is_no_address_of_a_page(
        self, action: ActionItem, noor: User, link: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            action_items.claim_done(action_id=action.pk, link=link, by=noor, at=NOON)

        assert refusal.value.field == "link"


class TestPutOff:
    def test_gives_it_another_day_with_a_reason(self, action: ActionItem, sora: User) -> None:
        day = NOON.date() + timedelta(days=30)

        for _ in range(2):
            action_items.put_off(
                action_id=action.pk, due_on=day, reason="The bank is on holiday.", by=sora, at=NOON
            )

        action.refresh_from_db()
        assert action.due_on == day
        assert Event.objects.get().reason == "The bank is on holiday."

    def test_refuses_a_day_that_has_passed_and_no_reason(
        self, action: ActionItem, sora: User
    ) -> None:
        past = NOON.date() - timedelta(days=1)
        with pytest.raises(Invalid):
            action_items.put_off(action_id=action.pk, due_on=past, reason="So.", by=sora, at=NOON)
        with pytest.raises(ReasonRequired):
            action_items.put_off(
                action_id=action.pk, due_on=NOON.date(), reason=" ", by=sora, at=NOON
            )

    def test_refuses_its_owner_without_a_seat(self, action: ActionItem, omar: User) -> None:
        ActionItem.objects.filter(pk=action.pk).update(owner=omar)

        with pytest.raises(errors.NotSeated):
            action_items.put_off(
                action_id=action.pk, due_on=NOON.date(), reason="Later.", by=omar, at=NOON
            )


class TestSetHelpers:
    def test_says_who_helps_the_one_owner(
        self, action: ActionItem, noor: User, omar: User, mina: User
    ) -> None:
        for _ in range(2):
            action_items.set_helpers(
                action_id=action.pk, helpers=[omar, mina, noor], by=noor, at=NOON
            )

        assert set(action.helpers.all()) == {omar, mina}
        assert Event.objects.get().kind == "action_item.helpers_set"

    def test_refuses_strangers(self, action: ActionItem, omar: User) -> None:
        with pytest.raises(errors.NotSeated):
            action_items.set_helpers(action_id=action.pk, helpers=[omar], by=omar, at=NOON)
