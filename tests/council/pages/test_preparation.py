"""Preparing for a meeting on one page: reading, what is asked, and how far the others are."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import Department, User
from council.models import AgendaItem, Letter, Meeting, Preparation
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(sora: User, noor: User, sales: Department) -> Meeting:
    """To come, of a council whose secretary is Sora and where Noor sits for Sales."""
    council = make.CouncilFactory.create(secretary=sora)
    council.products.add(backlog.ProductFactory.create())
    make.SeatTermFactory.create(seat__council=council, seat__department=sales, user=noor)
    make.SeatTermFactory.create(seat__council=council)
    starts_at = timezone.now() + timedelta(hours=5)
    meeting: Meeting = make.MeetingFactory.create(council=council, starts_at=starts_at)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    request = backlog.RequestFactory.create(
        product=meeting.council.products.get(), status="under_review", title="Pay faster"
    )
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=request)
    return item


def text(client: Client, meeting: Meeting) -> str:
    answer = client.get(reverse("council:prepare", args=[meeting.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.content.decode()))


class TestThePage:
    def test_shows_the_words_and_what_is_asked(
        self, meeting: Meeting, item: AgendaItem, noor_pages: Client
    ) -> None:
        backlog.EvidenceFactory.create(request=item.request, feedback__verbatim="It is so slow.")
        make.BallotFactory.create(
            agenda_item=item, opened_at=timezone.now(), closes_at=meeting.starts_at
        )

        shown = text(noor_pages, meeting)

        assert "It is so slow." in shown
        assert "0 of 1 read" in shown
        assert "1 to answer" in shown
        assert "departments have read" not in shown

    def test_says_to_the_secretary_how_many_departments_have_read(
        self, meeting: Meeting, item: AgendaItem, noor: User, sora: User
    ) -> None:
        make.PreparationFactory.create(agenda_item=item, user=noor)

        assert "1 of 2 departments have read" in text(signed_in(sora), meeting)

    def test_keeps_what_is_of_a_closed_product_to_those_who_see_it(
        self, meeting: Meeting, item: AgendaItem, noor_pages: Client
    ) -> None:
        meeting.council.products.update(is_open=False)

        assert "Pay faster" not in text(noor_pages, meeting)

    def test_asks_the_database_no_more_for_more_items(
        self, meeting: Meeting, noor_pages: Client, queries: SameQueries
    ) -> None:
        product = meeting.council.products.get()

        def another() -> None:
            request = backlog.RequestFactory.create(product=product, status="under_review")
            make.AgendaItemFactory.create(meeting=meeting, request=request)
            backlog.EvidenceFactory.create_batch(3, request=request)

        another()
        with queries() as few:
            text(noor_pages, meeting)
        for _more in range(3):
            another()
        with queries() as many:
            text(noor_pages, meeting)

        assert len(many) == len(few)


class TestReading:
    def test_is_said_and_taken_back(
        self, meeting: Meeting, item: AgendaItem, noor: User, noor_pages: Client
    ) -> None:
        answer = noor_pages.post(reverse("council:read-item", args=[item.pk]), follow=True)
        assert "You are prepared." in answer.content.decode() or "to assess" in str(answer.content)
        assert Preparation.objects.get().user == noor

        noor_pages.post(reverse("council:unread-item", args=[item.pk]))

        assert not Preparation.objects.exists()

    def test_is_done_in_place_where_scripts_run(self, item: AgendaItem, noor_pages: Client) -> None:
        headers = {"HX-Request": "true"}
        address = reverse("council:read-item", args=[item.pk])

        answer = noor_pages.post(address, headers=headers, follow=True)

        assert answer.content.decode().lstrip().startswith('<div class="hb-prepare"')

    def test_takes_the_agenda_off_the_list_on_home(
        self, meeting: Meeting, item: AgendaItem, noor_pages: Client
    ) -> None:
        assert "Prepare for the meeting" in noor_pages.get("/").content.decode()

        noor_pages.post(reverse("council:read-item", args=[item.pk]))

        assert "Prepare for the meeting" not in noor_pages.get("/").content.decode()


class TestReminding:
    def test_is_offered_to_who_runs_the_meeting(
        self, meeting: Meeting, item: AgendaItem, sora: User
    ) -> None:
        pages = signed_in(sora)
        assert "Remind those who have not" in text(pages, meeting)

        answer = pages.post(reverse("council:remind", args=[meeting.pk]), follow=True)

        assert "2 colleagues are reminded." in answer.content.decode()
        assert Letter.objects.count() == 2

    def test_is_refused_to_others(
        self, meeting: Meeting, item: AgendaItem, noor_pages: Client
    ) -> None:
        answer = noor_pages.post(reverse("council:remind", args=[meeting.pk]), follow=True)

        assert "reminds others" in answer.content.decode()
        assert not Letter.objects.exists()
