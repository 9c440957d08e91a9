"""The page of a meeting: what it shows to whom, and how its agenda is prepared on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Council, Meeting
from tests.backlog.pages.conftest import signed_in
from tests.factories import backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(db: None) -> CustomerRequest:
    return backlog.RequestFactory.create(
        product__prefix="PAY", number=1, title="Pay faster", status="under_review"
    )


@pytest.fixture
def council(slow: CustomerRequest, sora: User, noor: User) -> Council:
    made = make.CouncilFactory.create(secretary=sora, chair=noor)
    made.products.add(slow.product)
    return made


@pytest.fixture
def meeting(council: Council) -> Meeting:
    return make.MeetingFactory.create(
        council=council,
        title="May",
        minutes=90,
        starts_at=timezone.now().replace(microsecond=0) + timedelta(days=3),
    )


@pytest.fixture
def sora_pages(sora: User) -> Client:
    return signed_in(sora)


def item(meeting: Meeting, title: str = "Holidays", **fields: Any) -> AgendaItem:
    facts = {"kind": "discuss", "position": 1, **fields}
    return make.AgendaItemFactory.create(meeting=meeting, request=None, title=title, **facts)


def said(client: Client, meeting: Meeting, item: AgendaItem, **typed: Any) -> dict[str, Any]:
    """What the browser sends of an item's form, with what somebody typed."""
    shown = client.get(address(meeting)).context["agenda"].rows
    form = next(row.form for row in shown if row.item == item)
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, **typed}


