"""What colleagues keep of their lists."""

from typing import Any

import pytest
from django.test import Client

from backlog.models import User, View
from backlog.operations import views as view_operations
from tests.backlog.pages.conftest import signed_in
from tests.factories import backlog

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def shown(browser: Client, address: str) -> list[int]:
    return [row.pk for row in browser.get(address).context["rows"]]


def keep(browser: Client, name: str, wanted: str, listing: str = "backlog:requests") -> Any:
    form = {"list": listing, "name": name, "wanted": wanted}
    return browser.post("/views/save/", form, follow=True)


class TestViews:
    def test_stand_above_their_list_and_narrow_it_again(self, browser: Client) -> None:
        new, _old = backlog.RequestFactory.create(), backlog.RequestFactory.create(status="planned")

        after = keep(browser, "Fresh", "status=new&cursor=x")

        [view] = browser.get("/requests/?owner=").context["views"]
        assert view.name == "Fresh"
        assert shown(browser, f"/requests/{view.address}") == [new.pk]
        assert [each.is_current for each in after.context["views"]] == [True]

    def test_are_ones_own(self, browser: Client, mina: User, ada: User) -> None:
        keep(browser, "Fresh", "status=new")
        [view] = View.objects.filter(user=ada)
        other = signed_in(mina)

        assert other.get("/requests/").context["views"] == []
        assert other.post(f"/views/{view.pk}/delete/").status_code == 404

    def test_of_a_name_that_is_there_take_its_place(self, browser: Client, ada: User) -> None:
        keep(browser, "Fresh", "status=new")
        keep(browser, "Fresh", "status=planned")

        assert [each.wanted for each in ada.views.all()] == [{"status": ["planned"]}]

    def test_are_forgotten(self, browser: Client, ada: User) -> None:
        keep(browser, "Fresh", "status=new")

        browser.post(f"/views/{ada.views.get().pk}/delete/")

        assert not ada.views.exists()

    def test_without_a_name_are_refused_and_the_list_stays_narrowed(self, browser: Client) -> None:
        after = keep(browser, " ", "status=new")

        assert [chip.label for chip in after.context["chips"]] == ["Status"]
        assert not View.objects.exists()

    def test_are_not_more_than_fit(
        self, browser: Client, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view_operations, "MOST", 1)
        keep(browser, "One", "status=new")

        after = keep(browser, "Two", "status=planned")

        assert "at most 1" in after.content.decode()
        assert [each.name for each in ada.views.all()] == ["One"]

    @pytest.mark.parametrize("listing", ["council:home", "nothing", "", "backlog:board"])
    def test_of_what_is_no_list_are_not_found(self, browser: Client, listing: str) -> None:
        assert keep(browser, "Fresh", "", listing).status_code == 404

    def test_of_a_list_that_one_may_not_see_are_not_found(self, omar: User) -> None:
        assert keep(signed_in(omar), "Fresh", "", "backlog:customers").status_code == 404
