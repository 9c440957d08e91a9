"""A series makes its meetings ahead, and each stays the one it was."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backlog.errors import Invalid, ReasonRequired, VersionConflict
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import AgendaItem, Council, Meeting, Series
from council.operations import agenda_items, left_over_items, meetings, series
from tests.factories import NOON

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


def start(council: Council, by: User, **details: Any) -> Series:
    facts: dict[str, Any] = {
        "title": "Monthly",
        "rule": "FREQ=MONTHLY;BYDAY=-1FR",
        "starts_on": date(2026, 3, 2),
        "starts_at": "10:00",
        "time_zone": "Asia/Seoul",
    }
    return series.start_series(council_id=council.pk, by=by, at=NOON, **facts | details)


def days(row: Series) -> list[date]:
    return [it.starts_at.astimezone(row.clock).date() for it in row.meetings.order_by("occurs_on")]


class TestStartSeries:
    def test_makes_the_meetings_of_half_a_year(self, council: Council, sora: User) -> None:
        row = start(council, sora, minutes=90, place="5F")

        assert days(row) == [
            date(2026, 3, 27),
            date(2026, 4, 24),
            date(2026, 5, 29),
            date(2026, 6, 26),
            date(2026, 7, 31),
            date(2026, 8, 28),
        ]
        meeting = row.meetings.earliest("occurs_on")
        assert (meeting.title, meeting.minutes, meeting.place) == ("Monthly", 90, "5F")
        assert (meeting.status, meeting.council) == ("scheduled", council)
        assert meeting.starts_at.astimezone(SEOUL).strftime("%H:%M") == "10:00"

    def test_keeps_its_time_of_day_across_daylight_saving(
        self, council: Council, sora: User
    ) -> None:
        row = start(council, sora, rule="FREQ=WEEKLY;BYDAY=FR", time_zone="Europe/Berlin")

        clocks = {it.starts_at.astimezone(BERLIN).strftime("%H:%M") for it in row.meetings.all()}
        in_utc = {it.starts_at.hour for it in row.meetings.all()}
        assert (clocks, in_utc) == ({"10:00"}, {9, 8})

    def test_makes_at_least_two_of_what_is_rare(self, council: Council, sora: User) -> None:
        assert len(days(start(council, sora, rule="FREQ=YEARLY"))) == 2

    def test_never_makes_more_than_can_be_looked_through(
        self, council: Council, sora: User
    ) -> None:
        assert len(days(start(council, sora, rule="FREQ=DAILY"))) == series.MOST_AHEAD

    @pytest.mark.parametrize(
        ("details", "field", "code"),
        [
            ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule", "never"),
            ({"rule": "FREQ=DAILY;UNTIL=20260301"}, "rule", "ends_before_start"),
            ({"rule": "FREQ=DAILY;COUNT=1000"}, "rule", "too_many"),
            ({"rule": "whenever"}, "rule", "invalid"),
            ({"starts_on": date(2026, 2, 1)}, "starts_on", "in_the_past"),
            ({"country": "XX"}, "country", "invalid"),
            ({"on_holiday": "skip"}, "country", "required"),
        ],
    )
    def test_refuses_what_never_is_or_far_too_often(
        self, council: Council, sora: User, details: dict[str, Any], field: str, code: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            start(council, sora, **details)

        assert (refusal.value.field, refusal.value.code) == (field, code)
        assert not Meeting.objects.exists()


class TestOnAPublicHoliday:
    """Christmas 2026 is a Friday, and the last of its month."""

    RULE = {"rule": "FREQ=MONTHLY;BYDAY=-1FR", "country": "KR", "starts_on": date(2026, 12, 1)}

    def of_december(self, council: Council, sora: User, on_holiday: str) -> Meeting:
        row = start(council, sora, **self.RULE, on_holiday=on_holiday)
        return row.meetings.get(occurs_on=date(2026, 12, 25))

    def test_a_person_is_warned(self, council: Council, sora: User) -> None:
        meeting = self.of_december(council, sora, "warn")

        assert (meeting.status, meeting.exception) == ("scheduled", "")
        series.move_off_holiday(meeting_id=meeting.pk, by=sora, at=NOON)
        meeting.refresh_from_db()
        assert meeting.starts_at.astimezone(SEOUL).date() == date(2026, 12, 28)

    def test_it_is_skipped(self, council: Council, sora: User) -> None:
        meeting = self.of_december(council, sora, "skip")

        assert (meeting.status, meeting.exception) == ("cancelled", "skipped")

    def test_it_is_moved_to_the_next_working_day(self, council: Council, sora: User) -> None:
        meeting = self.of_december(council, sora, "move")

        assert (meeting.status, meeting.exception) == ("scheduled", "moved")
        assert meeting.starts_at.astimezone(SEOUL).date() == date(2026, 12, 28)
        assert meeting.occurs_on == date(2026, 12, 25)


class TestMakeAhead:
    def test_makes_what_is_missing_as_time_goes_on(self, council: Council, sora: User) -> None:
        row = start(council, sora)

        assert series.make_ahead(by=None, at=NOON) == 0
        assert series.make_ahead(by=None, at=NOON + timedelta(days=31)) == 1
        assert days(row)[-1] == date(2026, 9, 25)

    def test_a_meeting_that_was_moved_is_not_made_again(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        moved = row.meetings.earliest("occurs_on")
        meetings.move_meeting(
            meeting_id=moved.pk, starts_at=moved.starts_at + timedelta(days=3), by=sora, at=NOON
        )

        assert series.make_ahead(by=None, at=NOON) == 0
        moved.refresh_from_db()
        assert (moved.occurs_on, moved.exception) == (date(2026, 3, 27), "moved")

    def test_one_that_cannot_be_made_holds_up_no_other(self, council: Council, sora: User) -> None:
        broken, whole = start(council, sora), start(council, sora, title="Other")
        Series.objects.filter(pk=broken.pk).update(rule="broken")
        whole.meetings.filter(occurs_on__gt=date(2026, 4, 1)).delete()

        assert series.make_ahead(by=None, at=NOON) == 5

    def test_an_ended_one_makes_none(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        series.end_series(series_id=row.pk, reason="Done.", by=sora, at=NOON)

        assert series.make_ahead(by=None, at=NOON + timedelta(days=90)) == 0


class TestEditSeries:
    def test_moves_its_meetings_and_keeps_each(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        before = list(row.meetings.order_by("occurs_on").values_list("pk", flat=True))

        series.edit_series(series_id=row.pk, starts_at="15:30", version=1, by=sora, at=NOON)

        after = row.meetings.order_by("occurs_on")
        assert [it.pk for it in after] == before
        assert {it.starts_at.astimezone(SEOUL).strftime("%H:%M") for it in after} == {"15:30"}
        assert {it.sequence for it in after} == {1}
        assert {it.exception for it in after} == {""}

    def test_leaves_what_a_person_moved(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        moved = row.meetings.earliest("occurs_on")
        instead = moved.starts_at + timedelta(days=3)
        meetings.move_meeting(meeting_id=moved.pk, starts_at=instead, by=sora, at=NOON)

        series.edit_series(series_id=row.pk, starts_at="15:30", by=sora, at=NOON)

        moved.refresh_from_db()
        assert moved.starts_at == instead

    def test_calls_off_days_that_are_gone_and_brings_them_back(
        self, council: Council, sora: User
    ) -> None:
        row = start(council, sora)
        first = row.meetings.earliest("occurs_on")
        series.edit_series(series_id=row.pk, rule="FREQ=MONTHLY;BYDAY=1FR", by=sora, at=NOON)
        first.refresh_from_db()
        assert first.status == "cancelled"

        series.edit_series(series_id=row.pk, rule="FREQ=MONTHLY;BYDAY=-1FR", by=sora, at=NOON)

        first.refresh_from_db()
        assert (first.status, first.sequence) == ("scheduled", 2)

    def test_refuses_what_somebody_has_edited_since(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        series.edit_series(series_id=row.pk, title="Other", version=1, by=sora, at=NOON)

        with pytest.raises(VersionConflict):
            series.edit_series(series_id=row.pk, title="Third", version=1, by=sora, at=NOON)

    def test_refuses_a_series_that_has_ended(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        series.end_series(series_id=row.pk, reason="Done.", by=sora, at=NOON)

        with pytest.raises(errors.SeriesEnded):
            series.edit_series(series_id=row.pk, title="Other", by=sora, at=NOON)


class TestEndSeries:
    def test_calls_off_what_is_to_come(self, council: Council, sora: User) -> None:
        row = start(council, sora)
        for _twice in range(2):
            series.end_series(series_id=row.pk, reason="Done.", by=sora, at=NOON)

        assert {it.status for it in row.meetings.all()} == {"cancelled"}
        assert Event.objects.filter(kind="series.ended").count() == 1

    def test_says_why(self, council: Council, sora: User) -> None:
        with pytest.raises(ReasonRequired):
            series.end_series(series_id=start(council, sora).pk, reason=" ", by=sora, at=NOON)


class TestSkipOccurrence:
    def test_and_it_comes_back_as_the_one_it_was(self, council: Council, sora: User) -> None:
        meeting = start(council, sora).meetings.earliest("occurs_on")
        series.skip_occurrence(meeting_id=meeting.pk, reason="Fair.", by=sora, at=NOON)
        meeting.refresh_from_db()
        assert (meeting.status, meeting.exception) == ("cancelled", "skipped")
        assert series.make_ahead(by=None, at=NOON) == 0

        meetings.restore_meeting(meeting_id=meeting.pk, by=sora, at=NOON)

        meeting.refresh_from_db()
        assert (meeting.status, meeting.exception, meeting.sequence) == ("scheduled", "", 2)

    def test_is_for_meetings_of_a_series(self, council: Council, sora: User) -> None:
        alone = meetings.schedule_meeting(
            council_id=council.pk, title="May", starts_at=NOON + timedelta(days=1), by=sora, at=NOON
        )
        with pytest.raises(errors.NotOfASeries):
            series.skip_occurrence(meeting_id=alone.pk, reason="Fair.", by=sora, at=NOON)


class TestWhatWasLeftOver:
    """It goes to the meeting that takes place next, also when meetings move."""

    @pytest.fixture
    def row(self, council: Council, sora: User) -> Series:
        return start(council, sora)

    def carried(self, row: Series, request: CustomerRequest, sora: User) -> AgendaItem:
        """On the second meeting, because the first was skipped."""
        first = row.meetings.earliest("occurs_on")
        agenda_items.add_agenda_item(meeting_id=first.pk, request_id=request.pk, by=sora, at=NOON)
        series.skip_occurrence(meeting_id=first.pk, reason="Fair.", by=sora, at=NOON)
        return AgendaItem.objects.filter(request=request).latest("pk")

    def test_goes_from_a_skipped_one_to_the_next(
        self, row: Series, pay_faster: CustomerRequest, sora: User
    ) -> None:
        item = self.carried(row, pay_faster, sora)

        assert item.meeting.occurs_on == date(2026, 4, 24)
        assert (item.status, item.times_deferred) == ("scheduled", 0)

    def test_goes_on_when_its_meeting_is_not_the_next_any_more(
        self, row: Series, pay_faster: CustomerRequest, sora: User
    ) -> None:
        item = self.carried(row, pay_faster, sora)
        later = item.meeting.starts_at + timedelta(days=60)

        meetings.move_meeting(meeting_id=item.meeting_id, starts_at=later, by=sora, at=NOON)

        latest = AgendaItem.objects.filter(request=pay_faster).latest("pk")
        assert latest.meeting.occurs_on == date(2026, 5, 29)
        assert latest.times_deferred == 0
        assert left_over_items.put_on_agenda(by=None, at=NOON) == 0

    def test_stays_where_the_meeting_moves_and_is_still_the_next(
        self, row: Series, pay_faster: CustomerRequest, sora: User
    ) -> None:
        item = self.carried(row, pay_faster, sora)
        later = item.meeting.starts_at + timedelta(days=2)

        meetings.move_meeting(meeting_id=item.meeting_id, starts_at=later, by=sora, at=NOON)

        assert AgendaItem.objects.filter(request=pay_faster).latest("pk") == item
        item.refresh_from_db()
        assert item.status == "scheduled"


class TestMoveMeeting:
    def test_refuses_a_time_that_has_passed(self, council: Council, sora: User) -> None:
        meeting = start(council, sora).meetings.earliest("occurs_on")

        with pytest.raises(Invalid) as refusal:
            meetings.move_meeting(
                meeting_id=meeting.pk, starts_at=NOON - timedelta(days=1), by=sora, at=NOON
            )
        assert refusal.value.code == "in_the_past"

    def test_refuses_one_that_came_to_nothing(self, council: Council, sora: User) -> None:
        """What it was to take up is on its way elsewhere."""
        meeting = start(council, sora).meetings.earliest("occurs_on")
        late = meeting.starts_at + timedelta(days=1)

        with pytest.raises(errors.MeetingOver):
            meetings.move_meeting(
                meeting_id=meeting.pk, starts_at=late + timedelta(days=1), by=sora, at=late
            )

    def test_twice_is_once(self, council: Council, sora: User) -> None:
        meeting = start(council, sora).meetings.earliest("occurs_on")
        later = meeting.starts_at + timedelta(hours=1)
        for _twice in range(2):
            meetings.move_meeting(meeting_id=meeting.pk, starts_at=later, by=sora, at=NOON)

        meeting.refresh_from_db()
        assert meeting.sequence == 1
        assert Event.objects.filter(kind="meeting.moved").count() == 1
