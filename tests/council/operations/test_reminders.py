"""Reminders: to those alone who have not done what waits for them, once each time, by mail."""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from backlog.models import Event, User
from council import errors
from council.dispatch import letters as dispatch
from council.models import Ballot, Letter, Meeting, Minutes, Seat
from council.operations import letters, minutes, preparations, recusals, reminders
from tests.council.operations.voting import say
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
SOON, HOUR = NOON + timedelta(hours=20), timedelta(hours=1)
ENDED = NOON + timedelta(hours=1)


@pytest.fixture
def coming(sales: Seat) -> Meeting:
    """Of a council where Noor and another department sit; an item waits to be read."""
    make.SeatTermFactory.create(seat__council=sales.council)
    meeting: Meeting = make.MeetingFactory.create(council=sales.council, starts_at=SOON)
    make.AgendaItemFactory.create(meeting=meeting)
    return meeting


def prepare(meeting: Meeting, user: User) -> None:
    for item in meeting.agenda_items.all():
        preparations.read_item(agenda_item_id=item.pk, by=user, at=NOON)


def written(at: datetime) -> int:
    """How many the clock writes at this time."""
    before = Letter.objects.count()
    reminders.remind_by_the_clock(by=None, at=at)
    return Letter.objects.count() - before


def send(at: datetime = NOON) -> int:
    return dispatch.send_letters(now=lambda: at)


class TestOfAMeeting:
    def test_go_to_those_alone_who_have_not_read(
        self, coming: Meeting, noor: User, sora: User
    ) -> None:
        prepare(coming, noor)

        assert reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON) == 1

        other = coming.council.seats.exclude(department__name="Sales").get().terms.get().user
        assert Letter.objects.get().user == other
        assert Event.objects.get(kind="meeting.reminded").data == {"users": [other.pk]}

    def test_are_written_once_a_day(self, coming: Meeting, sora: User) -> None:
        for _again in range(2):
            reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)

        assert Letter.objects.count() == 2

    def test_are_asked_for_by_the_chair_too_and_by_nobody_else(
        self, coming: Meeting, noor: User
    ) -> None:
        with pytest.raises(errors.NotYoursToSay):
            reminders.remind_of_meeting(meeting_id=coming.pk, by=noor, at=NOON)

        reminders.remind_of_meeting(meeting_id=coming.pk, by=coming.council.chair, at=NOON)

        assert Letter.objects.count() == 2

    def test_come_too_late_once_it_has_begun(self, coming: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingOver):
            reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=SOON)


class TestByTheClock:
    def test_a_day_before_the_meeting_and_once(self, coming: Meeting) -> None:
        assert written(SOON - timedelta(days=1, minutes=1)) == 0

        at = SOON - timedelta(days=1)
        assert written(at) == 2
        for later in (at + HOUR, at + 23 * HOUR):
            assert written(later) == 0

    def test_not_after_somebody_has_reminded_lately(self, coming: Meeting, sora: User) -> None:
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)

        assert written(NOON + 13 * HOUR) == 0

    def test_a_ballot_at_half_of_its_time_where_it_has_less_than_two_days(
        self, put: Callable[..., Ballot], members: list[User]
    ) -> None:
        ballot = put(closes_at=NOON + 10 * HOUR)
        say(ballot, members[0], "yes")

        assert written(NOON + 4 * HOUR) == 0
        assert written(NOON + 5 * HOUR) == 2
        assert written(NOON + 6 * HOUR) == 0


