"""The Atom feed: what RFC 4287 says that it must have, and how it is asked for again."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, override_settings
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date

from backlog.models import Product
from tests.factories import NOON
from tests.factories import backlog as make

FEED = "/changelog/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pay() -> Product:
    return make.ProductFactory.create(prefix="PAY", name="Pay", has_public_changelog=True)


def _announce(product: Product) -> Any:
    return make.OutcomeFactory.create(commitment__sprint__product=product, announced_at=NOON)


def _one(within: ET.Element, name: str) -> ET.Element:
    [found] = within.findall(f"{ATOM}{name}")
    return found


def _text(within: ET.Element, name: str) -> str:
    return _one(within, name).text or ""


class TestMusts:
    @pytest.fixture(params=[0, 2], ids=["empty", "two"])
    def feed(self, request: pytest.FixtureRequest, client: Client, pay: Product) -> ET.Element:
        for _each in range(request.param):
            _announce(pay)
        return ET.fromstring(client.get(f"{FEED}?language=en").content)

    def test_of_the_feed_are_kept(self, feed: ET.Element) -> None:
        """4.1.1: one id, title and updated; an author; one link that leads to itself."""
        assert feed.tag == f"{ATOM}feed"
        assert _text(feed, "id").startswith("http://testserver/")
        assert _text(feed, "title")
        assert _text(_one(feed, "author"), "name") == "Hearback"
        links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
        assert links.keys() == {"alternate", "self"}
        assert str(links["self"]).startswith(f"http://testserver{FEED}")

    def test_of_each_entry_are_kept(self, feed: ET.Element) -> None:
        """4.1.2: one id, unlike the others, one title and updated, one alternate link."""
        entries = feed.findall(f"{ATOM}entry")
        assert len({_text(each, "id") for each in entries}) == len(entries)
        for each in entries:
            assert _text(each, "title")
            assert _one(each, "link").get("rel") == "alternate"
            assert _one(each, "summary").get("type") == "html"
            for category in each.findall(f"{ATOM}category"):
                assert category.get("term")

    def test_of_every_moment_are_kept(self, feed: ET.Element) -> None:
        """3.3: RFC 3339 with an offset."""
        moments = [*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")]
        for each in moments:
            moment = parse_datetime(each.text or "")
            assert moment is not None
            assert moment.tzinfo is not None


class TestAskedAgain:
    def test_is_not_sent_while_nothing_changes(self, client: Client, pay: Product) -> None:
        _announce(pay)
        first = client.get(FEED)

        for given in (
            {"if-none-match": first["ETag"]},
            {"if-none-match": f"W/{first['ETag']}"},
            {"if-modified-since": first["Last-Modified"]},
        ):
            again = client.get(FEED, headers=given)
            assert (again.status_code, again.content) == (304, b"")

    def test_is_the_same_while_it_is_empty(self, client: Client, pay: Product) -> None:
        assert client.get(FEED)["ETag"] == client.get(FEED)["ETag"]

    def test_is_sent_when_something_came(self, client: Client, pay: Product) -> None:
        tag = client.get(FEED)["ETag"]
        _announce(pay)

        assert client.get(FEED, headers={"if-none-match": tag}).status_code == 200

    def test_is_sent_when_something_was_taken_out(self, client: Client, pay: Product) -> None:
        outcome = _announce(pay)
        first = client.get(FEED)
        outcome.is_current = False
        outcome.save()
        make.EventFactory.create(
            kind="outcome.replaced",
            subject_type="outcome",
            subject_id=outcome.pk,
            at=NOON + timedelta(days=1),
        )

        since = {"if-modified-since": first["Last-Modified"]}
        assert client.get(FEED, headers=since).status_code == 200
        assert client.get(FEED)["Last-Modified"] == http_date(
            (NOON + timedelta(days=1)).timestamp()
        )

    @override_settings(SITE_NAME="Hör\x0bbar")
    def test_names_the_site_as_its_author(self, client: Client, pay: Product) -> None:
        feed = ET.fromstring(client.get(FEED).content)

        assert _text(_one(feed, "author"), "name") == "Hörbar"
