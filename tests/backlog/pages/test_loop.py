"""The Loop page: figures, filters, the ledger."""

from datetime import timedelta

import pytest
from django.test import Client

from backlog.models import Obligation
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.people import MembershipFactory

URL = "/loop/"


def told(**fields: object) -> Obligation:
    row = make.ObligationFactory.create(
        **{"status": "told", "settled_at": NOON, "released_at": NOON, **fields}
    )
    make.NoticeItemFactory.create(
        obligation=row,
        notice__customer=row.customer,
        notice__status="sent",
        notice__sent_at=NOON,
        notice__contact_point=make.ContactPointFactory.create(customer=row.customer),
    )
    return row


def listed(client: Client, query: str = "") -> list[Obligation]:
    return [entry.obligation for entry in client.get(f"{URL}?{query}").context["entries"]]


class TestLedger:
    def test_says_what_to_do_where_nobody_is_owed_anything(self, mina_pages: Client) -> None:
        page = mina_pages.get(URL).content.decode()

        assert "Nobody is owed an answer yet." in page
        assert "nothing announced yet" in page

    def test_shows_how_each_was_told_and_what_they_answered(self, mina_pages: Client) -> None:
        row = told(status="disputed", customer__name="Kim")
        words = make.FeedbackFactory.create(verbatim="It still takes too long.")
        make.ReplyFactory.create(obligation=row, verdict="no", feedback=words)

        page = mina_pages.get(URL).content.decode()

        assert row.request is not None
        for sentence in (
            "Kim",
            "e-mail · customer",
            "It still takes too long.",
            f"/requests/{row.request.key}/",
        ):
            assert sentence in page

    def test_shows_exactly_why_somebody_was_not_told(self, mina_pages: Client) -> None:
        make.ObligationFactory.create(status="suppressed", reason="no_consent", settled_at=NOON)

        assert "consent withdrawn" in mina_pages.get(URL).content.decode()

    def test_shows_figures_with_sample_and_bounds(self, mina_pages: Client) -> None:
        told(), told()
        make.ObligationFactory.create(released_at=NOON)

        page = " ".join(mina_pages.get(URL).content.decode().split())

        assert "2 of 3 customers told · between 21 and 94 % · few" in page
        assert "2 told, 1 waiting" in page

    def test_shows_figures_by_segment(self, mina_pages: Client) -> None:
        account = make.AccountFactory.create(segment="Fashion")
        told(customer__account=account), told()

        figures = mina_pages.get(URL).context["figures"]

        assert [(name, part.rate.n) for name, part in figures.segments] == [("", 1), ("Fashion", 1)]

    def test_leaves_out_closed_products(self, mina_pages: Client) -> None:
        told(event__request__product__is_open=False)
        response = mina_pages.get(URL)

        assert response.context["entries"] == []
        assert response.context["figures"].n == 0

    def test_is_closed_to_who_may_not_see_customers(self, omar_pages: Client) -> None:
        assert omar_pages.get(URL).status_code == 403

    def test_asks_strangers_to_sign_in(self, client: Client, db: None) -> None:
        assert client.get(URL).headers["Location"].startswith("/admin/login/")

    def test_goes_on_to_older_lines(self, mina_pages: Client) -> None:
        rows = make.ObligationFactory.create_batch(51)
        older = mina_pages.get(URL).context["shown"].older

        assert listed(mina_pages, older[1:]) == [rows[0]]

    def test_costs_the_same_for_one_line_and_for_many(
        self, mina_pages: Client, queries: SameQueries
    ) -> None:
        row = told()
        make.ReplyFactory.create(obligation=row, feedback=make.FeedbackFactory.create())
        mina_pages.get(URL)
        with queries() as few:
            mina_pages.get(URL)

        for _each in range(8):
            row = told(customer__account=make.AccountFactory.create(segment="Fashion"))
            make.ReplyFactory.create(obligation=row, feedback=make.FeedbackFactory.create())
        with queries() as many:
            response = mina_pages.get(URL)

        assert len(response.context["entries"]) == 9
        assert len(many) == len(few)


class TestFilters:
    @pytest.fixture
    def wanted(self, db: None) -> Obligation:
        make.ObligationFactory.create_batch(2, owed_at=NOON + timedelta(days=9))
        account = make.AccountFactory.create(segment="Fashion")
        outcome = make.OutcomeFactory.create()
        return told(
            outcome=outcome,
            event__request=outcome.commitment.request,
            event__kind="outcome.announced",
            customer__account=account,
            status="suppressed",
            reason="unsubscribed",
        )

    @pytest.mark.parametrize(
        "query",
        [
            "status=suppressed",
            "reason=unsubscribed",
            "product={0.request.product.prefix}",
            "request={0.request.key}",
            "outcome={0.outcome_id}",
            "sprint={0.outcome.commitment.sprint_id}",
            "customer={0.customer_id}",
            "account={0.customer.account_id}",
            "segment=Fashion",
            "event=outcome.announced",
            "owed_before=2026-03-05",
        ],
    )
    def test_narrow_the_ledger(self, mina_pages: Client, wanted: Obligation, query: str) -> None:
        assert listed(mina_pages, query.format(wanted)) == [wanted]

    def test_know_the_department_that_answers_for_it(
        self, mina_pages: Client, wanted: Obligation
    ) -> None:
        now, before = MembershipFactory.create(), MembershipFactory.create(ends_on=NOON.date())
        type(now).objects.filter(pk=before.pk).update(user=now.user)
        assert wanted.request is not None
        wanted.request.owner = now.user
        wanted.request.save(update_fields=["owner"])

        assert listed(mina_pages, f"department={now.department_id}") == [wanted]
        assert listed(mina_pages, f"department={before.department_id}") == []

    def test_do_not_change_what_the_figures_are_of_by_how_it_ended(
        self, mina_pages: Client, wanted: Obligation
    ) -> None:
        told()
        figures = mina_pages.get(f"{URL}?status=told").context["figures"]

        assert (figures.total.rate.part, figures.total.rate.n) == (1, 2)

    def test_narrow_the_figures_by_what_it_is_about(
        self, mina_pages: Client, wanted: Obligation
    ) -> None:
        told()

        assert mina_pages.get(f"{URL}?segment=Fashion").context["figures"].n == 1

    def test_say_what_a_link_narrowed_to_and_how_to_leave_it(
        self, mina_pages: Client, wanted: Obligation
    ) -> None:
        query = f"customer={wanted.customer_id}&status=suppressed"
        [narrowed] = mina_pages.get(f"{URL}?{query}").context["narrowed"]

        assert (narrowed["row"], narrowed["without"]) == (wanted.customer, "?status=suppressed")

    def test_that_make_no_sense_are_named(self, mina_pages: Client, wanted: Obligation) -> None:
        response = mina_pages.get(f"{URL}?owed_before=tomorrow&status=happy")

        assert set(response.context["unusable"]) == {"owed_before", "status"}
        assert 'role="alert"' in response.content.decode()
