"""The menu: short, complete, and never leading to a closed door."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import translation
from pytest_django import Settings

from backlog.models import MessageTemplate, Product, User
from config.navigation import Navigation
from config.rooms import MAILBOX, ROOMS
from tests.backlog.admin.pages import address, looking

pytestmark = pytest.mark.usefixtures("english")
EVERYBODY = ["mina", "sora", "noor", "omar", "ada"]


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def navigation(rf: RequestFactory, ada: User) -> Navigation:
    return _at(rf, ada, "/")


def _at(rf: RequestFactory, user: User, path: str) -> Navigation:
    request = rf.get(path)
    request.user = user
    return Navigation(request)


@pytest.mark.parametrize("name", EVERYBODY)
def test_leads_nowhere_that_is_closed(
    name: str, client: Client, rf: RequestFactory, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(name)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    places = {str(page.address) for page in _at(rf, user, "/")}

    found = {place: resolve(place) for place in places}
    lists = [it.func.model_admin for it in found.values() if it.app_name == "admin"]  # type: ignore[attr-defined]
    assert len(lists) > 5
    assert all(it.has_view_permission(looking(user)) for it in lists)
    for place, view in found.items():
        assert view.app_name == "admin" or client.get(place).status_code in {200, 302}, place


def test_leads_to_every_list(navigation: Navigation) -> None:
    places = {str(place) for page in navigation for place in (page.address, page.table)}

    lists = {address(model, "changelist") for model in admin.site._registry}
    lists.remove(address(MessageTemplate, "changelist"))  # For these there is a better page.
    assert lists - places == set()


@pytest.mark.parametrize("name", EVERYBODY)
def test_is_about_a_dozen_entries(
    name: str, rf: RequestFactory, request: pytest.FixtureRequest
) -> None:
    rooms = _at(rf, request.getfixturevalue(name), "/").rooms

    assert 7 <= len(rooms) <= 12


def test_each_entry_has_a_key_and_an_icon_of_its_own() -> None:
    assert len({room.key for room in ROOMS}) == len({room.icon for room in ROOMS}) == len(ROOMS)


@pytest.mark.parametrize(
    ("path", "room", "page"),
    [
        ("/", "Home", "Home"),
        ("/feedback/?linked=no", "Inbox", "Inbox"),
        ("/feedback/?linked=yes", "Inbox", "All feedback"),
        ("/admin/backlog/feedback/7/change/", "Inbox", "All feedback"),
        ("/requests/PAY-6/", "Requests", "Requests"),
        ("/admin/backlog/customerrequest/", "Requests", "Requests"),
        ("/sprints/all/", "Sprints", "All sprints"),
        ("/board/PAY/", "Board", "Board"),
        ("/sprints/3/", "Sprints", "Current sprint"),
        ("/outcomes/3/announce/", "Sprints", "Outcomes"),
        ("/loop/", "Loop", "Loop ledger"),
        ("/loop/unanswered/PAY-6/", "Loop", "Silence"),
        ("/loop/delivery/", "Loop", "Message delivery"),
        ("/messages/decided_no/ko/", "Settings", "What messages say"),
        ("/admin/council/seat/", "Council", "Seats"),
    ],
)
def test_says_where_one_is(path: str, room: str, page: str, rf: RequestFactory, ada: User) -> None:
    navigation = _at(rf, ada, path)

    assert navigation.room is not None
    assert navigation.page is not None
    assert (navigation.room.room.title, navigation.page.title) == (room, page)


def test_says_nothing_where_no_page_of_it_is(rf: RequestFactory, ada: User) -> None:
    navigation = _at(rf, ada, "/admin/password_change/")

    assert navigation.room is None
    assert navigation.beside == []


def test_shows_beside_a_page_of_settings_those_of_its_group(rf: RequestFactory, ada: User) -> None:
    beside = _at(rf, ada, "/admin/backlog/endpoint/").beside

    assert [page.title for page in beside] == ["API tokens", "Endpoints", "Webhook deliveries"]


def test_has_a_mailbox_only_where_mail_is_kept(
    rf: RequestFactory, ada: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    without = [page.title for page in _at(rf, ada, "/")]
    settings.EMAIL_BACKEND = MAILBOX
    with_it = [page.title for page in _at(rf, ada, "/")]

    assert set(with_it) - set(without) == {"Local mailbox"}


def test_shows_strangers_nothing(client: Client, db: None) -> None:
    page = client.get(reverse("admin:login"))

    assert page.context["navigation"].rooms == []


class TestSettings:
    def test_has_a_card_for_each_that_one_may_see(self, client: Client, ada: User) -> None:
        page = _settings(client, ada)

        assert page.count("<section") == 6
        assert address(User, "changelist") in page

    def test_has_none_for_what_one_may_not(self, client: Client, omar: User) -> None:
        page = _settings(client, omar)

        assert address(User, "changelist") not in page
        assert address(Product, "changelist") in page


def _settings(client: Client, user: User) -> str:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("backlog:settings")).content.decode()
