"""Minutes, letters and seals of the ledger, when several do it at once."""

from datetime import timedelta
from functools import partial

import pytest

from backlog.models import Event, User
from council.models import Council, Letter, Meeting, Minutes
from council.operations import ledger_seals, letters, minutes
from council.queries import ledger_seals as ledger_queries
from tests.council.test_races import at_once
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = NOON + timedelta(hours=1)


def in_review(council: Council, people: int = 3) -> tuple[Meeting, list[User]]:
    meeting: Meeting = make.MeetingFactory.create(
        council=council, status="minutes_draft", opened_at=NOON, ended_at=LATER
    )
    there = make.AttendanceFactory.create_batch(people, meeting=meeting, left_at=LATER)
    minutes.propose_minutes(meeting_id=meeting.pk, by=council.secretary, at=LATER)
    return meeting, [each.user for each in there]


def test_minutes_that_all_approve_at_once_are_approved_once() -> None:
    meeting, people = in_review(make.CouncilFactory.create())
    approve = partial(minutes.approve_minutes, meeting_id=meeting.pk, at=LATER)

    raised = at_once(*(partial(approve, by=user) for user in people))

    assert all(type(each).__name__ == "MinutesFinal" for each in raised)
    assert Minutes.objects.get().number == 1
    assert Event.objects.filter(kind="minutes.approved").count() == 1
    assert Letter.objects.filter(kind="minutes").count() == len(people)


def test_two_meetings_of_a_council_get_two_numbers() -> None:
    council = make.CouncilFactory.create()
    both = [in_review(council, people=1) for _ in range(2)]

    raised = at_once(
        *(
            partial(minutes.approve_minutes, meeting_id=meeting.pk, by=user, at=LATER)
            for meeting, (user,) in both
        )
    )

    assert raised == []
    numbered = Minutes.objects.order_by("number").values_list("number", flat=True)
    assert list(numbered) == [1, 2]


def test_a_letter_is_claimed_by_one_worker() -> None:
    make.LetterFactory.create_batch(5)
    claimed: list[int] = []

    def claim() -> None:
        claimed.extend(each.pk for each in letters.claim(by=None, at=LATER))

    assert at_once(*[claim] * 4) == []
    assert sorted(claimed) == sorted(Letter.objects.values_list("pk", flat=True))


def test_the_ledger_is_sealed_once_by_two_workers() -> None:
    backlog.EventFactory.create_batch(30, kind="request.opened")

    assert at_once(*[lambda: ledger_seals.seal_ledger(by=None, at=LATER)] * 4) == []

    assert ledger_queries.find_break() is None
