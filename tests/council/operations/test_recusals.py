"""Stepping aside: a seat with a conflict of interest counts neither as there nor as entitled."""

from collections.abc import Callable

import pytest

from backlog.errors import ReasonRequired
from backlog.models import Event, User
from council import errors
from council.models import AgendaItem, Ballot, Recusal, Seal
from council.operations import ballots, recusals
from council.queries import seals as seal_queries
from council.rules import ballots as rules
from tests.council.operations.voting import LATER, SMALLER, close, say
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
Put = Callable[..., Ballot]


def aside(item: AgendaItem, user: User, reason: str = "My brother sells it.") -> Recusal:
    return recusals.step_aside(agenda_item_id=item.pk, reason=reason, by=user, at=NOON)


class TestStepAside:
    def test_is_on_record_with_its_reason(self, item: AgendaItem, members: list[User]) -> None:
        recusal = aside(item, members[0])

        assert (recusal.user, recusal.reason) == (members[0], "My brother sells it.")
        event = Event.objects.get(kind="agenda_item.stepped_aside")
        assert (event.actor, event.reason) == (members[0], "")

    def test_happens_once(self, item: AgendaItem, members: list[User]) -> None:
        first = aside(item, members[0])

        assert aside(item, members[0], "Another reason.") == first

    def test_lowers_who_is_entitled_and_there(
        self, item: AgendaItem, put: Put, members: list[User], sora: User
    ) -> None:
        aside(item, members[0])
        ballot = put()
        say(ballot, members[1], "yes")

        close(ballot, sora)

        ballot.refresh_from_db()
        assert len(ballot.electorate["entitled"]) == 2
        assert len(ballot.electorate["present"]) == 2

    def test_takes_back_what_the_seat_has_answered(
        self, item: AgendaItem, put: Put, members: list[User]
    ) -> None:
        ballot = put()
        say(ballot, members[0], "no")

        aside(item, members[0])

        assert not ballot.stances.exists()
        with pytest.raises(errors.SteppedAside):
            say(ballot, members[0], "yes")

    def test_holds_for_the_next_version(
        self, item: AgendaItem, put: Put, members: list[User], sora: User
    ) -> None:
        ballot = put()
        aside(item, members[0])

        amended = ballots.amend_ballot(ballot_id=ballot.pk, proposal=SMALLER, by=sora, at=NOON)

        with pytest.raises(errors.SteppedAside):
            say(amended, members[0], "yes")

    def test_leaves_no_quorum_where_too_few_are_left(
        self, item: AgendaItem, put: Put, members: list[User], sora: User
    ) -> None:
        """Two of three are there and enough; of the two that are left without one, one is too."""
        item.meeting.council.quorum_numerator = 1
        item.meeting.council.quorum_denominator = 1
        item.meeting.council.save()
        item.meeting.attendances.filter(user=members[2]).update(left_at=NOON)
        aside(item, members[0])

        with pytest.raises(errors.Inquorate) as refused:
            put()

        assert refused.value.details == {"present": 1, "needed": 2, "departments": 2}

    def test_needs_a_reason(self, item: AgendaItem, members: list[User]) -> None:
        with pytest.raises(ReasonRequired):
            aside(item, members[0], " ")

    def test_is_ones_own_to_say_or_of_who_runs_the_meeting(
        self, item: AgendaItem, members: list[User], sora: User, mina: User
    ) -> None:
        seat = item.meeting.council.seats.get(terms__user=members[1])
        with pytest.raises(errors.NotYoursToSay):
            recusals.step_aside(
                agenda_item_id=item.pk, reason="Theirs.", seat_id=seat.pk, by=members[0], at=NOON
            )
        with pytest.raises(errors.NoVoice):
            aside(item, mina)

        recusals.step_aside(
            agenda_item_id=item.pk, reason="Says so.", seat_id=seat.pk, by=sora, at=NOON
        )

        assert Recusal.objects.get().seat == seat

    def test_is_too_late_once_the_vote_was_carried(
        self, item: AgendaItem, put: Put, members: list[User], sora: User
    ) -> None:
        ballot = put()
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)

        with pytest.raises(errors.BallotDecides):
            aside(item, members[0])


class TestComeBack:
    def test_gives_the_voice_back(self, item: AgendaItem, put: Put, members: list[User]) -> None:
        aside(item, members[0])
        ballot = put()

        recusals.come_back(agenda_item_id=item.pk, by=members[0], at=LATER)
        recusals.come_back(agenda_item_id=item.pk, by=members[0], at=LATER)

        say(ballot, members[0], "yes")
        assert Event.objects.filter(kind="agenda_item.came_back").count() == 1


class TestTheSeal:
    @pytest.fixture
    def closed(self, item: AgendaItem, put: Put, members: list[User], sora: User) -> Ballot:
        aside(item, members[0])
        ballot = put()
        say(ballot, members[1], "yes")
        say(ballot, members[2], "no")
        close(ballot, sora)
        ballot.refresh_from_db()
        return ballot

    def test_counts_it_again_without_who_stepped_aside(self, closed: Ballot) -> None:
        content = Seal.objects.get(subject_type="ballot").content

        assert [each["user"] for each in content["aside"]] == [Recusal.objects.get().user_id]
        assert rules.recount(content) == closed.result == "not_carried"

    def test_stands_when_they_come_back_for_the_next_version(
        self, closed: Ballot, members: list[User]
    ) -> None:
        council = closed.agenda_item.meeting.council
        recusals.come_back(agenda_item_id=closed.agenda_item_id, by=members[0], at=LATER)

        assert seal_queries.find_break(council) is None

    @pytest.mark.parametrize("column", ["reason", "user", "seat"])
    def test_shows_that_a_recusal_was_changed_afterwards(
        self, closed: Ballot, column: str, members: list[User]
    ) -> None:
        other = {
            "reason": "None of your business.",
            "user": members[1],
            "seat": make.SeatFactory.create(),
        }
        Recusal.objects.update(**{column: other[column]})

        found = seal_queries.find_break(closed.agenda_item.meeting.council)

        assert found is not None
        assert found.damage == seal_queries.Damage.BALLOT_CHANGED

    def test_shows_that_one_was_taken_out(self, closed: Ballot) -> None:
        Recusal.objects.all().delete()

        assert seal_queries.find_break(closed.agenda_item.meeting.council) is not None
