"""Editing owner, status and day of review on the board."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Event, User
from backlog.operations import requests
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory
from tests.factories.people import UserFactory

HTMX = {"HX-Request": "true"}
EDIT = "/board/PAY/edit/"
JUNE = date(2026, 6, 1)


@pytest.fixture
def board(db: None) -> list[CustomerRequest]:
    product = ProductFactory.create(prefix="PAY")
    return [
        RequestFactory.create(product=product, number=number, rank=f"a{number}")
        for number in (1, 2, 3)
    ]


def _said(*rows: CustomerRequest, **more: Any) -> dict[str, Any]:
    """What the fields send that were shown for these rows and left as they were."""
    shown = {"owner": "nobody", "status": "new", "review_on": "", "here": ""}
    return {"editing": [f"{row.number}.{row.version}" for row in rows], **shown, **more}


def _owners(rows: list[CustomerRequest]) -> list[User | None]:
    for row in rows:
        row.refresh_from_db()
    return [row.owner for row in rows]


class TestFields:
    def test_show_how_it_is_and_in_which_version(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=board[0].pk, owner=mina, review_on=JUNE, by=None, at=NOON)

        html = mina_pages.get(f"{EDIT}?chosen=1", headers=HTMX).content.decode()

        assert "<html" not in html
        assert 'name="editing" value="1.2"' in html
        assert f'<option value="{mina.pk}" selected>' in html
        assert '<option value="new" selected>' in html
        assert 'value="2026-06-01"' in html

    def test_leave_open_what_several_differ_in(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=board[0].pk, owner=mina, review_on=JUNE, by=None, at=NOON)

        html = mina_pages.get(f"{EDIT}?chosen=1&chosen=2", headers=HTMX).content.decode()

        assert html.count("as it is") == 1
        assert 'name="no_review"' in html

    def test_are_a_page_without_scripts(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.get(f"{EDIT}?chosen=2").content.decode()
        chosen = mina_pages.post(EDIT, {"chosen": ["1", "3"], "here": "?status=new"})

        assert "<h1" in page
        assert "Edit PAY-2" in page
        assert "Edit PAY-1, PAY-3" in chosen.content.decode()
        assert 'name="here" value="?status=new"' in chosen.content.decode()

    @pytest.mark.parametrize("query", ["", "?chosen=x", "?chosen=99", "?chosen=1.x"])
    def test_say_what_is_missing(
        self, mina_pages: Client, board: list[CustomerRequest], query: str
    ) -> None:
        page = mina_pages.get(EDIT + query, follow=True)

        assert page.redirect_chain == [("/board/PAY/?", 302)]
        assert [each.level_tag for each in page.context["messages"]] == ["warning"]

    def test_that_cannot_be_shown_lead_back_to_the_board(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        answer = mina_pages.get(f"{EDIT}?chosen=99", headers=HTMX)

        assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/board/PAY/?")

    def test_are_not_for_who_may_only_look(
        self, omar_pages: Client, board: list[CustomerRequest]
    ) -> None:
        assert omar_pages.get(f"{EDIT}?chosen=1").status_code == 403
        assert b"edit/?chosen" not in omar_pages.get("/board/PAY/").content

    def test_cost_the_same_for_one_and_for_many(
        self, mina_pages: Client, board: list[CustomerRequest], queries: SameQueries
    ) -> None:
        for row in board:
            row.owner = UserFactory.create()
            row.save()
        mina_pages.get(f"{EDIT}?chosen=1", headers=HTMX)
        with queries() as few:
            mina_pages.get(f"{EDIT}?chosen=1", headers=HTMX)
        with queries() as many:
            mina_pages.get(f"{EDIT}?chosen=1&chosen=2&chosen=3", headers=HTMX)
        assert len(few) == len(many)


class TestSaving:
    def test_saves_and_returns_to_the_board_as_it_was(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        said = _said(*board[:2], owner=str(mina.pk), review_on="2026-06-01", here="?q=pay&after=9")

        response = mina_pages.post(EDIT, said)

        first = Event.objects.earliest("pk")
        address = response.headers["Location"]
        assert address == f"/board/PAY/?q=pay&after=9&edited={first.pk}"
        assert _owners(board) == [mina, mina, None]
        assert board[0].review_on == JUNE
        assert "2 requests were changed." in mina_pages.get(address).content.decode()

    def test_is_undone(self, mina_pages: Client, board: list[CustomerRequest], mina: User) -> None:
        said = _said(*board, owner=str(mina.pk), status="deferred", reason="Later.")
        event = mina_pages.post(EDIT, said, follow=True).context["edited"]["event"]

        page = mina_pages.post(f"/board/PAY/edits/{event.pk}/undo/", follow=True)

        assert "It is as it was." in page.content.decode()
        assert _owners(board) == [None] * 3
        assert {row.status for row in board} == {"new"}

    def test_undoes_only_ones_own_edits_of_the_board(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=board[0].pk, owner=mina, by=None, at=NOON)
        requests.edit_request(request_id=board[1].pk, title="Anew", by=mina, at=NOON)
        theirs, words = Event.objects.order_by("pk")

        assert mina_pages.post(f"/board/PAY/edits/{theirs.pk}/undo/").status_code == 404
        page = mina_pages.post(f"/board/PAY/edits/{words.pk}/undo/", follow=True)
        assert "This is not taken back here" in page.content.decode()
        assert mina_pages.get(f"/board/PAY/?edited={words.pk}").context["edited"] is None

    def test_says_at_its_row_what_was_refused_and_saves_the_others(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        said = _said(*board, owner=str(mina.pk))
        requests.edit_request(request_id=board[1].pk, title="Anew", by=None, at=NOON)

        page = mina_pages.post(EDIT, said, headers=HTMX, follow=True)

        assert _owners(board) == [mina, None, mina]
        rows = page.context["rows"]
        assert [bool(row.refusal) for row in rows] == [False, True, False]
        assert rows[1].refusal in page.content.decode()

    def test_asks_why_before_anything_is_saved(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        said = _said(board[0], owner=str(mina.pk), status="declined")

        fields = mina_pages.post(EDIT, said, headers=HTMX)
        page = mina_pages.post(EDIT, said)

        assert (fields.status_code, fields.headers["HX-Retarget"]) == (200, "#editor")
        assert page.status_code == 422
        for html in (fields.content.decode(), page.content.decode()):
            assert "Say why: it overrides the council." in html
            assert '<option value="declined" selected>' in html
        assert not Event.objects.exists()

    def test_of_what_they_differ_in_nothing_chosen_changes_nothing(
        self, mina_pages: Client, board: list[CustomerRequest], mina: User
    ) -> None:
        requests.edit_request(request_id=board[0].pk, owner=mina, review_on=JUNE, by=None, at=NOON)
        board[0].refresh_from_db()

        page = mina_pages.post(EDIT, _said(*board[:2], owner="", status=""), follow=True)
        assert "Nothing was changed." in page.content.decode()
        said = _said(*board[:2], owner="", status="", no_review="on")
        mina_pages.post(EDIT, said)

        assert _owners(board) == [mina, None, None]
        assert [row.review_on for row in board] == [None] * 3

    @pytest.mark.parametrize(
        "wrong", [{"owner": "0"}, {"status": "merged"}, {"review_on": "soon"}, {"owner": "x"}]
    )
    def test_refuses_what_cannot_be(
        self, mina_pages: Client, board: list[CustomerRequest], wrong: dict[str, str]
    ) -> None:
        assert mina_pages.post(EDIT, _said(board[0], **wrong)).status_code == 422
        assert not Event.objects.exists()

    def test_an_emptied_menu_narrows_to_nothing_and_says_nothing(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        page = mina_pages.get("/board/PAY/?q=&status=&owner=")

        assert page.context["unusable"] == {}
        assert len(page.context["rows"]) == 3


class TestColumns:
    def test_are_those_that_the_address_names(
        self, mina_pages: Client, board: list[CustomerRequest]
    ) -> None:
        usual = mina_pages.get("/board/PAY/").context
        page = mina_pages.get("/board/PAY/?columns=opened&columns=owner&columns=gone").context

        assert [each.name for each in usual["columns"]] == [
            "priority",
            "scores",
            "customers",
            "accounts",
            "owner",
        ]
        assert [each.name for each in page["columns"]] == ["owner", "opened"]
        assert page["here"] == "?columns=opened&columns=owner&columns=gone"
