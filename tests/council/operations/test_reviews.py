"""Reviews: somebody says what came of a decision, once, and what follows."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import Council, Decision, Prediction, Review
from council.operations import decisions, reviews
from council.operations.reviews import Came, Findings
from council.queries import reviews as review_queries
from council.queries import seals as seal_queries
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db

DUE = NOON + timedelta(days=60)
LATER = DUE + timedelta(days=1)


@pytest.fixture
def decision(council: Council, pay_faster: CustomerRequest) -> Decision:
    return make.DecisionFactory.create(
        council=council, request=pay_faster, review_on=DUE.date(), expected_effect="Fewer calls."
    )


@pytest.fixture
def figure(decision: Decision) -> Prediction:
    return make.PredictionFactory.create(decision=decision, due_on=DUE.date())


def found(came: dict[int, Came] | None = None, **facts: Any) -> Findings:
    findings = Findings("Half of the calls are gone.", "stands", came or {})
    return replace(findings, **facts)


def review(decision: Decision, findings: Findings, by: User, at: datetime = LATER) -> Review:
    return reviews.review_decision(
        decision_id=decision.pk,
        findings=findings,
        by=by,
        at=at,
    )


class TestReviewDecision:
    def test_answers_each_figure_and_lets_the_decision_stand(
        self, decision: Decision, figure: Prediction, sora: User
    ) -> None:
        said = review(decision, found({figure.pk: Came("hit", Decimal(24))}), sora)

        figure.refresh_from_db()
        decision.refresh_from_db()
        assert (figure.result, str(figure.actual)) == ("hit", "24.0000")
        assert (said.result, decision.status, decision.next_review_on) == (
            "hit",
            "reaffirmed",
            None,
        )
        event = Event.objects.get(kind="decision.reviewed")
        assert event.request == decision.request

    def test_said_twice_is_one_review(
        self, decision: Decision, figure: Prediction, sora: User
    ) -> None:
        findings = found({figure.pk: Came("missed")})

        assert review(decision, findings, sora) == review(decision, findings, sora)
        assert Event.objects.filter(kind="decision.reviewed").count() == 1

    def test_lets_the_council_decide_anew(self, decision: Decision, sora: User) -> None:
        review(decision, found(conclusion="decide_anew", result="missed"), sora)

        decision.refresh_from_db()
        assert (decision.status, decision.next_review_on) == ("review_due", LATER.date())
        assert not review_queries.waiting_for(sora, at=LATER).exists()

    def test_asks_of_the_words_where_there_are_no_figures(
        self, decision: Decision, sora: User
    ) -> None:
        with pytest.raises(Invalid):
            review(decision, found(), sora)

        assert review(decision, found(result="partly"), sora).result == "partly"

    def test_refuses_to_leave_out_a_figure_whose_day_has_come(
        self, decision: Decision, figure: Prediction, sora: User
    ) -> None:
        with pytest.raises(Invalid):
            review(decision, found(), sora)

        assert not Review.objects.exists()

    def test_comes_back_for_what_nobody_can_answer_yet(
        self, decision: Decision, figure: Prediction, sora: User
    ) -> None:
        review(decision, found(), sora, at=NOON + timedelta(days=10))

        decision.refresh_from_db()
        assert decision.next_review_on == figure.due_on

    def test_an_answer_is_for_good_unless_it_could_not_be_told(
        self, decision: Decision, figure: Prediction, sora: User
    ) -> None:
        review(decision, found({figure.pk: Came("unknown")}), sora)
        review(decision, found({figure.pk: Came("missed")}, words="Measured at last."), sora)

        with pytest.raises(Invalid):
            review(decision, found({figure.pk: Came("hit")}, words="No, look."), sora)

        figure.refresh_from_db()
        assert figure.result == "missed"

    def test_is_refused_to_strangers_and_open_to_the_owner_of_the_request(
        self, decision: Decision, noor: User
    ) -> None:
        with pytest.raises(errors.NotSeated):
            review(decision, found(result="hit"), noor)

        decision.request.owner = noor
        decision.request.save()
        assert review(decision, found(result="hit"), noor).reviewed_by == noor

    def test_is_refused_for_what_does_not_stand_any_more(
        self, decision: Decision, sora: User
    ) -> None:
        Decision.objects.update(status="superseded")

        with pytest.raises(errors.DecisionOver):
            review(decision, found(result="hit"), sora)

    @pytest.mark.parametrize(
        "facts",
        [
            {"words": " "},
            {"next_on": LATER.date()},
            {"conclusion": "decide_anew", "next_on": (LATER + timedelta(days=9)).date()},
            {"came": {0: Came("hit")}},
        ],
        ids=["no words", "a day that has passed", "anew and later", "a figure of another"],
    )
    def test_refuses_what_makes_no_sense(
        self, decision: Decision, sora: User, facts: dict[str, Any]
    ) -> None:
        with pytest.raises(Invalid):
            review(decision, found(result="hit", **facts), sora)

        assert not Review.objects.exists()

    def test_leaves_the_seal_whole(self, council: Council, pay_faster: CustomerRequest) -> None:
        sealed = decisions.record_decision(
            council_id=council.pk,
            request_id=pay_faster.pk,
            verdict="decline",
            rationale="Few asked.",
            by=council.secretary,
            at=NOON,
        )
        review(sealed, found(next_on=(LATER + timedelta(days=9)).date()), council.secretary)

        assert seal_queries.find_break(council) is None


class TestWaitingFor:
    def test_is_the_chair_the_secretary_and_the_owner_from_its_day_on(
        self, decision: Decision, sora: User
    ) -> None:
        assert not review_queries.waiting_for(sora, at=DUE - timedelta(days=2)).exists()
        assert list(review_queries.waiting_for(sora, at=DUE)) == [decision]

    def test_is_nobody_else(self, decision: Decision, noor: User) -> None:
        assert not review_queries.waiting_for(noor, at=DUE).exists()
