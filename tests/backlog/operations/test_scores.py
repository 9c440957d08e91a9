from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backlog import errors
from backlog.models import (
    Assessment,
    Criterion,
    CustomerRequest,
    Department,
    DepartmentScore,
    ScoringModel,
    User,
)
from backlog.operations import assessments, drift, products, scores, scoring_models
from backlog.operations.assessments import Answer
from backlog.queries import score_explanations
from backlog.scoring import presets
from tests.backlog.operations import events
from tests.backlog.operations.boards import make_board
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, RequestFactory
from tests.factories.people import DepartmentFactory, MembershipFactory

LATER = NOON + timedelta(hours=1)
KEYS = [each.criterion.key for each in presets.DEFAULT.criteria]


@pytest.fixture
def pay_faster(db: None) -> CustomerRequest:
    model = scoring_models.default_model(by=None, at=NOON)
    return RequestFactory.create(product__scoring_model=model, title="Pay faster")


@pytest.fixture
def sales(noor: User) -> Department:
    """Noor's department."""
    return MembershipFactory.create(user=noor, department__name="Sales").department


def all_of(value: float, confidence: str = "high") -> dict[str, Answer]:
    return {key: Answer(value=Decimal(str(value)), confidence=confidence) for key in KEYS}


def assess(request: CustomerRequest, by: User, **answers: Any) -> CustomerRequest:
    given = {key: Answer(value=Decimal(str(value))) for key, value in answers.items()}
    return assessments.assess(request_id=request.pk, answers=given, by=by, at=NOON)


class TestInstallPreset:
    @pytest.mark.parametrize("key", sorted(presets.PRESETS))
    def test_makes_a_model_that_can_be_scored_with(self, key: str, noor: User) -> None:
        MembershipFactory.create(user=noor)
        model = scoring_models.install_preset(key=key, by=noor, at=NOON)
        request = RequestFactory.create(product__scoring_model=model)
        answers = {each.key: each.scale_high for each in model.criteria.all()}

        row = assess(request, noor, **answers)

        assert [each.key for each in model.criteria.order_by("position")] == [
            each.criterion.key for each in presets.PRESETS[key].criteria
        ]
        assert row.priority is not None
        assert row.scored_with == model

    def test_makes_it_once_and_the_first_the_default(self, ada: User) -> None:
        rice, again, ice = (
            scoring_models.install_preset(key=key, by=ada, at=NOON)
            for key in ("rice", "rice", "ice")
        )
        assert rice == again
        assert list(ScoringModel.objects.filter(is_default=True)) == [rice]
        assert Criterion.objects.filter(model=rice).count() == 4
        assert scoring_models.default_model(by=ada, at=NOON) == rice
        assert ice.version == 1
        assert events.kinds() == ["scoring_model.added"] * 2

    def test_refuses_a_name_that_is_no_preset(self, ada: User) -> None:
        with pytest.raises(errors.Invalid, match="rice") as refused:
            scoring_models.install_preset(key="dice", by=ada, at=NOON)
        assert refused.value.field == "key"


