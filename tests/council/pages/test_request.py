"""The Request page: what it shows of the line, to whom, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from backlog.models import Account, CustomerRequest, Department, User
from backlog.operations import assessments, scoring_models
from backlog.operations.assessments import Answer
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CommitmentFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    ObligationFactory,
    OutcomeFactory,
    ReplyFactory,
    RequestFactory,
)
from tests.factories.council import ActionItemFactory, DecisionFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory

URL = "/requests/PAY-1/"


@pytest.fixture
def request_row(db: None) -> CustomerRequest:
    """PAY-1, scored by the default model."""
    row = RequestFactory.create(
        number=1, product__prefix="PAY", title="Pay faster", status="under_review"
    )
    row.product.scoring_model = scoring_models.default_model(by=None, at=NOON)
    row.product.save()
    return row


@pytest.fixture
def sales(noor: User) -> Department:
    """Noor speaks for Sales."""
    department = DepartmentFactory.create(name="Sales")
    MembershipFactory.create(user=noor, department=department)
    return department


def _speak(request: CustomerRequest, words: str, account: Account | None = None) -> None:
    customer = CustomerFactory.create(name="Kim", account=account)
    feedback = FeedbackFactory.create(verbatim=words, customer=customer)
    EvidenceFactory.create(request=request, feedback=feedback, start=0, end=6)


def _assess(request: CustomerRequest, by: User, value: int) -> None:
    assert request.product.scoring_model is not None
    keys = request.product.scoring_model.criteria.values_list("key", flat=True)
    answers = {key: Answer(value=Decimal(value)) for key in keys}
    assessments.assess(request_id=request.pk, answers=answers, by=by, at=NOON)


class TestWords:
    def test_marks_the_excerpt_within_the_words(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        _speak(request_row, "Paying takes too long.")

        page = mina_pages.get(URL).content.decode()

        assert "<mark>Paying</mark> takes too long." in page
        assert "Kim" in page

    def test_does_not_name_customers_to_who_may_not_see_them(
        self, omar_pages: Client, request_row: CustomerRequest
    ) -> None:
        account = AccountFactory.create(name="Lumen Retail")
        _speak(request_row, "Paying takes too long.", account)
        ReplyFactory.create(obligation__event__request=request_row, verdict="no")
        obligation = ObligationFactory.create(event__request=request_row)

        page = omar_pages.get(URL).content.decode()

        assert "<mark>Paying</mark>" in page
        assert "Kim" not in page
        assert "Lumen Retail" not in page
        assert obligation.customer.name not in page

    def test_says_that_one_account_speaks_for_the_most_of_it(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        loud = AccountFactory.create(name="Loud")
        for account in (loud, loud, loud, AccountFactory.create(), None):
            _speak(request_row, "Paying takes too long.", account)

        page = mina_pages.get(URL).content.decode()

        assert "One account is 60 % of this." in page

    def test_says_that_figures_are_missing(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        _speak(request_row, "Paying takes too long.")

        assert "there are no ratings beside them" in mina_pages.get(URL).content.decode()

    def test_keeps_erased_words_as_counting(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        erased = FeedbackFactory.create(verbatim="", search_text="", salt="", erased_at=NOON)
        EvidenceFactory.create(request=request_row, feedback=erased)

        assert "They still count." in mina_pages.get(URL).content.decode()

    def test_finds_words_to_link(self, mina_pages: Client, request_row: CustomerRequest) -> None:
        _speak(request_row, "Paying again and again.")
        wanted = FeedbackFactory.create(verbatim="Paying twice")

        found = mina_pages.get(f"{URL}words/?find=PAYING").context["found"]

        assert list(found) == [wanted]


class TestScores:
    def test_hides_what_departments_said_until_one_has_assessed(
        self, noor_pages: Client, noor: User, sales: Department, request_row: CustomerRequest
    ) -> None:
        finance = DepartmentFactory.create(name="Finance")
        clerk = MembershipFactory.create(department=finance).user
        _assess(request_row, clerk, 5)

        before = noor_pages.get(URL).content.decode()
        _assess(request_row, noor, 1)
        after = noor_pages.get(URL).content.decode()

        assert "hb-voices" not in before
        assert "Assess it to see what each department said." in before
        assert "hb-voices" in after

    def test_explains_the_priority(
        self, noor_pages: Client, noor: User, sales: Department, request_row: CustomerRequest
    ) -> None:
        _assess(request_row, noor, 3)

        page = noor_pages.get(URL).content.decode()

        assert "Why 50?" in page
        assert "sqrt(impact * feasibility)" in page
        assert "Customer pain" in page

    def test_shows_the_scores_to_who_may_not_assess(
        self, omar_pages: Client, noor: User, sales: Department, request_row: CustomerRequest
    ) -> None:
        _assess(request_row, noor, 3)

        page = omar_pages.get(URL).content.decode()

        assert "hb-voices" in page
        assert 'id="assess"' not in page


class TestRequestPage:
    def test_tells_the_line_from_the_words_to_the_answer(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        _speak(request_row, "Paying takes too long.")
        DecisionFactory.create(
            request=request_row, rationale="Stores lose customers.", dissent="Finance: costs first."
        )
        ActionItemFactory.create(request=request_row, title="Ask for an offer")
        outcome = OutcomeFactory.create(
            commitment__request=request_row,
            commitment__hypothesis="Less waiting",
            announced_at=NOON + timedelta(1),
        )
        told = ObligationFactory.create(
            event__request=request_row, outcome=outcome, status="disputed", settled_at=NOON
        )
        words = FeedbackFactory.create(verbatim="Still slow at noon.")
        ReplyFactory.create(obligation=told, verdict="no", feedback=words)
        ObligationFactory.create(
            event__request=request_row,
            status="suppressed",
            reason="no_consent",
            settled_at=NOON,
        )

        page = mina_pages.get(URL).content.decode()

        for words_on_page in (
            "takes too long.",
            "Stores lose customers.",
            "Finance: costs first.",
            "Ask for an offer",
            "Less waiting",
            "Paying takes two taps now.",
            "disputed",
            "consent withdrawn",
            "Still slow at noon.",
        ):
            assert words_on_page in page

    def test_says_what_is_missing_of_a_new_request(
        self, mina_pages: Client, request_row: CustomerRequest
    ) -> None:
        page = mina_pages.get(URL).content.decode()

        for sentence in (
            "No words speak for this yet.",
            "Nobody has assessed it yet.",
            "The council has not decided about it yet.",
            "It has not been in a sprint.",
            "Nobody is owed an answer yet",
        ):
            assert sentence in page

    def test_hides_a_request_of_a_product_that_is_not_open_to_the_person(
        self, omar_pages: Client
    ) -> None:
        hidden = RequestFactory.create(product__is_open=False)

        assert omar_pages.get(f"/requests/{hidden.key}/").status_code == 404

    def test_costs_the_same_for_a_short_line_and_for_a_long_one(
        self, mina_pages: Client, request_row: CustomerRequest, queries: SameQueries
    ) -> None:
        self._lengthen(request_row, 1)
        mina_pages.get(URL)
        with queries() as few:
            mina_pages.get(URL)

        self._lengthen(request_row, 9)
        with queries() as many:
            response = mina_pages.get(URL)

        assert len(response.context["commitments"]) == 10
        assert len(many) == len(few)

    @staticmethod
    def _lengthen(row: CustomerRequest, count: int) -> None:
        for _each in range(count):
            _speak(row, "Paying takes too long.", AccountFactory.create())
            DecisionFactory.create(request=row, status="retired")
            ActionItemFactory.create(request=row)
            commitment = CommitmentFactory.create(request=row, committed_by=UserFactory.create())
            OutcomeFactory.create(
                commitment=commitment, announced_by=UserFactory.create(), announced_at=NOON
            )
            ReplyFactory.create(obligation__event__request=row, feedback=FeedbackFactory.create())
            _assess(row, MembershipFactory.create().user, 3)