class TestOfABallot:
    def test_go_to_those_alone_who_have_not_answered_and_have_a_voice(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put(closes_at=NOON + 48 * HOUR)
        say(ballot, members[0], "yes")
        recusals.step_aside(
            agenda_item_id=ballot.agenda_item_id, reason="Mine.", by=members[1], at=NOON
        )

        assert reminders.remind_of_ballot(ballot_id=ballot.pk, by=sora, at=NOON) == 1

        assert Letter.objects.get().user == members[2]

    def test_need_a_deadline(self, put: Callable[..., Ballot], sora: User) -> None:
        with pytest.raises(errors.BallotOver):
            reminders.remind_of_ballot(ballot_id=put().pk, by=sora, at=NOON)


class TestSending:
    def test_says_what_waits_and_where_in_the_language_of_the_member(
        self, coming: Meeting, noor: User, sora: User
    ) -> None:
        User.objects.exclude(pk=noor.pk).update(language="ko")
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)

        assert send() == 2

        of_noor = next(it for it in mail.outbox if it.to == [noor.email])
        assert of_noor.subject == f"Please read before “{coming.title}”"
        assert f"/meetings/{coming.pk}/prepare/" in of_noor.body
        assert "1 item of its agenda waits to be read" in of_noor.body
        assert set(Letter.objects.values_list("status", flat=True)) == {"sent"}

    def test_happens_once(self, coming: Meeting, sora: User) -> None:
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)
        send()

        assert send() == 0
        assert len(mail.outbox) == 2

    def test_leaves_out_who_has_read_meanwhile(
        self, coming: Meeting, noor: User, sora: User
    ) -> None:
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)
        prepare(coming, noor)

        assert send() == 1

        assert Letter.objects.get(user=noor).status == "cancelled"

    def test_tells_nobody_of_a_ballot_that_was_closed_or_answered(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put(closes_at=NOON + 48 * HOUR)
        reminders.remind_of_ballot(ballot_id=ballot.pk, by=sora, at=NOON)
        say(ballot, members[0], "yes")
        assert send(NOON + 49 * HOUR) == 0
        assert mail.outbox == []

    def test_names_no_request(
        self, put: Callable[..., Ballot], sora: User, members: list[User]
    ) -> None:
        people_of = User.objects.filter(pk__in=[it.pk for it in members])
        people_of.update(language="en")
        ballot = put(closes_at=NOON + 48 * HOUR)
        reminders.remind_of_ballot(ballot_id=ballot.pk, by=sora, at=NOON)

        send()

        assert len(mail.outbox) == 3
        assert all("Pay faster" not in it.subject + str(it.body) for it in mail.outbox)
        assert f"/ballots/{ballot.pk}/" in str(mail.outbox[0].body)

    def test_tries_again_later_and_ends_with_a_bad_address(
        self, coming: Meeting, sora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_self: EmailBackend, messages: Any) -> int:
            to = messages[0].to[0]
            code = 550 if to == "sora@example.com" else 450
            raise SMTPRecipientsRefused({to: (code, b"5.1.1 no such user" if code == 550 else b"")})

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)

        send()

        waiting = Letter.objects.filter(status="queued", not_before__gt=NOON)
        assert waiting.count() == 2

    def test_goes_on_where_another_worker_died(self, coming: Meeting, sora: User) -> None:
        reminders.remind_of_meeting(meeting_id=coming.pk, by=sora, at=NOON)
        assert len(letters.claim(by=None, at=NOON, limit=1)) == 1

        assert send() == 1
        assert send(NOON + letters.LEASE) == 1


@pytest.fixture
def draft(sora: User) -> Minutes:
    written: Minutes = make.MinutesFactory.create(meeting__council__secretary=sora)
    return written


def remind(days: float) -> list[Letter]:
    reminders.remind_by_the_clock(by=None, at=ENDED + timedelta(days=days))
    return list(Letter.objects.filter(kind="overdue_minutes").order_by("pk"))


def test_a_draft_waits_for_the_secretary_after_three_and_seven_days(
    draft: Minutes, sora: User
) -> None:
    assert remind(2.9) == []
    assert [each.user for each in remind(3)] == [sora]
    assert len(remind(5)) == 1
    assert len(remind(7)) == 2
    assert len(remind(30)) == 2


def test_under_review_they_wait_for_those_who_have_not_said_yes(
    draft: Minutes, sora: User, noor: User
) -> None:
    meeting: Meeting = draft.meeting
    others = [make.AttendanceFactory.create(meeting=meeting).user for _ in range(3)]
    make.AttendanceFactory.create(meeting=meeting, user=noor)
    minutes.propose_minutes(meeting_id=meeting.pk, by=sora, at=ENDED)
    minutes.approve_minutes(meeting_id=meeting.pk, by=noor, at=ENDED)

    assert {each.user for each in remind(3)} == {sora, *others}


def test_nobody_is_reminded_of_approved_minutes(draft: Minutes, sora: User, noor: User) -> None:
    make.AttendanceFactory.create(meeting=draft.meeting, user=noor)
    minutes.propose_minutes(meeting_id=draft.meeting_id, by=sora, at=ENDED)

    assert minutes.approve_unopposed(by=None, at=ENDED + timedelta(days=7)) == 1
    assert minutes.approve_unopposed(by=None, at=ENDED + timedelta(days=7)) == 0
    assert remind(8) == []


class TestActions:
    """Its owner is reminded two days before the day and the day after, once each."""

    def kinds(self, day: int) -> list[str]:
        reminders.remind_by_the_clock(by=None, at=NOON + timedelta(days=day))
        return list(Letter.objects.order_by("pk").values_list("kind", flat=True))

    def test_before_and_after_its_day(self, noor: User) -> None:
        make.ActionItemFactory.create(owner=noor, due_on=(NOON + timedelta(days=7)).date())

        assert self.kinds(4) == []
        assert self.kinds(5) == ["action_due"]
        assert self.kinds(7) == ["action_due"]
        assert self.kinds(8) == ["action_due", "action_overdue"]
        assert self.kinds(20) == ["action_due", "action_overdue"]

    def test_not_of_what_is_said_to_be_done_or_forgotten_for_long(self, noor: User) -> None:
        day = (NOON + timedelta(days=1)).date()
        make.ActionItemFactory.create(owner=noor, due_on=day, status="claimed_done", evidence="x")
        make.ActionItemFactory.create(owner=noor, due_on=NOON.date() - timedelta(days=90))

        assert self.kinds(0) == []
