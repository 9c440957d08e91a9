"""The pages of a series: the form says what it means, and each meeting can be moved or skipped."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import Council, Meeting, Series
from council.operations import series
from tests.conftest import SameQueries
from tests.factories import council as make

pytestmark = pytest.mark.django_db
FIRST = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def council(sora: User) -> Council:
    return make.CouncilFactory.create(secretary=sora)


@pytest.fixture
def row(council: Council, sora: User) -> Series:
    return series.start_series(
        council_id=council.pk,
        title="Monthly",
        rule="FREQ=MONTHLY;BYDAY=-1FR",
        starts_on=FIRST,
        starts_at="10:00",
        time_zone="Asia/Seoul",
        by=sora,
        at=timezone.now(),
    )


@pytest.fixture
def sora_pages(sora: User) -> Client:
    from tests.backlog.pages.conftest import signed_in

    return signed_in(sora)


def body(**facts: Any) -> dict[str, Any]:
    return {
        "title": "Monthly",
        "starts_on": FIRST.isoformat(),
        "starts_at": "10:00",
        "time_zone": "Asia/Seoul",
        "repeats": "last",
        "minutes": 60,
        "on_holiday": "warn",
        **facts,
    }


class TestTheForm:
    def test_starts_a_series(self, sora_pages: Client, council: Council) -> None:
        answer = sora_pages.post(f"/councils/{council.pk}/series/new/", body())

        made = Series.objects.get()
        assert answer["Location"] == f"/series/{made.pk}/"
        assert made.rule.startswith("FREQ=MONTHLY;BYDAY=-1")
        assert made.meetings.count() >= 5

    def test_shows_what_it_would_mean_and_writes_nothing(
        self, sora_pages: Client, council: Council
    ) -> None:
        answer = sora_pages.post(
            f"/councils/{council.pk}/series/new/",
            body(preview="1", repeats="own", rule="FREQ=MONTHLY;BYMONTHDAY=31"),
        )

        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Every month on day 31 at 10:00" in text
        assert "Months that have no such day are skipped" in text
        assert len(answer.context["days"]) == 6
        assert not Series.objects.exists()

    def test_shows_it_to_htmx_as_a_fragment(self, sora_pages: Client, council: Council) -> None:
        answer = sora_pages.post(
            f"/councils/{council.pk}/series/new/",
            body(preview="1"),
            headers={"HX-Request": "true"},
        )

        assert answer.content.decode().lstrip().startswith('<div id="preview"')

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"repeats": "own", "rule": ""}, "FREQ=MONTHLY;BYDAY=-1FR"),
            ({"repeats": "own", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "no meeting ever"),
            ({"repeats": "own", "rule": "FREQ=DAILY;COUNT=5000"}, "1000 meetings or more"),
            ({"repeats": "own", "rule": "FREQ=DAILY;UNTIL=20200101"}, "ends before it starts"),
            ({"starts_on": "2020-01-01"}, "first day has passed"),
            ({"starts_at": "25:00"}, "10:00"),
            ({"time_zone": "Mars/Base"}, "no such time zone"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, sora_pages: Client, council: Council, facts: dict[str, str], words: str
    ) -> None:
        answer = sora_pages.post(f"/councils/{council.pk}/series/new/", body(**facts))

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="Monthly"' in answer.content.decode()
        assert not Series.objects.exists()

    def test_edits_one(self, sora_pages: Client, row: Series) -> None:
        shown = sora_pages.get(f"/series/{row.pk}/edit/").context["form"]
        values = {name: shown[name].value() or "" for name in shown.fields}

        answer = sora_pages.post(f"/series/{row.pk}/edit/", {**values, "place": "5F"})

        assert answer.status_code == 302
        assert {it.place for it in row.meetings.all()} == {"5F"}


class TestThePage:
    def test_says_in_words_how_often_it_is(self, sora_pages: Client, row: Series) -> None:
        text = sora_pages.get(f"/series/{row.pk}/").content.decode()

        assert "Every month on the last Friday at 10:00" in text
        assert "Move or skip it" in text

    def test_only_reads_for_who_only_reads(self, omar_pages: Client, row: Series) -> None:
        text = omar_pages.get(f"/series/{row.pk}/").content.decode()

        assert "Every month on the last Friday at 10:00" in text
        assert "Move or skip it" not in text

    def test_costs_the_same_for_more_meetings(
        self, sora_pages: Client, row: Series, queries: SameQueries
    ) -> None:
        sora_pages.get(f"/series/{row.pk}/")
        with queries() as many:
            sora_pages.get(f"/series/{row.pk}/")
        ids = row.meetings.order_by("occurs_on").values_list("pk", flat=True)[1:]
        Meeting.objects.filter(pk__in=list(ids)).delete()
        with queries() as few:
            sora_pages.get(f"/series/{row.pk}/")

        assert len(many) == len(few)

    def test_moves_skips_and_brings_back(self, sora_pages: Client, row: Series) -> None:
        meeting = row.meetings.earliest("occurs_on")

        sora_pages.post(f"/meetings/{meeting.pk}/skip/", {"reason": "Fair."})
        meeting.refresh_from_db()
        assert meeting.exception == "skipped"
        assert "Hold it after all" in sora_pages.get(f"/series/{row.pk}/").content.decode()

        sora_pages.post(f"/meetings/{meeting.pk}/restore/")
        to = meeting.starts_at + timedelta(days=1)
        sora_pages.post(f"/meetings/{meeting.pk}/move/", {"starts_at": to.isoformat()})
        meeting.refresh_from_db()
        assert (meeting.status, meeting.exception, meeting.starts_at) == ("scheduled", "moved", to)

    def test_ends_it_with_a_reason(self, sora_pages: Client, row: Series) -> None:
        assert sora_pages.post(f"/series/{row.pk}/end/").status_code == 422
        assert sora_pages.post(f"/series/{row.pk}/end/", {"reason": "Done."}).status_code == 302

        row.refresh_from_db()
        assert row.ended_at is not None


def test_the_page_of_the_council_leads_there(omar_pages: Client, row: Series) -> None:
    text = omar_pages.get(f"/councils/{row.council_id}/").content.decode()

    assert f"/series/{row.pk}/" in text
    assert "Every month on the last Friday at 10:00" in text
