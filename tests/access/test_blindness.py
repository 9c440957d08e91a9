"""What departments said is hidden from whoever may assess and has not, on every face alike."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import (
    Assessment,
    CustomerRequest,
    DepartmentScore,
    RequestStatus,
    User,
)
from backlog.models.assessments import awaiting
from backlog.operations import assessments as assessment_operations
from backlog.operations import scoring_models
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, council, people


@pytest.fixture
def slow(db: None, sora: User) -> CustomerRequest:
    """A request that Sora has assessed for Sales."""
    model = scoring_models.install_preset(key="impact_feasibility", by=None, at=NOON)
    made: CustomerRequest = backlog.RequestFactory.create(product__scoring_model=model)
    people.MembershipFactory.create(user=sora, department__name="Sales")
    _assess(made, sora)
    return made


@pytest.fixture
def researcher(noor: User) -> User:
    """Noor, who speaks for Research."""
    people.MembershipFactory.create(user=noor, department__name="Research")
    return noor


@pytest.fixture
def browser(researcher: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(researcher, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _assess(request: CustomerRequest, by: User) -> None:
    assert request.product.scoring_model is not None
    criteria = request.product.scoring_model.criteria.all()
    answers = {
        criterion.key: assessment_operations.Answer(value=Decimal(4)) for criterion in criteria
    }
    assessment_operations.assess(request_id=request.pk, answers=answers, by=by, at=NOON)


def _values(user: User, request: CustomerRequest) -> tuple[int, int]:
    """How many assessments and department scores the person sees."""
    assessments = Assessment.objects.visible_to(user).filter(request=request)
    scores = DepartmentScore.objects.visible_to(user).filter(request=request)
    return assessments.count(), scores.count()


class TestTheRule:
    def test_hides_others_values_until_ones_own_are_given(
        self, slow: CustomerRequest, researcher: User
    ) -> None:
        assert _values(researcher, slow) == (0, 0)

        _assess(slow, researcher)

        assessments, scores = _values(researcher, slow)
        assert assessments == Assessment.objects.count()
        assert scores == DepartmentScore.objects.count() > 0

    def test_hides_them_until_one_has_spoken_to_every_criterion(
        self, slow: CustomerRequest, researcher: User
    ) -> None:
        """One value of several, given for form's sake, would show all that the others said."""
        _say(slow, researcher, 1, at=NOON)

        assert slow in awaiting(researcher)
        assert _values(researcher, slow) == (1, 0), "one's own"

    def test_shows_them_to_whoever_gave_theirs_or_has_none_to_give(
        self, slow: CustomerRequest, sora: User, omar: User, noor: User
    ) -> None:
        everything = (Assessment.objects.count(), DepartmentScore.objects.count())

        assert _values(sora, slow) == everything
        assert _values(omar, slow) == everything, "a viewer does not assess"
        assert _values(noor, slow) == everything, "who is in no department has no voice"

    def test_ends_when_it_cannot_be_assessed_any_more(
        self, slow: CustomerRequest, researcher: User
    ) -> None:
        assert slow in awaiting(researcher)

        CustomerRequest.objects.filter(pk=slow.pk).update(status=RequestStatus.VERIFIED)

        assert not awaiting(researcher).exists()

    def test_begins_again_with_another_model(self, slow: CustomerRequest, sora: User) -> None:
        slow.product.scoring_model = scoring_models.install_preset(key="rice", by=None, at=NOON)
        slow.product.save()

        assert slow in awaiting(sora)

    def test_shows_nothing_of_closed_products_not_even_ones_own(
        self, slow: CustomerRequest, sora: User
    ) -> None:
        slow.product.is_open = False
        slow.product.save()

        assert _values(sora, slow) == (0, 0)

    def test_takes_one_query(
        self, slow: CustomerRequest, researcher: User, queries: SameQueries
    ) -> None:
        researcher.has_perm("backlog.view_assessment")
        with queries() as made:
            list(DepartmentScore.objects.visible_to(researcher))

        assert len(made) == 2, "whether they have a voice, and the scores"


