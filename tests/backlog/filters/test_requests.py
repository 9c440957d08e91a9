"""By what requests are narrowed: themselves, and whoever asks for them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from backlog.filters import narrowing
from backlog.filters.requests import RequestFilter
from backlog.models import CustomerRequest, User
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CommitmentFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    RequestFactory,
    SourceFactory,
)
from tests.factories.people import DepartmentFactory, MembershipFactory


@pytest.fixture(params=[5_000, 1], ids=["read", "looked up"], autouse=True)
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways find the same."""
    monkeypatch.setattr(narrowing, "WINDOW", request.param)
    monkeypatch.setattr(narrowing, "SMALL_WINDOW", request.param)


def _found(user: User, **wanted: Any) -> set[CustomerRequest]:
    given = {name: str(value) for name, value in wanted.items()}
    rows = CustomerRequest.objects.order_by("rank", "pk")
    asks: Any = SimpleNamespace(user=user)
    filterset: Any = RequestFilter(given, queryset=rows, request=asks)
    assert filterset.is_valid(), filterset.errors
    return set(narrowing.first(filterset.qs, 50))


def _asked(**said: Any) -> CustomerRequest:
    """A request that such words ask for."""
    evidence = EvidenceFactory.create(feedback=FeedbackFactory.create(**said))
    return evidence.request


class TestWhoAsks:
    @pytest.fixture(autouse=True)
    def others(self, db: None) -> None:
        RequestFactory.create()
        _asked()

    def test_by_account_and_segment(self, mina: User) -> None:
        account = AccountFactory.create(segment="retail")
        asked = _asked(account=account)

        assert _found(mina, account=account.pk) == {asked}
        assert _found(mina, segment="retail") == {asked}
        assert _found(mina, segment="wholesale") == set()

    def test_by_source(self, mina: User) -> None:
        source = SourceFactory.create(key="survey-9")
        asked = _asked(source=source)

        assert _found(mina, source="survey-9") == _found(mina, source=source.pk) == {asked}

    def test_by_relation_and_journey_stage(self, mina: User) -> None:
        asked = _asked(relation="other_use", journey_stage="buy")
        stage = asked.evidence.get().feedback.journey_stage

        assert _found(mina, relation="other_use") == {asked}
        assert _found(mina, journey_stage=stage) == {asked}

    def test_words_that_were_taken_off_ask_for_nothing(self, mina: User) -> None:
        source = SourceFactory.create(key="survey-9")
        _asked(source=source).evidence.update(unlinked_at=NOON)

        assert _found(mina, source="survey-9") == set()

    def test_by_how_long_somebody_waits(self, mina: User) -> None:
        said_at = timezone.now() - timedelta(days=40)
        asked = _asked(customer=CustomerFactory.create(), said_at=said_at)

        assert asked in _found(mina, silence=30)
        assert asked not in _found(mina, silence=50)

    def test_accounts_are_not_asked_for_by_who_may_not_see_them(self, omar: User) -> None:
        offered = RequestFilter.offered(omar)

        assert {"account", "segment", "customer"}.isdisjoint(offered)
        assert {"source", "relation", "journey_stage", "silence"} <= set(offered)


class TestItself:
    def test_by_the_department_of_its_owner(self, mina: User) -> None:
        department = DepartmentFactory.create()
        MembershipFactory.create(user=mina, department=department)
        owned = RequestFactory.create(owner=mina)
        RequestFactory.create()

        assert _found(mina, department=department.pk) == {owned}

    def test_by_the_sprint_that_it_is_in(self, mina: User) -> None:
        live, gone = CommitmentFactory.create(), CommitmentFactory.create(withdrawn_at=NOON)

        assert _found(mina, sprint=live.sprint_id) == {live.request}
        assert _found(mina, sprint=gone.sprint_id) == set()

    @pytest.mark.parametrize("score", ["impact", "feasibility", "priority"])
    def test_by_the_range_of_a_score(self, mina: User, score: str) -> None:
        low, high = (RequestFactory.create(**{score: value}) for value in (20, 80))
        RequestFactory.create()

        assert _found(mina, **{f"{score}_min": 50}) == {high}
        assert _found(mina, **{f"{score}_max": 50}) == {low}

    @pytest.mark.parametrize("wrong", ["0", "-1", "x", "999999"])
    def test_no_silence_is_that_long(self, mina: User, wrong: str) -> None:
        rows = CustomerRequest.objects.all()
        asks: Any = SimpleNamespace(user=mina)
        filterset = RequestFilter({"silence": wrong}, queryset=rows, request=asks)

        assert "silence" in filterset.errors
