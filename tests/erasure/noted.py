"""What a council writes down of a meeting, where it may name somebody."""

from backlog.models import CustomerRequest, User
from council.models import Council
from tests.factories import NOON
from tests.factories import council as make


def note_down(council: Council, request: CustomerRequest, by: User) -> None:
    """A series, a blocked action, minutes that correct others, an amendment, an unsent letter."""
    make.SeriesFactory.create(council=council)
    make.ActionItemFactory.create(
        council=council,
        status="blocked",
        blocked_by="x",
        asked_until=NOON.date(),
        asked_why="x",
    )
    of = make.MeetingFactory.create(
        council=council, status="minutes_draft", opened_at=NOON, ended_at=NOON
    )
    item = make.AgendaItemFactory.create(meeting=of, request=request)
    written = make.MinutesFactory.create(meeting=of, version=2, correction="x")
    make.MinutesAmendmentFactory.create(
        minutes=written,
        agenda_item=item,
        status="declined",
        answer="x",
        answered_by=by,
        answered_at=NOON,
    )
    make.LetterFactory.create(minutes=written)