class TestEveryFace:
    """The same before and after for the API, the pages and the admin."""

    def test_of_the_api_explains_only_afterwards(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        explain = f"/api/v1/requests/{slow.key}/explain/"
        before = browser.get(explain)
        _assess(slow, researcher)

        assert (before.status_code, before.json()["code"]) == (403, "assess_first")
        assert browser.get(explain).status_code == 200

    def test_of_the_api_shows_what_was_frozen_without_the_voices_before(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        frozen = {"scores": {}, "explanation": [{"voices": {"1": {"middle": 4}}}]}
        row = council.DecisionFactory.create(request=slow, frozen=frozen)
        decision = f"/api/v1/decisions/{row.pk}/"
        before = browser.get(decision).json()["frozen"]
        _assess(slow, researcher)

        assert before == {"scores": {}}
        assert browser.get(decision).json()["frozen"] == frozen

    def test_of_the_pages_has_the_table_only_afterwards(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        page = reverse("council:request", args=[slow.key])
        before = browser.get(page).content.decode()
        _assess(slow, researcher)

        assert 'id="voices"' not in before
        assert 'id="voices"' in browser.get(page).content.decode()

    def test_of_the_admin_lists_scores_only_afterwards(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        page = reverse("admin:backlog_customerrequest_change", args=[slow.pk])
        before = _scores_listed(browser, page)
        _assess(slow, researcher)

        assert before == 0
        assert _scores_listed(browser, page) == DepartmentScore.objects.count()

    def test_of_the_admin_shows_what_was_frozen_only_afterwards(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        row = council.DecisionFactory.create(request=slow, frozen={"explanation": ["loud voice"]})
        page = reverse("admin:council_decision_change", args=[row.pk])
        before = browser.get(page).content.decode()
        _assess(slow, researcher)

        assert "loud voice" not in before
        assert "loud voice" in browser.get(page).content.decode()


def _scores_listed(browser: Client, page: str) -> int:
    inlines = browser.get(page).context["inline_admin_formsets"]
    [scores] = [each for each in inlines if each.opts.model is DepartmentScore]
    return len(scores.formset.get_queryset())


class TestChangeAfterReading:
    """Who has read the others can still move towards them; it is not hidden that they did."""

    def test_keeps_what_was_said_blind(self, slow: CustomerRequest, researcher: User) -> None:
        _assess(slow, researcher)
        for value in (2, 3):
            _say(slow, researcher, value, at=NOON + timedelta(hours=value))

        [changed] = Assessment.objects.filter(assessor=researcher, revised_at__isnull=False)
        assert (changed.value, changed.blind_value) == (Decimal(3), Decimal(4))
        assert changed.revised_at == NOON + timedelta(hours=3)

    def test_is_no_change_while_one_is_blind_or_says_the_same(
        self, slow: CustomerRequest, researcher: User
    ) -> None:
        for value in (1, 4):
            _say(slow, researcher, value, at=NOON)
        _assess(slow, researcher)
        _assess(slow, researcher)

        assert not Assessment.objects.filter(revised_at__isnull=False).exists()

    def test_is_shown_to_those_who_see_the_values(
        self, slow: CustomerRequest, researcher: User, browser: Client
    ) -> None:
        _assess(slow, researcher)
        _say(slow, researcher, 2, at=NOON)

        page = browser.get(reverse("council:request", args=[slow.key])).content.decode()
        own = browser.get(f"/api/v1/requests/{slow.key}/assessments/").json()["results"]
        line = browser.get(f"/api/v1/requests/{slow.key}/history/").json()
        last = [entry for entry in line if entry["kind"] == "request.assessed"][-1]

        assert "2 now, 4 before the others" in page
        assert [row["blind_value"] for row in own if row["revised_at"]] == ["4.0000"]
        assert last["detail"] == "changed after reading what the others said"
        assert len(last["data"]["revised"]) == 1


def _say(request: CustomerRequest, by: User, value: int, *, at: datetime) -> None:
    """One criterion of several."""
    assert request.product.scoring_model is not None
    criterion = request.product.scoring_model.criteria.order_by("pk")[0]
    answers = {criterion.key: assessment_operations.Answer(value=Decimal(value))}
    assessment_operations.assess(request_id=request.pk, answers=answers, by=by, at=at)
