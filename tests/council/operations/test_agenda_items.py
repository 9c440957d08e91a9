"""Proposing items, answering proposals, and arranging an agenda."""

from datetime import timedelta

import pytest

from backlog.errors import Invalid, ReasonRequired, VersionConflict
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import AgendaItem, Council, Meeting
from council.operations import agenda_items, meetings
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(council: Council) -> Meeting:
    return make.MeetingFactory.create(council=council)


@pytest.fixture
def three(meeting: Meeting) -> list[AgendaItem]:
    return [
        make.AgendaItemFactory.create(
            meeting=meeting, request=None, title=title, kind="discuss", position=number
        )
        for number, title in enumerate(("First", "Second", "Third"), 1)
    ]


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.agenda_items.order_by("position").values_list("title", flat=True))


class TestAProposal:
    @pytest.fixture
    def proposal(self, meeting: Meeting, noor: User) -> AgendaItem:
        return agenda_items.add_agenda_item(
            meeting_id=meeting.pk, title="Holidays", is_proposal=True, by=noor, at=NOON
        )

    def test_waits_for_an_answer(self, proposal: AgendaItem, noor: User) -> None:
        assert (proposal.status, proposal.proposed_by) == ("proposed", noor)
        assert Event.objects.get().kind == "agenda_item.proposed"

    def test_is_accepted_once(self, proposal: AgendaItem, sora: User) -> None:
        for _ in range(2):
            item = agenda_items.accept_agenda_item(agenda_item_id=proposal.pk, by=sora, at=NOON)

        assert item.status == "scheduled"
        assert Event.objects.filter(kind="agenda_item.accepted").count() == 1

    def test_is_declined_with_a_reason(self, proposal: AgendaItem, sora: User) -> None:
        with pytest.raises(ReasonRequired):
            agenda_items.decline_agenda_item(
                agenda_item_id=proposal.pk, reason=" ", by=sora, at=NOON
            )
        for _ in range(2):
            item = agenda_items.decline_agenda_item(
                agenda_item_id=proposal.pk, reason="Not ours.", by=sora, at=NOON
            )

        assert item.status == "declined"
        assert Event.objects.get(kind="agenda_item.declined").reason == "Not ours."

    def test_is_declined_only_while_it_is_one(self, proposal: AgendaItem, sora: User) -> None:
        agenda_items.accept_agenda_item(agenda_item_id=proposal.pk, by=sora, at=NOON)

        with pytest.raises(errors.NotProposed):
            agenda_items.decline_agenda_item(
                agenda_item_id=proposal.pk, reason="No.", by=sora, at=NOON
            )

    def test_is_not_accepted_after_it_was_taken_off(self, proposal: AgendaItem, sora: User) -> None:
        agenda_items.withdraw_agenda_item(agenda_item_id=proposal.pk, by=sora, at=NOON)

        with pytest.raises(errors.AgendaItemWithdrawn):
            agenda_items.accept_agenda_item(agenda_item_id=proposal.pk, by=sora, at=NOON)