class TestAssess:
    def test_gives_the_department_its_voice_and_the_request_its_scores(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        row = assessments.assess(request_id=pay_faster.pk, answers=all_of(5), by=noor, at=NOON)

        row = CustomerRequest.objects.get(pk=row.pk)
        # Effort and risk at their highest are the worst, the other four the best.
        assert (row.impact_low, row.impact, row.impact_high) == (100, 100, 100)
        assert row.feasibility == pytest.approx(100 / 3)
        assert row.priority == pytest.approx((100 * 100 / 3) ** 0.5)
        assert (row.scored_at, row.scored_with) == (NOON, row.product.scoring_model)
        assert (row.contested, row.is_score_stale) == (0, False)
        voices = DepartmentScore.objects.filter(request=row, department=sales)
        assert {(each.low, each.middle, each.high) for each in voices} == {(5, 5, 5)}
        assert voices.count() == 6
        first = Assessment.objects.select_related("department")[0]
        assert (first.assessor, first.department, first.assessed_at) == (noor, sales, NOON)

    def test_puts_a_new_request_under_review_and_leaves_others(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        assess(pay_faster, noor, reach=3)
        assert events.kinds()[-2:] == ["request.assessed", "request.status_changed"]

        CustomerRequest.objects.update(status="approved")
        row = assess(pay_faster, noor, reach=4)

        assert row.status == "approved"
        event = events.last()
        assert (event.kind, event.actor) == ("request.assessed", noor)
        assert event.data == {"department": sales.pk, "criteria": ["reach"]}

    def test_can_be_changed_criterion_by_criterion(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        assess(pay_faster, noor, reach=1, effort=1)
        assess(pay_faster, noor, reach=5)
        values = Assessment.objects.values_list("criterion__key", "value")
        assert dict(values) == {"reach": 5, "effort": 1}
        assert DepartmentScore.objects.count() == 2

    def test_takes_the_middle_of_a_department(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        for value in (1, 2, 5):
            member = MembershipFactory.create(department=sales).user
            assessments.assess(request_id=pay_faster.pk, answers=all_of(value), by=member, at=NOON)
        assert {voice.middle for voice in DepartmentScore.objects.all()} == {2}

    def test_is_widened_by_seated_departments_that_are_silent(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        DepartmentFactory.create(is_seated=True)
        row = assessments.assess(request_id=pay_faster.pk, answers=all_of(5), by=noor, at=NOON)
        assert (row.impact_low, row.impact, row.impact_high) == (50, 100, 100)

    def test_hears_everybody_before_there_is_a_council_and_only_seats_after(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        Department.objects.update(is_seated=False)
        other = MembershipFactory.create(department__is_seated=False)
        assessments.assess(request_id=pay_faster.pk, answers=all_of(5), by=noor, at=NOON)
        before = assessments.assess(
            request_id=pay_faster.pk, answers=all_of(1), by=other.user, at=NOON
        )
        Department.objects.filter(pk=sales.pk).update(is_seated=True)
        after = scores.rescore(request_id=pay_faster.pk, by=None, at=NOON)

        assert (before.impact, before.contested) == (50, 100)
        assert (after.impact, after.contested) == (100, 0)

    def test_needs_a_department(self, pay_faster: CustomerRequest, omar: User) -> None:
        with pytest.raises(errors.NoDepartment):
            assess(pay_faster, omar, reach=3)

    @pytest.mark.parametrize("status", ["merged", "verified"])
    def test_refuses_a_request_that_is_past_it(
        self, status: str, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        facts: dict[str, Any] = {"merged": {"merged_into": pay_faster, "rank": None}}.get(
            status, {}
        )
        row = RequestFactory.create(status=status, product=pay_faster.product, **facts)
        with pytest.raises(errors.NotAssessable, match=row.key):
            assess(row, noor, reach=3)

    def test_refuses_a_product_without_a_model(self, noor: User, sales: Department) -> None:
        row = RequestFactory.create(product__scoring_model=None)
        with pytest.raises(errors.NotAssessable):
            assess(row, noor, reach=3)

    @pytest.mark.parametrize(
        ("key", "answer", "code"),
        [
            ("beauty", Answer(value=Decimal(3)), "unknown_criterion"),
            ("reach", Answer(value=Decimal("0.99")), "off_the_scale"),
            ("reach", Answer(value=Decimal("5.01")), "off_the_scale"),
            ("reach", Answer(value=Decimal("NaN")), "off_the_scale"),
            ("reach", Answer(value=Decimal("Infinity")), "off_the_scale"),
            ("reach", Answer(value=Decimal(3), confidence="blind"), "invalid"),
            ("reach", Answer(value=Decimal(3), note="\x00"), "unstorable_text"),
        ],
        ids=str,
    )
    def test_takes_all_answers_or_none(
        self,
        key: str,
        answer: Answer,
        code: str,
        pay_faster: CustomerRequest,
        noor: User,
        sales: Department,
    ) -> None:
        answers = {"effort": Answer(value=Decimal(3)), key: answer}
        before = events.kinds()
        with pytest.raises(errors.Invalid) as refused:
            assessments.assess(request_id=pay_faster.pk, answers=answers, by=noor, at=NOON)
        assert (refused.value.field, refused.value.code) == (key, code)
        assert (Assessment.objects.count(), events.kinds()) == (0, before)

    def test_refuses_no_answer_at_all(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            assess(pay_faster, noor)
        pay_faster.refresh_from_db()
        assert (refused.value.field, pay_faster.status) == ("answers", "new")


class TestRescore:
    def test_changes_neither_version_nor_ledger(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        assess(pay_faster, noor, reach=3)
        recorded = events.kinds()
        before = CustomerRequest.objects.get(pk=pay_faster.pk)
        row = scores.rescore(request_id=pay_faster.pk, by=None, at=LATER)
        assert (row.scored_at, row.version, row.priority) == (
            LATER,
            before.version,
            before.priority,
        )
        assert events.kinds() == recorded

    def test_depends_on_nothing_but_the_request(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        alone = assess(pay_faster, noor, reach=3, effort=2).priority
        other = RequestFactory.create(product=pay_faster.product)
        assessments.assess(request_id=other.pk, answers=all_of(5), by=noor, at=NOON)
        assert scores.rescore(request_id=pay_faster.pk, by=None, at=LATER).priority == alone

    def test_forgets_voices_of_a_model_that_is_not_used_any_more(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        assess(pay_faster, noor, reach=3)
        rice = scoring_models.install_preset(key="rice", by=noor, at=NOON)
        products.use_model(product_id=pay_faster.product_id, scoring_model=rice, by=noor, at=NOON)
        row = scores.rescore(request_id=pay_faster.pk, by=None, at=LATER)
        assert (row.scored_with, row.priority) == (rice, None)
        assert not DepartmentScore.objects.exists()

    def test_has_nothing_to_do_without_a_model(self, db: None) -> None:
        row = RequestFactory.create(product__scoring_model=None, is_score_stale=True)
        row = scores.rescore(request_id=row.pk, by=None, at=NOON)
        assert (row.scored_at, row.is_score_stale) == (None, False)

    def test_costs_the_same_for_one_assessor_and_for_many(
        self,
        pay_faster: CustomerRequest,
        noor: User,
        sales: Department,
        queries: SameQueries,
    ) -> None:
        assessments.assess(request_id=pay_faster.pk, answers=all_of(3), by=noor, at=NOON)
        with queries() as few:
            scores.rescore(request_id=pay_faster.pk, by=None, at=NOON)
        for membership in MembershipFactory.create_batch(4):
            assessments.assess(
                request_id=pay_faster.pk, answers=all_of(4), by=membership.user, at=NOON
            )
        with queries() as many:
            scores.rescore(request_id=pay_faster.pk, by=None, at=NOON)
        assert len(many) == len(few) <= 10


class TestScoreStale:
    def test_works_through_what_waits_a_part_at_a_time(self, pay_faster: CustomerRequest) -> None:
        fresh = RequestFactory.create(product=pay_faster.product)
        stale = RequestFactory.create_batch(3, product=pay_faster.product, is_score_stale=True)
        last = RequestFactory.create(product__scoring_model=None, is_score_stale=True)

        assert scores.score_stale(limit=3, by=None, at=NOON) == stale[-1].pk
        assert scores.score_stale(limit=3, after=stale[-1].pk, by=None, at=NOON) == last.pk
        assert scores.score_stale(limit=3, after=last.pk, by=None, at=NOON) is None
        fresh.refresh_from_db()
        assert fresh.scored_at is None
        assert CustomerRequest.objects.filter(scored_at=NOON).count() == 3


class TestExplain:
    def test_is_the_score_that_is_stored(
        self, pay_faster: CustomerRequest, noor: User, sales: Department
    ) -> None:
        silent = DepartmentFactory.create(is_seated=True)
        row = assessments.assess(request_id=pay_faster.pk, answers=all_of(4), by=noor, at=NOON)

        explained = score_explanations.explain(row)

        assert explained is not None
        assert explained.scores.priority.middle == row.priority
        assert [part.criterion.key for part in explained.parts] == KEYS
        assert [wanted.department for wanted in explained.wanted] == [silent.pk]

    def test_is_nothing_without_a_model(self, db: None) -> None:
        assert (
            score_explanations.explain(RequestFactory.create(product__scoring_model=None)) is None
        )


class TestRefreshDrift:
    def test_compares_rank_and_priority(self, db: None) -> None:
        board = make_board(3)
        product = board[0].product
        for row, priority in zip(board, (10, 80, None), strict=True):
            CustomerRequest.objects.filter(pk=row.pk).update(priority=priority, scored_at=NOON)

        assert drift.refresh_drift(product_id=product.pk, by=None, at=NOON) == 2

        drifts = CustomerRequest.objects.order_by("rank").values_list("drift", flat=True)
        assert list(drifts) == [-70, 70, None]

    @pytest.mark.parametrize(
        ("changes", "is_due"),
        [
            ({}, False),
            ({"scored_at": LATER}, True),
            ({"status": "delivered", "status_changed_at": LATER}, True),
        ],
    )
    def test_looks_again_only_when_something_moved(
        self, changes: dict[str, Any], is_due: bool, db: None
    ) -> None:
        board = make_board(2)
        product = board[0].product
        CustomerRequest.objects.update(priority=50, scored_at=NOON)
        drift.refresh_drift(product_id=product.pk, by=None, at=NOON)
        CustomerRequest.objects.filter(pk=board[0].pk).update(priority=90, **changes)

        drift.refresh_drift(product_id=product.pk, by=None, at=LATER)

        product.refresh_from_db()
        assert (product.drift_at == LATER) is is_due

    def test_looks_again_when_the_board_was_reordered(self, db: None) -> None:
        product = ProductFactory.create(drift_at=NOON, drift_version=1, board_version=2)
        drift.refresh_drift(product_id=product.pk, by=None, at=LATER)
        product.refresh_from_db()
        assert (product.drift_at, product.drift_version) == (LATER, 2)


def test_a_person_who_changed_departments_speaks_for_the_new_one(
    pay_faster: CustomerRequest, sales: Department, noor: User
) -> None:
    assess(pay_faster, noor, reach=3)
    noor.memberships.update(ends_on=NOON.date())
    service = MembershipFactory.create(user=noor).department
    assess(pay_faster, noor, reach=4)
    assert Assessment.objects.get().department == service
