"""The page of reports, and its file."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories import council as make_council
from tests.factories.suggestions import SuggestionFactory

URL = f"/reports/?period={NOON:%Y-%m}"


def heard(segment: str = "Fashion", *, days: int = 3) -> None:
    """A customer of this segment who spoke at NOON, got it and was told."""
    customer = make.CustomerFactory.create(account=make.AccountFactory.create(segment=segment))
    outcome = make.OutcomeFactory.create()
    obligation = make.ObligationFactory.create(
        outcome=outcome,
        event__request=outcome.request,
        customer=customer,
        account=customer.account,
        status="confirmed",
        owed_at=NOON,
        released_at=NOON,
        settled_at=NOON + timedelta(days=days),
    )
    make.EvidenceFactory.create(
        request=obligation.request,
        feedback__customer=customer,
        feedback__account=customer.account,
        feedback__said_at=NOON,
        feedback__received_at=NOON,
    )


class TestSuggestions:
    def test_says_what_share_of_each_origin_was_accepted(self, mina_pages: Client) -> None:
        decided = {"decided_at": NOON, "proposed_at": NOON}
        for state in ("accepted", "accepted", "dismissed", "proposed"):
            more = decided if state != "proposed" else {"proposed_at": NOON}
            SuggestionFactory.create(state=state, name="triage", version="3", **more)
        page = mina_pages.get(URL)
        [found] = page.context["acceptance"]
        assert (found.title, found.share, found.proposed) == ("triage", 67, 1)
        assert "Suggestions, and what people made of them" in page.content.decode()

    def test_of_another_time_are_not_counted(self, mina_pages: Client) -> None:
        SuggestionFactory.create(proposed_at=NOON - timedelta(days=60))
        assert mina_pages.get(URL).context["acceptance"] == []


class TestReport:
    def test_says_what_it_would_show_where_nothing_happened(self, mina_pages: Client) -> None:
        page = mina_pages.get("/reports/?period=1999-01").content.decode()

        for sentence in (
            "nothing to say of this time yet",
            "Nobody spoke, and nothing was delivered",
            "No ratings came",
            "There is nothing to draw.",
        ):
            assert sentence in page

    def test_shows_figures_with_sample_and_bounds(self, mina_pages: Client) -> None:
        heard()
        heard()

        page = " ".join(mina_pages.get(URL).content.decode().split())

        assert "100 %" in page
        assert "between 34 % and 100 % · 2 customers · few" in page
        assert "too few to say" in page

    def test_is_open_to_whoever_may_read_requests(self, omar_pages: Client) -> None:
        assert omar_pages.get(URL).status_code == 200

    def test_leads_to_the_periods_around(self, mina_pages: Client) -> None:
        page = mina_pages.get("/reports/?period=2025-Q1").content.decode()

        for address in ("?period=2024-Q4", "?period=2025-Q2", "?period=2025-03", "?period=2025"):
            assert f'href="{address}"' in page

    def test_leads_to_no_time_to_come(self, mina_pages: Client) -> None:
        assert 'rel="next"' not in mina_pages.get("/reports/").content.decode()

    def test_says_how_a_period_is_named(self, mina_pages: Client) -> None:
        answer = mina_pages.get("/reports/?period=soon")

        assert "Name a month as 2026-11" in answer.content.decode()
        assert answer.status_code == 200

    def test_asks_the_same_however_much_there_is(
        self, mina_pages: Client, queries: SameQueries
    ) -> None:
        heard()
        with queries() as few:
            mina_pages.get(URL)
        for segment in ("Fashion", "Food", ""):
            heard(segment)
        with queries() as many:
            mina_pages.get(URL)

        assert len(many) == len(few)


class TestFile:
    def test_has_every_figure_in_plain_numbers(self, mina_pages: Client) -> None:
        heard("=Fashion")

        answer = mina_pages.get(URL.replace("/reports/", "/reports/file/"))

        text = answer.getvalue().decode("utf-8-sig")
        header, *lines = text.splitlines()
        assert header.startswith("period,product,figure,segment,value,unit,low,high,n")
        assert f"{NOON:%Y-%m},,median_wait,,3,days,3,,1,,,," in lines
        assert any(",voice,'=Fashion,100,percent," in line for line in lines)


def test_says_what_was_promised_and_kept_with_its_sample(noor_pages: Client) -> None:
    due = timezone.localdate() - timedelta(days=1)
    council = make_council.CouncilFactory.create(name="Payments council")
    make_council.ActionItemFactory.create(council=council, due_on=due)
    done = {"status": "verified", "evidence": "x", "closed_at": timezone.now()}
    make_council.ActionItemFactory.create(
        council=council, due_on=due, claimed_at=timezone.now(), **done
    )

    shown = noor_pages.get(f"/reports/?period={due.year}").content.decode()
    file: Any = noor_pages.get(f"/reports/file/?period={due.year}")
    lines = file.getvalue().decode()

    assert "2 action items were due in this time" in shown
    assert "Payments council" in shown.partition("Said and done")[2]
    assert f"{due.year},,overdue,,50,percent," in lines


def test_says_nothing_of_no_promises(noor_pages: Client) -> None:
    assert "No action item was due in this time." in noor_pages.get("/reports/").content.decode()
