"""After any history, merging and un-merging leaves every row, and nobody forgotten."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog import errors
from backlog.models import (
    Customer,
    CustomerRequest,
    Outcome,
)
from backlog.operations import (
    consents,
    contact_points,
)
from tests.backlog.operations.merging import (
    LATER,
    announce,
    ask,
    deliver,
    dispatch,
    integrity_faults,
    merge,
    rows,
    unmerge,
)
from tests.backlog.operations.notices import asker
from tests.factories.backlog import (
    AccountFactory,
    ProductFactory,
    RequestFactory,
)

ACTS = st.lists(
    st.tuples(st.sampled_from("ssoadmuxb"), st.integers(0, 3), st.integers(0, 3)), max_size=14
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=ACTS, pair=st.permutations(range(4)))
@pytest.mark.django_db
def test_merging_and_unmerging_leaves_every_row(
    history: list[tuple[str, int, int]], pair: list[int]
) -> None:
    """After any history: asked, delivered, announced, sent, merged, un-merged, unsubscribed."""
    with transaction.atomic():
        account = AccountFactory.create()
        product = ProductFactory.create()
        four = [asker(account=account) for _number in range(4)]
        two = [RequestFactory.create(product=product) for _number in range(2)]
        heard: set[tuple[str, int]] = set()
        for minute, (act, first, second) in enumerate(history):
            at = LATER + timedelta(minutes=minute)
            _do(act, four[first], four[second], two[second % 2], heard, at)
            assert not integrity_faults(), (act, first, second)
        was, at = rows(), LATER + timedelta(hours=1)
        try:
            merge(four[pair[0]], four[pair[1]], at=at)
        except errors.CustomerMerged:
            assert rows() == was
        else:
            if rows() != was:
                unmerge(four[pair[0]], at=at)
            assert rows() == was
        dispatch(at, heard)
        assert not integrity_faults()
        transaction.set_rollback(True)


def _do(
    act: str,
    one: Customer,
    other: Customer,
    request: CustomerRequest,
    heard: set[tuple[str, int]],
    at: datetime,
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "s": partial(ask, one, request, at),
        "o": partial(deliver, request, at),
        "a": partial(_announce_all, at),
        "d": partial(dispatch, at, heard),
        "m": partial(merge, one, other, at=at),
        "u": partial(unmerge, one, at=at),
        "x": partial(consents.withdraw_consent, customer_id=one.pk, purpose="loop", by=None, at=at),
        "b": partial(
            contact_points.unsubscribe,
            contact_point_id=one.contact_points.get().pk,
            by=None,
            at=at,
        ),
    }
    with suppress(errors.Refusal), transaction.atomic():
        acts[act]()


def _announce_all(at: datetime) -> None:
    for outcome in Outcome.objects.filter(announcement__announced_at=None):
        announce(outcome, at)
