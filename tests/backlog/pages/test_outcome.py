"""Who asked for what became an outcome, and what each was told; on a page and as a file."""

import csv
import io

import pytest
from django.test import Client

from backlog.models import Obligation, Outcome
from backlog.pages import outcome as pages
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.people import UserFactory


@pytest.fixture
def outcome(db: None) -> Outcome:
    return make.OutcomeFactory.create(announced_at=NOON)


def owed(outcome: Outcome, **fields: object) -> Obligation:
    event = make.EventFactory.create(request=outcome.commitment.request)
    return make.ObligationFactory.create(
        event=event, outcome=outcome, **{"released_at": NOON, **fields}
    )


def told(outcome: Outcome, **fields: object) -> Obligation:
    row = owed(outcome, **{"status": "told", "settled_at": NOON, **fields})
    make.NoticeItemFactory.create(
        obligation=row,
        notice__customer=row.customer,
        notice__status="sent",
        notice__sent_at=NOON,
        notice__contact_point=make.ContactPointFactory.create(customer=row.customer),
    )
    return row


class TestThePage:
    def test_counts_all_and_lists_them(self, mina_pages: Client, outcome: Outcome) -> None:
        rows = [told(outcome), told(outcome), owed(outcome)]
        make.ObligationFactory.create()

        context = mina_pages.get(f"/loop/outcomes/{outcome.pk}/").context

        assert sorted(context["counts"]) == [("owed", "owed", 1), ("told", "told", 2)]
        assert {entry.obligation for entry in context["entries"]} == set(rows)

    def test_narrows_to_one_status(self, mina_pages: Client, outcome: Outcome) -> None:
        told(outcome)
        waits = owed(outcome)

        context = mina_pages.get(f"/loop/outcomes/{outcome.pk}/?status=owed").context

        assert [entry.obligation for entry in context["entries"]] == [waits]

    def test_costs_the_same_for_one_and_for_many(
        self, mina_pages: Client, outcome: Outcome, queries: SameQueries
    ) -> None:
        told(outcome)
        mina_pages.get(f"/loop/outcomes/{outcome.pk}/")
        with queries() as few:
            mina_pages.get(f"/loop/outcomes/{outcome.pk}/")

        for _each in range(8):
            told(outcome)
        with queries() as many:
            mina_pages.get(f"/loop/outcomes/{outcome.pk}/")

        assert len(many) == len(few)

    @pytest.mark.parametrize("page", ["", "customers.csv"])
    def test_is_closed_to_who_may_not_see_customers(
        self, omar_pages: Client, outcome: Outcome, page: str
    ) -> None:
        assert omar_pages.get(f"/loop/outcomes/{outcome.pk}/{page}").status_code == 403

    @pytest.mark.parametrize("page", ["", "customers.csv"])
    def test_is_not_there_for_a_closed_product(self, mina_pages: Client, page: str) -> None:
        outcome = make.OutcomeFactory.create(commitment__sprint__product__is_open=False)

        assert mina_pages.get(f"/loop/outcomes/{outcome.pk}/{page}").status_code == 404


def rows_of(client: Client, outcome: Outcome) -> list[dict[str, str]]:
    response = client.get(f"/loop/outcomes/{outcome.pk}/customers.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8")  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


class TestTheFile:
    def test_says_of_each_when_and_how_or_why_not(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        account = make.AccountFactory.create(name="Acme", segment="Fashion")
        heard = told(outcome, status="disputed", customer__name="Kim", customer__account=account)
        words = make.FeedbackFactory.create(verbatim="Still\nslow")
        make.ReplyFactory.create(obligation=heard, verdict="no", feedback=words, satisfaction=2)
        owed(outcome, status="suppressed", reason="unsubscribed", settled_at=NOON)

        kim, other = rows_of(mina_pages, outcome)

        assert kim | {"sent to": ""} == {
            "customer": "Kim",
            "account": "Acme",
            "segment": "Fashion",
            "status": "disputed",
            "told at": "2026-03-02 21:00",
            "channel": "e-mail",
            "sent to": "",
            "why not": "",
            "did this solve it?": "no",
            "satisfaction": "2",
            "answered at": "2026-03-02 21:00",
            "words": "Still\nslow",
        }
        assert kim["sent to"].endswith("@example.org")
        assert (other["told at"], other["why not"], other["words"]) == ("", "unsubscribed", "")

    def test_runs_no_formula_of_a_customer(self, mina_pages: Client, outcome: Outcome) -> None:
        row = told(outcome, customer__name="=HYPERLINK(1)")
        words = make.FeedbackFactory.create(verbatim="+1 for this")
        make.ReplyFactory.create(obligation=row, feedback=words)

        [line] = rows_of(mina_pages, outcome)

        assert (line["customer"], line["words"]) == ("'=HYPERLINK(1)", "'+1 for this")

    def test_has_everybody_once_however_many_pieces_it_takes(
        self, mina_pages: Client, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "ROWS_AT_ONCE", 2)
        names = [told(outcome).customer.name for _each in range(5)]

        assert [row["customer"] for row in rows_of(mina_pages, outcome)] == names

    def test_is_in_the_readers_language(self, client: Client, outcome: Outcome) -> None:
        reader = UserFactory.create(language="ko", is_superuser=True, is_staff=True)
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        told(outcome)

        [row] = rows_of(client, outcome)

        assert "e-mail" not in row.values()
        assert "customer" not in row
