"""One ballot over several requests, and several decisions of one item."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, Event, Notice, StatusUpdate, User
from backlog.operations import announcements, notice_composition
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting, Seal
from council.operations import agenda_items, ballots, decisions, meetings, recusals
from council.queries import ballots as ballot_queries
from council.queries import seals
from council.rules.predictions import Expected
from tests.council.operations.voting import BUILD, LATER, SMALLER, close, say
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
CALLS = Expected("Calls", Decimal(40), Decimal(20), (NOON + timedelta(days=90)).date(), 70)


@pytest.fixture
def others(meeting: Meeting, pay_faster: CustomerRequest) -> list[AgendaItem]:
    """Four more requests of the same product on the agenda."""
    items: list[AgendaItem] = [
        make.AgendaItemFactory.create(
            meeting=meeting,
            request=backlog.RequestFactory.create(
                product=pay_faster.product, status="under_review"
            ),
        )
        for _ in range(4)
    ]
    return items


def along(*items: AgendaItem) -> ballots.Proposal:
    return replace(BUILD, further_items=[each.pk for each in items])


@pytest.fixture
def carried(
    put: Callable[..., Ballot], others: list[AgendaItem], members: list[User], sora: User
) -> Ballot:
    ballot = put(replace(along(*others), predictions=[CALLS]))
    for user in members:
        say(ballot, user, "yes")
    assert close(ballot, sora) == "carried"
    return ballot


class TestOneBallot:
    def test_decides_on_five_requests_and_moves_each(
        self, carried: Ballot, item: AgendaItem, others: list[AgendaItem], sora: User
    ) -> None:
        first = decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)

        made = list(Decision.objects.filter(ballot=carried).order_by("pk"))
        assert made[0] == first
        assert [each.agenda_item for each in made] == [item, *others]
        assert [each.taken_with for each in made] == [None, *[first] * 4]
        assert {each.rationale for each in made} == {BUILD.proposal}
        moved = CustomerRequest.objects.filter(agenda_items__in=[item, *others])
        assert set(moved.values_list("status", flat=True)) == {"approved"}
        assert not AgendaItem.objects.exclude(status="decided").exists()

    def test_is_recorded_once(self, carried: Ballot, sora: User) -> None:
        first = decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)

        assert decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER) == first
        assert Decision.objects.count() == 5

    def test_counts_what_was_expected_once(self, carried: Ballot, sora: User) -> None:
        first = decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)

        counted = [each.predictions.count() for each in Decision.objects.order_by("pk")]
        assert counted == [1, 0, 0, 0, 0]
        assert first.next_review_on == CALLS.due_on

    def test_stands_in_the_history_of_each(
        self, carried: Ballot, others: list[AgendaItem], sora: User
    ) -> None:
        for each in others:
            kinds = Event.objects.filter(request=each.request_id).values_list("kind", flat=True)
            assert {"ballot.opened", "ballot.closed"} <= set(kinds)

    def test_is_sealed_with_what_it_was_about(
        self, carried: Ballot, council: Council, others: list[AgendaItem], sora: User
    ) -> None:
        decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)
        content = Seal.objects.get(subject_type="ballot").content
        assert content["further_items"] == [each.pk for each in others]
        assert seals.find_break(council) is None

        carried.further_items.remove(others[0])

        found = seals.find_break(council)
        assert found is not None
        assert found.damage == seals.Damage.BALLOT_CHANGED

    def test_that_is_open_holds_each_of_them(
        self, put: Callable[..., Ballot], others: list[AgendaItem], sora: User
    ) -> None:
        ballot = put(along(*others))

        with pytest.raises(errors.BallotOpen) as refused:
            ballots.open_ballot(agenda_item_id=others[1].pk, proposal=SMALLER, by=sora, at=NOON)
        assert refused.value.details == {"ballot": ballot.pk}
        with pytest.raises(errors.BallotOpen):
            agenda_items.withdraw_agenda_item(agenda_item_id=others[0].pk, by=sora, at=NOON)

    def test_leaves_out_in_other_words_what_somebody_objects_to(
        self,
        put: Callable[..., Ballot],
        others: list[AgendaItem],
        members: list[User],
        sora: User,
    ) -> None:
        first = put(along(*others))

        again = ballots.amend_ballot(
            ballot_id=first.pk, proposal=along(*others[:3]), by=sora, at=NOON
        )

        assert ballot_queries.further_items_of(again) == others[:3]
        assert ballot_queries.further_items_of(first) == others
        ballots.open_ballot(agenda_item_id=others[3].pk, proposal=SMALLER, by=sora, at=NOON)

    def test_opened_twice_is_one(
        self, put: Callable[..., Ballot], others: list[AgendaItem]
    ) -> None:
        assert put(along(*others)) == put(along(*reversed(others)))
        with pytest.raises(errors.BallotOpen):
            put(along(*others[:1]))

    def test_counts_nobody_who_stepped_aside_for_one_of_them(
        self,
        put: Callable[..., Ballot],
        others: list[AgendaItem],
        members: list[User],
        sora: User,
    ) -> None:
        ballot = put(along(*others))
        say(ballot, members[0], "no", reason="Mine.")

        recusals.step_aside(
            agenda_item_id=others[2].pk, reason="My sister asked.", by=members[0], at=NOON
        )

        assert not ballot.stances.exists()
        with pytest.raises(errors.SteppedAside):
            say(ballot, members[0], "yes")
        assert len(ballot_queries.electorate_of(ballot)["entitled"]) == 2


class TestCannotBeTakenAlong:
    def test_what_is_of_another_product(
        self, put: Callable[..., Ballot], meeting: Meeting, council: Council
    ) -> None:
        request = backlog.RequestFactory.create(status="under_review")
        council.products.add(request.product)
        item = make.AgendaItemFactory.create(meeting=meeting, request=request)

        with pytest.raises(Invalid) as refused:
            put(along(item))

        assert (refused.value.field, refused.value.code) == (
            "further_items",
            "of_another_product",
        )
        assert not Ballot.objects.exists()

    def test_what_is_on_another_agenda(
        self, put: Callable[..., Ballot], pay_faster: CustomerRequest
    ) -> None:
        request = backlog.RequestFactory.create(product=pay_faster.product)
        with pytest.raises(errors.NotOnThisAgenda):
            put(along(make.AgendaItemFactory.create(request=request)))

    def test_a_topic_or_the_item_itself(
        self, put: Callable[..., Ballot], meeting: Meeting, item: AgendaItem
    ) -> None:
        topic = make.AgendaItemFactory.create(meeting=meeting, request=None, title="Rooms")
        for wrong in (topic, item):
            with pytest.raises(Invalid):
                put(along(wrong))

    def test_what_was_decided(
        self, put: Callable[..., Ballot], others: list[AgendaItem], sora: User
    ) -> None:
        AgendaItem.objects.filter(pk=others[0].pk).update(status="decided")

        with pytest.raises(errors.AgendaItemDecided):
            put(along(others[0]))

    def test_what_waits_to_be_recorded(
        self,
        carried: Ballot,
        meeting: Meeting,
        others: list[AgendaItem],
        pay_faster: CustomerRequest,
        sora: User,
    ) -> None:
        request = backlog.RequestFactory.create(product=pay_faster.product, status="under_review")
        sixth = make.AgendaItemFactory.create(meeting=meeting, request=request)

        with pytest.raises(errors.BallotDecides):
            ballots.open_ballot(
                agenda_item_id=sixth.pk, proposal=along(others[0]), by=sora, at=NOON
            )


class TestSeveralDecisionsOfOneItem:
    def test_the_meeting_votes_again_on_what_it_decided_and_the_later_holds(
        self,
        put: Callable[..., Ballot],
        item: AgendaItem,
        members: list[User],
        sora: User,
    ) -> None:
        made = []
        for proposal in (BUILD, SMALLER):
            ballot = put(proposal)
            for user in members:
                say(ballot, user, "yes")
            close(ballot, sora)
            made.append(decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER))

        first, second = made
        first.refresh_from_db()
        assert list(item.decisions.order_by("pk")) == made
        assert (first.status, second.supersedes) == ("superseded", first)

    def test_not_once_the_meeting_is_over(
        self, carried: Ballot, put: Callable[..., Ballot], meeting: Meeting, sora: User
    ) -> None:
        decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)
        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=LATER)

        with pytest.raises(errors.MeetingNotInSession):
            put(SMALLER)


def test_who_asked_for_several_hears_once(
    carried: Ballot, item: AgendaItem, others: list[AgendaItem], sora: User
) -> None:
    words = backlog.EvidenceFactory.create(request=item.request)
    for each in others:
        backlog.EvidenceFactory.create(
            request=each.request, feedback__customer=words.feedback.customer
        )
    decisions.record_by_ballot(ballot_id=carried.pk, by=sora, at=LATER)

    updates = list(StatusUpdate.objects.order_by("pk"))
    assert [each.recorded_with for each in updates] == [None, *[updates[0]] * 4]
    announcements.announce(subject=updates[0], by=sora, at=LATER)
    notice_composition.compose_notices(by=None, at=LATER + timedelta(minutes=1))

    assert Notice.objects.get().items.count() == 5