def address(meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/"


def text(client: Client, meeting: Meeting) -> str:
    return client.get(address(meeting)).content.decode()


class TestThePage:
    def test_says_when_each_item_begins_and_how_much_time_is_left(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        item(meeting, minutes=20)
        item(meeting, "Figures", minutes=30, position=2)

        context = sora_pages.get(address(meeting)).context

        begins = [row.starts_at - meeting.starts_at for row in context["agenda"].rows]
        assert begins == [timedelta(0), timedelta(minutes=20)]
        assert (context["sums"].planned, context["sums"].left) == (50, 40)

    def test_says_by_how_much_the_agenda_is_too_long(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        item(meeting, minutes=100)

        assert "10 minutes too many" in text(sora_pages, meeting)

    def test_says_who_sits_and_which_seat_is_empty(
        self, sora_pages: Client, meeting: Meeting, council: Council, noor: User
    ) -> None:
        sales = people.DepartmentFactory.create(name="Sales")
        seat = make.SeatFactory.create(council=council, department=sales)
        make.SeatFactory.create(council=council)
        make.SeatTermFactory.create(seat=seat, user=noor)

        page = text(sora_pages, meeting)

        assert "Sales" in page
        assert "Nobody holds this seat." in page

    def test_says_why_an_item_is_there_and_how_often_it_was_put_off(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        reasons = [{"code": "overdue_actions", "n": 3, "since": "2026-03-02"}]
        item(meeting, times_deferred=2, reasons=reasons)
        item(meeting, "Long due", times_deferred=3, position=2)

        page = text(sora_pages, meeting)

        assert "3 actions are overdue, the first since 2 March 2026." in page
        assert "Carried over twice." in page
        assert "Noor, decide whether it goes first or off the agenda." in page

    def test_shows_nothing_of_a_closed_product_but_the_time(
        self, meeting: Meeting, slow: CustomerRequest, omar_pages: Client
    ) -> None:
        make.AgendaItemFactory.create(meeting=meeting, request=slow, minutes=25, position=1)
        slow.product.is_open = False
        slow.product.save()

        page = text(omar_pages, meeting)

        assert "Pay faster" not in page
        assert "25 min" in page

    def test_lets_readers_read_only(self, meeting: Meeting, omar_pages: Client) -> None:
        item(meeting)

        page = text(omar_pages, meeting)

        assert "Holidays" in page
        assert "hx-post" not in page.partition('<div class="hb-meeting">')[2]

    def test_asks_as_much_of_the_database_for_a_long_agenda(
        self, sora_pages: Client, meeting: Meeting, django_assert_max_num_queries: Any
    ) -> None:
        item(meeting)
        sora_pages.get(address(meeting))
        with django_assert_max_num_queries(40) as few:
            sora_pages.get(address(meeting))
        for number in range(2, 12):
            item(meeting, f"Topic {number}", position=number, presenter=meeting.council.chair)
        with django_assert_max_num_queries(len(few)):
            sora_pages.get(address(meeting))


class TestProposing:
    def test_a_ninety_minute_agenda_from_nothing_takes_two_actions(
        self, sora_pages: Client, meeting: Meeting, slow: CustomerRequest
    ) -> None:
        backlog.RequestFactory.create_batch(9, product=slow.product, status="under_review")

        preview = sora_pages.get(f"{address(meeting)}proposals/", headers={"HX-Request": "true"})
        keys = [each.key for each, _reasons in preview.context["items"]]
        assert b"Number 1 among what waits" in preview.content
        assert not meeting.agenda_items.exists()
        sora_pages.post(f"{address(meeting)}propose-agenda/", {"keys": keys})

        assert sum(meeting.agenda_items.values_list("minutes", flat=True)) == 90

    def test_where_nothing_is_chosen_nothing_is_put_there(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        answer = sora_pages.post(f"{address(meeting)}propose-agenda/", follow=True)

        assert "Nothing was chosen" in answer.content.decode()
        assert not meeting.agenda_items.exists()

    def test_without_scripts_the_proposal_is_a_page(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        page = sora_pages.get(f"{address(meeting)}proposals/")

        assert b"<html" in page.content
        assert b"PAY-1" in page.content


class TestArranging:
    def test_an_item_moves_by_buttons_and_behind_another(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        first, second, third = (item(meeting, name, position=n) for n, name in enumerate("abc"))

        def order() -> str:
            return "".join(
                meeting.agenda_items.order_by("position").values_list("title", flat=True)
            )

        for moved, direction, sent, then in (
            (third, "up", {}, "acb"),
            (first, "down", {}, "cab"),
            (second, "down", {}, "cab"),
            (second, "top", {}, "bca"),
            (second, "to", {"after": first.pk}, "cab"),
            (second, "to", {"after": ""}, "bca"),
            (second, "up", {}, "bca"),
        ):
            sora_pages.post(f"/agenda-items/{moved.pk}/move/{direction}/", sent)
            assert order() == then
        assert sora_pages.post(f"/agenda-items/{first.pk}/move/aside/").status_code == 404

    def test_an_item_is_edited_in_place(
        self, sora_pages: Client, meeting: Meeting, noor: User
    ) -> None:
        row = item(meeting)
        typed = said(
            sora_pages,
            meeting,
            row,
            minutes=45,
            kind="workshop",
            presenter=noor.pk,
            papers="Plan https://example.com/plan",
        )

        answer = sora_pages.post(f"/agenda-items/{row.pk}/edit/", typed)

        row.refresh_from_db()
        assert (answer.status_code, row.minutes, row.kind) == (302, 45, "workshop")
        assert row.presenter == noor
        assert "https://example.com/plan" in text(sora_pages, meeting)

    def test_what_is_wrong_is_said_and_kept(self, sora_pages: Client, meeting: Meeting) -> None:
        row = item(meeting)
        typed = said(sora_pages, meeting, row, papers="no link", section="Later")

        answer = sora_pages.post(f"/agenda-items/{row.pk}/edit/", typed)

        assert answer.status_code == 422
        assert "This line is no link: no link" in answer.content.decode()
        assert "Later" in answer.content.decode()

    def test_of_two_tabs_the_second_takes_nothing_back_unknowingly(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        row = item(meeting)
        typed = said(sora_pages, meeting, row, minutes=45)
        AgendaItem.objects.update(minutes=20)

        answer = sora_pages.post(f"/agenda-items/{row.pk}/edit/", typed)

        row.refresh_from_db()
        assert (answer.status_code, row.minutes) == (422, 20)
        assert "By now it is: 20" in answer.content.decode()

    def test_an_item_is_carried_over_or_taken_off(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        for act, status in (("carry-over", "deferred"), ("withdraw", "withdrawn")):
            row = item(meeting)
            sora_pages.post(f"/agenda-items/{row.pk}/{act}/")
            row.refresh_from_db()
            assert row.status == status

    def test_what_was_put_off_gives_its_time_back_and_stays_on_the_record(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        item(meeting, minutes=40, status="deferred")

        before = sora_pages.get(address(meeting)).context
        assert (before["agenda"].rows, before["sums"].left) == ([], 90)
        at = meeting.starts_at
        Meeting.objects.update(status="minutes_draft", opened_at=at, ended_at=at)
        assert "carried over" in text(sora_pages, meeting)

    def test_with_scripts_the_agenda_comes_anew_into_its_place(
        self, sora_pages: Client, meeting: Meeting
    ) -> None:
        row = item(meeting)
        answer = sora_pages.post(
            f"/agenda-items/{row.pk}/withdraw/",
            headers={"HX-Request": "true", "HX-Target": "agenda"},
            follow=True,
        )
        fragment = sora_pages.get(address(meeting), headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert b"<html" not in fragment.content


class TestAdding:
    def test_a_request_is_found_by_its_words_and_put_on_the_agenda(
        self, sora_pages: Client, meeting: Meeting, slow: CustomerRequest
    ) -> None:
        page = sora_pages.get(
            f"{address(meeting)}?q=faster", headers={"HX-Request": "true", "HX-Target": "found"}
        )
        assert [each.key for each in page.context["found"]] == ["PAY-1"]

        sora_pages.post(f"{address(meeting)}add/", {"request": "PAY-1"})

        assert meeting.agenda_items.get().request == slow

    def test_what_is_no_request_becomes_a_topic(self, sora_pages: Client, meeting: Meeting) -> None:
        sora_pages.post(f"{address(meeting)}add/", {"title": "Holidays"})

        assert meeting.agenda_items.get().title == "Holidays"
        assert sora_pages.post(f"{address(meeting)}add/").status_code == 422

    def test_a_member_proposes_and_the_secretary_answers(
        self, noor_pages: Client, sora_pages: Client, meeting: Meeting
    ) -> None:
        noor_pages.post(f"{address(meeting)}propose/", {"title": "Holidays"})
        noor_pages.post(f"{address(meeting)}propose/", {"title": "Coffee"})
        assert noor_pages.post(f"{address(meeting)}add/", {"title": "x"}).status_code == 403
        holidays, coffee = meeting.agenda_items.order_by("pk")
        assert "Proposed by members" in text(sora_pages, meeting)

        sora_pages.post(f"/agenda-items/{holidays.pk}/accept/")
        assert sora_pages.post(f"/agenda-items/{coffee.pk}/decline/").status_code == 422
        sora_pages.post(f"/agenda-items/{coffee.pk}/decline/", {"reason": "Ask the office."})

        statuses = list(meeting.agenda_items.order_by("pk").values_list("status", flat=True))
        assert statuses == ["scheduled", "declined"]
        assert "Ask the office." in text(noor_pages, meeting)
