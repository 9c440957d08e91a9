"""Partners say what they did, and ask for time, by a link that opens one action item."""

from datetime import timedelta

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import ActionItem, Council
from council.operations import action_item_partners as partners
from council.operations import action_items
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(council: Council, pay_faster: CustomerRequest, noor: User) -> ActionItem:
    action = make.ActionItemFactory.create(council=council, request=pay_faster, owner=noor)
    return partners.invite_partner(action_id=action.pk, partner="Hanbit Bank", by=noor, at=NOON)


def claim(action: ActionItem, words: str = "Signed.", link: int = 1) -> ActionItem:
    return partners.claim_as_partner(
        action_id=action.pk, link=link, evidence=words, by=None, at=NOON
    )


def ask(action: ActionItem, days: int, reason: str = "The bank is slow.") -> ActionItem:
    until = action.due_on + timedelta(days=days)
    return partners.ask_for_time(
        action_id=action.pk, link=1, until=until, reason=reason, by=None, at=NOON
    )


class TestInvitePartner:
    def test_refuses_strangers_and_nobody(self, action: ActionItem, omar: User, noor: User) -> None:
        with pytest.raises(errors.NotSeated):
            partners.invite_partner(action_id=action.pk, partner="X", by=omar, at=NOON)
        with pytest.raises(Invalid):
            partners.invite_partner(action_id=action.pk, partner=" ", by=noor, at=NOON)

    def test_another_link_ends_the_one_before(self, action: ActionItem, noor: User) -> None:
        partners.invite_partner(action_id=action.pk, partner="Hanbit Bank", by=noor, at=NOON)

        with pytest.raises(errors.PartnerLinkOver):
            claim(action)
        assert claim(action, link=2).status == "claimed_done"

    def test_withdrawn_it_opens_nothing(self, action: ActionItem, noor: User) -> None:
        ask(action, days=5)
        for _ in range(2):
            partners.withdraw_partner(action_id=action.pk, by=noor, at=NOON)

        action.refresh_from_db()
        assert (action.partner, action.asked_until, action.asked_why) == ("", None, "")
        with pytest.raises(errors.PartnerLinkOver):
            claim(action)


class TestClaimAsPartner:
    def test_is_accepted_by_somebody_of_the_council(self, action: ActionItem, sora: User) -> None:
        for _ in range(2):
            claim(action)

        assert Event.objects.filter(kind="action_item.partner_claimed", actor=None).count() == 1
        verified = action_items.verify_action(action_id=action.pk, by=sora, at=NOON)
        assert verified.status == "verified"

    def test_refuses_silence_and_what_is_closed(self, action: ActionItem, sora: User) -> None:
        with pytest.raises(Invalid):
            claim(action, " ")
        claim(action)
        action_items.verify_action(action_id=action.pk, by=sora, at=NOON)
        with pytest.raises(errors.ActionItemClosed):
            claim(action, "Again.")


class TestAskForTime:
    def test_waits_until_the_council_gives_another_day(
        self, action: ActionItem, sora: User
    ) -> None:
        due = action.due_on
        asked = ask(action, days=5)
        assert (asked.due_on, asked.asked_until) == (due, due + timedelta(days=5))

        action_items.put_off(
            action_id=action.pk, due_on=due + timedelta(days=5), reason="Agreed.", by=sora, at=NOON
        )

        action.refresh_from_db()
        assert (action.due_on, action.asked_until) == (due + timedelta(days=5), None)

    def test_refuses_an_earlier_day_and_no_reason(self, action: ActionItem) -> None:
        with pytest.raises(Invalid):
            ask(action, days=0)
        with pytest.raises(ReasonRequired):
            ask(action, days=3, reason=" ")