class TestEditAgendaItem:
    def test_changes_what_it_says_of_itself(
        self, three: list[AgendaItem], sora: User, noor: User
    ) -> None:
        item = agenda_items.edit_agenda_item(
            agenda_item_id=three[0].pk,
            kind="workshop",
            minutes=45,
            section="After lunch",
            presenter=noor,
            papers="Figures https://example.com/figures",
            by=sora,
            at=NOON,
        )

        assert (item.kind, item.minutes, item.presenter) == ("workshop", 45, noor)
        assert Event.objects.get().data["changed"] == [
            *("kind", "minutes", "papers", "presenter", "section")
        ]

    def test_records_nothing_where_nothing_changes(
        self, three: list[AgendaItem], sora: User
    ) -> None:
        agenda_items.edit_agenda_item(agenda_item_id=three[0].pk, minutes=10, by=sora, at=NOON)

        assert not Event.objects.exists()

    def test_refuses_an_edit_of_what_somebody_else_changed(
        self, three: list[AgendaItem], sora: User
    ) -> None:
        pk = three[0].pk
        agenda_items.edit_agenda_item(agenda_item_id=pk, minutes=20, by=sora, at=NOON, version=1)

        with pytest.raises(VersionConflict):
            agenda_items.edit_agenda_item(
                agenda_item_id=pk, minutes=30, by=sora, at=NOON, version=1
            )

    @pytest.mark.parametrize(
        ("field", "value"), [("papers", "no link"), ("title", " "), ("papers", "http://[")]
    )
    def test_refuses_what_nobody_could_use(
        self, three: list[AgendaItem], sora: User, field: str, value: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            agenda_items.edit_agenda_item(
                agenda_item_id=three[0].pk,
                by=sora,
                at=NOON,
                **{field: value},  # type: ignore[arg-type]
            )
        assert refusal.value.field == field

    def test_refuses_what_was_dealt_with(self, meeting: Meeting, sora: User) -> None:
        decided = make.AgendaItemFactory.create(meeting=meeting, status="decided")

        with pytest.raises(errors.AgendaItemDecided):
            agenda_items.edit_agenda_item(agenda_item_id=decided.pk, minutes=5, by=sora, at=NOON)


class TestMoveAgendaItem:
    def test_puts_it_behind_another_or_first(
        self, meeting: Meeting, three: list[AgendaItem], sora: User
    ) -> None:
        first, _second, third = three

        assert agenda_items.move_agenda_item(
            agenda_item_id=first.pk, after=third.pk, by=sora, at=NOON
        )
        assert titles(meeting) == ["Second", "Third", "First"]
        agenda_items.move_agenda_item(agenda_item_id=third.pk, after=None, by=sora, at=NOON)
        assert titles(meeting) == ["Third", "Second", "First"]

    def test_changes_nothing_where_it_stands_there(
        self, meeting: Meeting, three: list[AgendaItem], sora: User
    ) -> None:
        assert not agenda_items.move_agenda_item(
            agenda_item_id=three[1].pk, after=three[0].pk, by=sora, at=NOON
        )
        assert not Event.objects.exists()

    def test_refuses_a_place_beside_what_is_not_there(
        self, three: list[AgendaItem], sora: User
    ) -> None:
        elsewhere = make.AgendaItemFactory.create()

        with pytest.raises(errors.NotOnThisAgenda):
            agenda_items.move_agenda_item(
                agenda_item_id=three[0].pk, after=elsewhere.pk, by=sora, at=NOON
            )


class TestCarryOver:
    @pytest.fixture
    def later(self, council: Council) -> Meeting:
        return make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(days=30))

    def test_puts_an_item_off_to_the_next_meeting_and_counts_it(
        self, meeting: Meeting, later: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        item = make.AgendaItemFactory.create(
            meeting=meeting, request=pay_faster, minutes=25, times_deferred=1
        )

        for _ in range(2):
            item = agenda_items.carry_over_agenda_item(agenda_item_id=item.pk, by=sora, at=NOON)

        there = later.agenda_items.get()
        assert (item.status, item.times_deferred) == ("deferred", 2)
        assert (there.request, there.minutes, there.times_deferred) == (pay_faster, 25, 2)
        assert there.carried_from == item

    def test_takes_a_topic_along_as_it_was(
        self, meeting: Meeting, later: Meeting, noor: User, sora: User
    ) -> None:
        make.AgendaItemFactory.create(
            meeting=meeting, request=None, title="Holidays", kind="workshop", presenter=noor
        )
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)
        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        topic = later.agenda_items.get()
        assert (topic.title, topic.kind, topic.presenter) == ("Holidays", "workshop", noor)
        assert topic.times_deferred == 1

    def test_waits_for_a_meeting_to_be_called(
        self, meeting: Meeting, three: list[AgendaItem], council: Council, sora: User
    ) -> None:
        agenda_items.carry_over_agenda_item(agenda_item_id=three[0].pk, by=sora, at=NOON)
        Meeting.objects.update(status="cancelled")

        called = meetings.schedule_meeting(
            council_id=council.pk,
            title="Next",
            starts_at=NOON + timedelta(days=9),
            by=sora,
            at=NOON,
        )

        assert called.agenda_items.get(title="First").times_deferred == 1
        assert called.agenda_items.get(title="Second").times_deferred == 0
