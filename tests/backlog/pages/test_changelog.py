"""The public changelog: for everybody, of products that chose so, with no person in it."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from backlog.delivery import links
from backlog.models import Outcome, Product
from backlog.pages import changelog as pages
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

URL = "/changelog/"
FEED = "/changelog/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pay() -> Product:
    return make.ProductFactory.create(prefix="PAY", name="Pay", has_public_changelog=True)


def announced(product: Product, title: str = "Pay faster", **fields: object) -> Outcome:
    return make.OutcomeFactory.create(
        commitment__sprint__product=product,
        commitment__request__title=title,
        **{"announced_at": NOON, **fields},
    )


def titles(client: Client, query: str = "") -> list[str]:
    outcomes = client.get(f"{URL}?language=en{query}").context["outcomes"]
    return [outcome.commitment.request.title for outcome in outcomes]


class TestWhatIsPublic:
    def test_is_what_was_announced_the_newest_first(self, client: Client, pay: Product) -> None:
        announced(pay, "First")
        announced(pay, "Second", announced_at=NOON + timedelta(days=40))

        page = client.get(f"{URL}?language=en").content.decode()

        assert titles(client) == ["Second", "First"]
        assert page.index("April 2026") < page.index("March 2026")
        assert "Paying takes two taps now." in page

    @pytest.mark.parametrize(
        "fields",
        [
            {"announced_at": None},
            {"result": "not_delivered", "shipped_at": None},
            {"is_current": False},
        ],
        ids=["not announced", "not delivered", "replaced"],
    )
    def test_is_not_what_changed_nothing_or_was_not_said(
        self, client: Client, pay: Product, fields: dict[str, object]
    ) -> None:
        announced(pay, "Pay faster", **fields)

        assert titles(client) == []

    @pytest.mark.parametrize(
        "fields",
        [{"has_public_changelog": False}, {"is_open": False}],
        ids=["not public", "closed to colleagues"],
    )
    def test_is_nothing_of_another_product(
        self, client: Client, pay: Product, fields: dict[str, bool]
    ) -> None:
        announced(make.ProductFactory.create(**{"has_public_changelog": True, **fields}))

        assert titles(client) == []

    @pytest.mark.parametrize("path", [URL, FEED, f"{URL}?product=PAY", f"{FEED}?product=PAY"])
    def test_is_not_there_before_a_product_chose_so(self, client: Client, path: str) -> None:
        announced(make.ProductFactory.create(prefix="PAY"))

        assert client.get(path).status_code == 404

    def test_is_off_until_somebody_turns_it_on(self) -> None:
        assert not Product().has_public_changelog

    def test_names_nobody(self, client: Client, pay: Product) -> None:
        outcome = announced(pay)
        request = outcome.commitment.request
        words = make.FeedbackFactory.create(customer__name="Kim Minsu", verbatim="My own words")
        make.EvidenceFactory.create(request=request, feedback=words)
        make.ObligationFactory.create(outcome=outcome, customer=words.customer)

        for path in (URL, FEED):
            page = client.get(path).content.decode()
            assert "Kim Minsu" not in page
            assert "My own words" not in page


class TestReading:
    def test_needs_no_account_and_runs_no_script(self, client: Client, pay: Product) -> None:
        response = client.get(URL)

        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "<script" not in response.content.decode()
        assert "noindex" not in response.content.decode()
        assert not response.cookies

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Paying takes two taps now."), ("ko", "이제 두 번만 누르면")]
    )
    def test_is_in_the_language_that_the_address_asks_for(
        self, client: Client, pay: Product, language: str, words: str
    ) -> None:
        announced(pay)
        page = client.get(f"{URL}?language={language}").content.decode()

        assert f'<html lang="{language}">' in page
        assert words in page

    def test_is_else_in_the_browsers_language(self, client: Client, pay: Product) -> None:
        page = client.get(f"{URL}?language=xx", headers={"accept-language": "en"})

        assert '<html lang="en">' in page.content.decode()

    def test_is_narrowed_to_one_product(self, client: Client, pay: Product) -> None:
        other = make.ProductFactory.create(prefix="SHOP", has_public_changelog=True)
        announced(pay, "Pay"), announced(other, "Shop")

        assert titles(client, "&product=SHOP") == ["Shop"]
        assert client.get(f"{URL}?product=NONE").status_code == 404

    def test_goes_on_to_earlier_ones_and_loses_none(
        self, client: Client, pay: Product, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "ROWS", 2)
        for title in "abcde":
            announced(pay, title)

        found, query = "", "?language=en"
        while query:
            context = client.get(f"{URL}{query}").context
            found += "".join(row.commitment.request.title for row in context["outcomes"])
            query = context["older"]

        assert found == "edcba"

    def test_costs_the_same_for_one_and_for_many(
        self, client: Client, pay: Product, queries: SameQueries
    ) -> None:
        announced(pay)
        with queries() as few:
            client.get(URL)

        for _each in range(5):
            announced(pay)
        with queries() as many:
            client.get(URL)

        assert len(many) == len(few) == 2


class TestTheFeed:
    def test_is_atom_with_an_entry_for_each(self, client: Client, pay: Product) -> None:
        outcome = announced(pay, "Pay <faster> & better", summary={"en": "Two <b>taps</b>."})

        response = client.get(f"{FEED}?language=en")

        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ET.fromstring(response.content)
        [entry] = feed.findall(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "Pay <faster> & better (delivered)"
        assert entry.findtext(f"{ATOM}summary") == "<p>Two &lt;b&gt;taps&lt;/b&gt;.</p>"
        assert entry.findtext(f"{ATOM}id") == f"http://testserver{URL}#outcome-{outcome.pk}"
        assert datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))) == NOON
        assert NOON.tzinfo is UTC

    def test_is_found_from_the_page(self, client: Client, pay: Product) -> None:
        announced(pay)
        page = client.get(f"{URL}?product=PAY&language=ko").content.decode()

        assert 'href="http://testserver/changelog/feed/?language=ko&amp;product=PAY"' in page


class TestTheCustomersPage:
    def test_leads_there_where_there_is_one(self, client: Client, pay: Product) -> None:
        row = make.NoticeItemFactory.create()
        address = links.answer_url(row.notice).removeprefix("http://testserver")

        assert "/changelog/?language=en" in client.get(address).content.decode()
        Product.objects.update(has_public_changelog=False)
        assert "/changelog/" not in client.get(address).content.decode()


class TestOddCharacters:
    def test_that_xml_forbids_do_not_take_the_feed_from_everybody(
        self, client: Client, pay: Product
    ) -> None:
        odd = "결제\u000b가 \ufffe빨라졌습니다 \x1b[1m"
        announced(pay, odd, summary={"ko": odd})

        response = client.get(f"{FEED}?language=ko")

        assert response.status_code == 200
        [entry] = ET.fromstring(response.content).findall(f"{ATOM}entry")
        summary = entry.findtext(f"{ATOM}summary") or ""
        assert "결제가 빨라졌습니다 [1m" in summary
        assert client.get(f"{URL}?language=ko").status_code == 200
