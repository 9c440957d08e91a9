"""Reminders: minutes that are not approved after three and after seven days."""

from datetime import timedelta

import pytest

from backlog.models import User
from council.models import Letter, Meeting, Minutes
from council.operations import minutes, reminders
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
ENDED = NOON + timedelta(hours=1)


@pytest.fixture
def draft(sora: User) -> Minutes:
    written: Minutes = make.MinutesFactory.create(meeting__council__secretary=sora)
    return written


def remind(days: float) -> list[Letter]:
    reminders.remind(by=None, at=ENDED + timedelta(days=days))
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

    assert reminders.approve_by_silence(by=None, at=ENDED + timedelta(days=7)) == 1
    assert reminders.approve_by_silence(by=None, at=ENDED + timedelta(days=7)) == 0
    assert remind(8) == []


class TestActions:
    """Its owner is reminded two days before the day and the day after, once each."""

    def kinds(self, day: int) -> list[str]:
        reminders.remind(by=None, at=NOON + timedelta(days=day))
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
