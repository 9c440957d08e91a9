from hypothesis import given
from hypothesis import strategies as st

from backlog.models import RequestStatus
from backlog.models.requests import ON_BOARD
from backlog.rules import statuses
from backlog.rules.statuses import Cause

STATUSES = st.sampled_from(RequestStatus.values)
CAUSES = st.sampled_from(Cause)

# The table of architecture.md: what happened, and from where to where it moves a request.
WAYS = {
    Cause.ASSESSMENT: {("new", "under_review")},
    Cause.DECISION: {
        (before, after)
        for before in ("new", "under_review", "approved", "deferred", "declined")
        for after in ("approved", "deferred", "declined", "under_review")
    },
    Cause.COMMITMENT: {("approved", "planned"), ("approved", "in_progress")},
    Cause.WITHDRAWAL: {("planned", "approved"), ("in_progress", "approved")},
    Cause.SPRINT_START: {("planned", "in_progress")},
    Cause.OUTCOME: {
        ("in_progress", "delivered"),
        ("in_progress", "approved"),
        ("delivered", "approved"),
        ("verified", "approved"),
    },
    Cause.CONFIRMATION: {("delivered", "verified")},
    Cause.DISPUTE: {("delivered", "under_review"), ("verified", "under_review")},
    Cause.OVERRIDE: {
        (before, after)
        for before in RequestStatus.values
        for after in RequestStatus.values
        if "merged" not in (before, after)
    },
}


def test_every_cause_leads_exactly_where_the_table_says() -> None:
    ways = {
        cause: {
            (before, after)
            for before in RequestStatus.values
            for after in RequestStatus.values
            if statuses.may_become(before, after, cause)
        }
        for cause in Cause
    }
    assert ways == WAYS


@given(status=STATUSES, cause=CAUSES)
def test_nothing_leads_to_or_from_a_merge(status: str, cause: Cause) -> None:
    assert not statuses.may_become("merged", status, cause)
    assert not statuses.may_become(status, "merged", cause)


@given(before=STATUSES, after=st.text(), cause=CAUSES)
def test_a_status_that_does_not_exist_is_never_reached(
    before: str, after: str, cause: Cause
) -> None:
    if after not in RequestStatus.values:
        assert not statuses.may_become(before, after, cause)


def test_every_status_is_living_or_merged() -> None:
    assert set(RequestStatus.values) == statuses.LIVING | {"merged"}


def test_what_is_on_the_board_wants_a_decision_or_work() -> None:
    assert set(ON_BOARD) == (statuses.UNDECIDED - {"declined"}) | {"planned", "in_progress"}
