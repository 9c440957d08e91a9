"""Several do the same to a series or an invitation at once: it is done once."""

from datetime import timedelta
from functools import partial

import pytest

from council.models import Council, Meeting, Series
from council.operations import invitations, series
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import council as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_clocks_make_each_meeting_once(caplog: pytest.LogCaptureFixture) -> None:
    """Without the lock the constraint would hold, and the clocks that lose would report a fault."""
    council: Council = make.CouncilFactory.create()
    row: Series = make.SeriesFactory.create(council=council)

    raised = at_once([partial(series.make_ahead, by=None, at=NOON)] * 4)

    assert raised == []
    assert [each.message for each in caplog.records] == []
    assert row.meetings.count() == len({it.occurs_on for it in row.meetings.all()}) == 6


def test_two_workers_never_have_the_same_mail() -> None:
    meeting: Meeting = make.MeetingFactory.create(starts_at=NOON + timedelta(days=3))
    make.InvitationFactory.create_batch(20, meeting=meeting)
    claimed: list[int] = []

    def claim() -> None:
        claimed.extend(it.pk for it in invitations.claim(limit=5, by=None, at=NOON))

    assert at_once([claim] * 4) == []
    assert len(claimed) == len(set(claimed)) == 20


@pytest.mark.parametrize("_round", range(6))
def test_the_last_answer_of_many_at_once_asks_the_alternate_once(_round: int) -> None:
    """Without the lock every other round asks twice or fails."""
    meeting: Meeting = make.MeetingFactory.create(starts_at=NOON + timedelta(days=3))
    seats = make.SeatFactory.create_batch(3, council=meeting.council)
    holders = [make.SeatTermFactory.create(seat=seat).user for seat in seats]
    alternate = make.SeatTermFactory.create(seat=seats[0], is_alternate=True).user
    for seat, user in zip(seats, holders, strict=True):
        make.InvitationFactory.create(meeting=meeting, seat=seat, user=user)

    raised = at_once(
        partial(
            invitations.answer_invitation,
            meeting_id=meeting.pk,
            user=user,
            answer="no",
            by=user,
            at=NOON,
        )
        for user in holders
    )

    assert raised == []
    assert meeting.invitations.filter(user=alternate).count() == 1
