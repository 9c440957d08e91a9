"""Who is asked to a meeting, what they answer, and the mail that they are owed."""

from datetime import timedelta
from typing import Any

import pytest

from backlog.models import Event, User
from council import errors
from council.intake.calendar_replies import Reply
from council.models import Council, Invitation, Meeting, Seat
from council.operations import calendar_replies, invitations, meetings, seats
from council.operations.calendar_replies import Became
from council.queries import invitations as invitation_queries
from tests.factories import NOON, people
from tests.factories import council as make

SOON = NOON + timedelta(days=10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def members(council: Council) -> list[User]:
    """Of four departments; the first has an alternate."""
    rows = make.SeatFactory.create_batch(4, council=council)
    return [make.SeatTermFactory.create(seat=seat).user for seat in rows]


@pytest.fixture
def alternate(council: Council, members: list[User]) -> User:
    seat = Seat.objects.get(terms__user=members[0])
    return make.SeatTermFactory.create(seat=seat, is_alternate=True).user


@pytest.fixture
def meeting(council: Council, members: list[User], alternate: User, sora: User) -> Meeting:
    return meetings.schedule_meeting(
        council_id=council.pk, title="May", starts_at=SOON, by=sora, at=NOON
    )


def say(meeting: Meeting, user: User, answer: str, at: Any = NOON) -> Invitation:
    return invitations.answer_invitation(
        meeting_id=meeting.pk, user=user, answer=answer, by=user, at=at
    )


def of(meeting: Meeting, user: User) -> Invitation:
    return meeting.invitations.get(user=user)


def sent(meeting: Meeting) -> None:
    """As dispatch does."""
    for each in invitations.claim(limit=50, by=None, at=NOON):
        invitations.record_sent(invitation=each, by=None, at=NOON)


class TestInvite:
    def test_asks_holders_chair_and_secretary_once_each(
        self, meeting: Meeting, members: list[User], alternate: User, council: Council
    ) -> None:
        asked = {each.user: each.capacity for each in meeting.invitations.all()}

        assert asked == dict.fromkeys(members, "holder") | dict.fromkeys(
            [council.chair, council.secretary], "officer"
        )
        assert {each.status for each in meeting.invitations.all()} == {"owed"}

    def test_asks_nobody_to_what_has_been(self, council: Council, sora: User) -> None:
        past = meetings.schedule_meeting(
            council_id=council.pk,
            title="March",
            starts_at=NOON - timedelta(days=9),
            is_recorded_afterwards=True,
            by=sora,
            at=NOON,
        )
        assert not past.invitations.exists()

    def test_mails_one_of_a_series_five_weeks_before(
        self, council: Council, members: list[User]
    ) -> None:
        starts_at = NOON + timedelta(days=100)
        row = make.SeriesFactory.create(council=council)
        far = make.MeetingFactory.create(
            council=council, series=row, occurs_on=starts_at.date(), starts_at=starts_at
        )
        invitations.invite(far, by=None, at=NOON)

        assert invitations.claim(limit=50, by=None, at=NOON) == []
        assert invitations.claim(limit=50, by=None, at=NOON + timedelta(days=65))


class TestTheMailThatIsOwed:
    def test_is_sent_once(self, meeting: Meeting) -> None:
        sent(meeting)

        assert {each.status for each in meeting.invitations.all()} == {"sent"}
        assert invitations.claim(limit=50, by=None, at=NOON) == []

    def test_is_in_one_pair_of_hands_at_a_time(self, meeting: Meeting) -> None:
        assert len(invitations.claim(limit=50, by=None, at=NOON)) == 6
        assert invitations.claim(limit=50, by=None, at=NOON) == []
        late = NOON + invitations.LEASE
        assert len(invitations.claim(limit=50, by=None, at=late)) == 6

    def test_is_owed_anew_when_something_changed_and_only_then(
        self, meeting: Meeting, sora: User
    ) -> None:
        sent(meeting)
        meetings.move_meeting(meeting_id=meeting.pk, starts_at=SOON, by=sora, at=NOON)
        assert invitations.claim(limit=50, by=None, at=NOON) == []

        later = SOON + timedelta(hours=1)
        meetings.move_meeting(meeting_id=meeting.pk, starts_at=later, by=sora, at=NOON)

        claimed = invitations.claim(limit=50, by=None, at=NOON)
        assert {(each.sequence, each.method) for each in claimed} == {(1, "request")}

    def test_that_was_leaving_while_it_changed_is_owed_still(
        self, meeting: Meeting, sora: User
    ) -> None:
        claimed = invitations.claim(limit=50, by=None, at=NOON)
        later = SOON + timedelta(hours=1)
        meetings.move_meeting(meeting_id=meeting.pk, starts_at=later, by=sora, at=NOON)

        invitations.record_sent(invitation=claimed[0], by=None, at=NOON)

        claimed[0].refresh_from_db()
        assert (claimed[0].status, claimed[0].sequence) == ("owed", 1)

    def test_is_a_cancellation_for_who_had_one(self, meeting: Meeting, sora: User) -> None:
        sent(meeting)
        meetings.cancel_meeting(meeting_id=meeting.pk, reason="Ill.", by=sora, at=NOON)

        claimed = invitations.claim(limit=50, by=None, at=NOON)
        assert {(each.sequence, each.method) for each in claimed} == {(1, "cancel")}

    def test_is_none_where_none_had_left(self, meeting: Meeting, sora: User) -> None:
        meetings.cancel_meeting(meeting_id=meeting.pk, reason="Ill.", by=sora, at=NOON)

        assert invitations.claim(limit=50, by=None, at=NOON) == []

    def test_asks_anew_when_it_comes_back(self, meeting: Meeting, sora: User) -> None:
        sent(meeting)
        meetings.cancel_meeting(meeting_id=meeting.pk, reason="Ill.", by=sora, at=NOON)
        sent(meeting)

        meetings.restore_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        claimed = invitations.claim(limit=50, by=None, at=NOON)
        assert {(each.sequence, each.method) for each in claimed} == {(2, "request")}

    def test_is_given_up_after_some_tries(self, meeting: Meeting) -> None:
        at = NOON
        for _try in range(invitations.ATTEMPTS):
            for each in invitations.claim(limit=50, by=None, at=at):
                invitations.record_failure(invitation=each, is_permanent=False, by=None, at=at)
            at += timedelta(days=1)

        assert {each.status for each in meeting.invitations.all()} == {"failed"}


class TestAnswerInvitation:
    def test_is_kept_and_the_last_one_counts(self, meeting: Meeting, members: list[User]) -> None:
        say(meeting, members[1], "yes")
        say(meeting, members[1], "yes")
        say(meeting, members[1], "no")

        assert of(meeting, members[1]).answer == "no"
        assert Event.objects.filter(kind="meeting.answered").count() == 2

    def test_of_a_stranger_is_refused(self, meeting: Meeting, omar: User) -> None:
        with pytest.raises(errors.NotInvited):
            say(meeting, omar, "yes")

    def test_to_what_is_over_is_refused(self, meeting: Meeting, members: list[User]) -> None:
        with pytest.raises(errors.MeetingOver):
            say(meeting, members[1], "yes", SOON + timedelta(days=1))

    def test_asks_the_alternate(
        self, meeting: Meeting, members: list[User], alternate: User
    ) -> None:
        say(meeting, members[0], "alternate")

        assert of(meeting, alternate).capacity == "alternate"
        say(meeting, alternate, "yes")
        assert invitation_queries.forecast(meeting).expected == 1

    def test_that_names_an_alternate_who_is_not_there_is_refused(
        self, meeting: Meeting, members: list[User]
    ) -> None:
        with pytest.raises(errors.NoAlternate):
            say(meeting, members[1], "alternate")

    def test_is_forgotten_when_the_time_is_another(
        self, meeting: Meeting, members: list[User], sora: User
    ) -> None:
        say(meeting, members[1], "yes")
        later = SOON + timedelta(hours=1)
        meetings.move_meeting(meeting_id=meeting.pk, starts_at=later, by=sora, at=NOON)

        assert of(meeting, members[1]).answer == ""


class TestForecast:
    def test_counts_departments(self, meeting: Meeting, members: list[User]) -> None:
        say(meeting, members[0], "yes")
        say(meeting, members[1], "no")

        found = invitation_queries.forecast(meeting)

        assert (found.expected, found.undecided, found.departments, found.needed) == (1, 2, 4, 2)
        assert found.can_be_met
        assert not found.is_met

    def test_asks_alternates_where_it_would_fail(
        self, meeting: Meeting, members: list[User], alternate: User
    ) -> None:
        for user in members[:2]:
            say(meeting, user, "no")
        assert not meeting.invitations.filter(user=alternate).exists()

        say(meeting, members[2], "no")

        assert of(meeting, alternate).answer == ""

    def test_asks_alternates_of_the_silent_two_days_before(
        self, meeting: Meeting, alternate: User
    ) -> None:
        assert invitations.keep_up(by=None, at=NOON) == 0

        assert invitations.keep_up(by=None, at=SOON - invitations.LATE) == 1
        assert of(meeting, alternate).capacity == "alternate"
        assert invitations.keep_up(by=None, at=SOON - invitations.LATE) == 0


class TestKeepUp:
    def test_asks_who_has_got_a_seat_and_tells_off_who_has_left(
        self, meeting: Meeting, members: list[User], sora: User
    ) -> None:
        sent(meeting)
        seat, new = Seat.objects.get(terms__user=members[1]), people.UserFactory.create()
        seats.appoint(seat_id=seat.pk, user=new, by=sora, at=NOON)

        assert invitations.keep_up(by=None, at=NOON) == 2

        assert of(meeting, new).method == "request"
        assert of(meeting, members[1]).method == "cancel"


class TestInviteGuest:
    def test_is_once(self, meeting: Meeting, omar: User, sora: User) -> None:
        for _twice in range(2):
            invitations.invite_guest(meeting_id=meeting.pk, user=omar, by=sora, at=NOON)

        assert of(meeting, omar).capacity == "guest"
        assert say(meeting, omar, "yes").answer == "yes"
        assert invitation_queries.forecast(meeting).expected == 0


class TestTakeReply:
    """Of a calendar: METHOD:REPLY, as it comes by mail."""

    def take(self, meeting: Meeting, user: User, **facts: Any) -> Became:
        reply = Reply(
            **{
                "uid": "x",
                "attendee": user.email,
                "answer": "yes",
                "sequence": meeting.sequence,
                "answered_at": NOON,
                "sender": user.email,
                **facts,
            }
        )
        return calendar_replies.take_reply(
            reply=reply, meeting_id=meeting.pk, by=None, at=NOON + timedelta(minutes=1)
        )

    def test_counts_once(self, meeting: Meeting, members: list[User]) -> None:
        assert self.take(meeting, members[1]) is Became.TAKEN
        assert self.take(meeting, members[1]) is Became.KNOWN
        assert of(meeting, members[1]).answer == "yes"
        assert Event.objects.filter(kind="meeting.answered").count() == 1

    def test_that_is_older_than_the_last_answer_changes_nothing(
        self, meeting: Meeting, members: list[User]
    ) -> None:
        say(meeting, members[1], "no", NOON + timedelta(seconds=30))

        assert self.take(meeting, members[1]) is Became.KNOWN
        assert of(meeting, members[1]).answer == "no"

    @pytest.mark.parametrize(
        ("facts", "became"),
        [
            ({"sender": "mallory@example.com"}, Became.FORGED),
            ({"answer": ""}, Became.UNDECIDED),
            ({"answer": "alternate"}, Became.NO_ALTERNATE),
        ],
    )
    def test_that_counts_for_nothing_is_on_record(
        self, meeting: Meeting, members: list[User], facts: dict[str, Any], became: Became
    ) -> None:
        assert self.take(meeting, members[1], **facts) is became

        assert of(meeting, members[1]).answer == ""
        assert Event.objects.get(kind="meeting.reply_ignored").data["cause"] == became.value

    def test_about_another_time_is_ignored(
        self, meeting: Meeting, members: list[User], sora: User
    ) -> None:
        later = SOON + timedelta(hours=1)
        meetings.move_meeting(meeting_id=meeting.pk, starts_at=later, by=sora, at=NOON)

        assert self.take(meeting, members[1], sequence=0) is Became.OTHER_TIME

    def test_of_a_stranger_or_for_another_meeting_is_none(
        self, meeting: Meeting, omar: User
    ) -> None:
        assert self.take(meeting, omar) is Became.STRANGER
        reply = Reply("x", omar.email, "yes", 0, NOON, omar.email)
        became = calendar_replies.take_reply(reply=reply, meeting_id=None, by=None, at=NOON)
        assert became is Became.NOT_OURS
