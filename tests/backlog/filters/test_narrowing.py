"""What a list is narrowed to through another noun: the same rows whichever way they are found."""

from typing import Any

import pytest

from backlog.filters import narrowing
from backlog.filters.filtersets import LoopFilter, ObligationFilter
from backlog.filters.narrowing import Count, Through
from backlog.models import Event, Obligation
from tests.factories import NOON, people
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["first rows", "index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of one row sends everything to the index."""
    if request.param == "index":
        monkeypatch.setattr(narrowing, "SMALL_WINDOW", 1)
        monkeypatch.setattr(narrowing, "WINDOW", 1)


@pytest.fixture
def asked() -> dict[str, dict[str, Any]]:
    """What the ledger can be narrowed to, by what: each meets some of these rows, and not all."""
    department = people.DepartmentFactory.create()
    owner = people.UserFactory.create()
    people.MembershipFactory.create(user=owner, department=department)
    people.MembershipFactory.create(user=owner, ends_on=NOON.date())
    for segment in ("large", "small", "large"):
        account = make.AccountFactory.create(segment=segment)
        make.ObligationFactory.create(account=account, event__kind="request.opened")
    outcome = make.OutcomeFactory.create(result="delivered")
    update = make.StatusUpdateFactory.create(kind="planned")
    request = make.RequestFactory.create(owner=owner)
    for told in ({"announcement": outcome.announcement}, {"announcement": update.announcement}):
        make.ObligationFactory.create_batch(2, event__request=request, **told)
    return {
        "event": {"event": "request.opened"},
        "outcome": {"occasion": "delivered"},
        "status update": {"occasion": "planned"},
        "department": {"department": department.pk},
        "segment": {"segment": "large"},
    }


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("by", ["event", "outcome", "status update", "department", "segment"])
def test_the_ledger_shows_what_its_figures_count(by: str, asked: dict[str, dict[str, Any]]) -> None:
    everything = Obligation.objects.order_by("-pk")

    listed = narrowing.first(ObligationFilter(asked[by], queryset=everything).qs, 50)
    counted = LoopFilter(asked[by], queryset=everything).qs

    assert 0 < len(listed) < everything.count()
    assert [row.pk for row in listed] == [row.pk for row in counted]


@pytest.mark.usefixtures("way")
def test_two_narrowings_are_both_met(asked: dict[str, dict[str, Any]]) -> None:
    make.ObligationFactory.create(
        account=make.AccountFactory.create(segment="large"), event__kind="outcome.recorded"
    )
    rows = ObligationFilter(
        asked["event"] | asked["segment"], queryset=Obligation.objects.order_by("-pk")
    ).qs

    assert len(narrowing.first(rows, 50)) == 2
    assert narrowing.count(rows) == Count(2, is_exact=True)
    assert narrowing.count(rows, 1) == Count(1, is_exact=False)


def test_what_is_rare_is_looked_up_by_the_key() -> None:
    rare = Through("event", Event.objects.filter(kind="no.such"))

    plan = str(Obligation.objects.filter(rare.looked_up()).query)

    assert "EXISTS" not in plan
    assert '"backlog_obligation"."event_id"' in plan
