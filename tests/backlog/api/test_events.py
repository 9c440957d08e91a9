from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from tests.factories import backlog

LIST = "/api/v1/events/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("request=PAY-1", True),
        ("request=PAY-2", False),
        ("subject=outcome:7", True),
        ("subject=outcome:8", False),
        ("subject=outcome", False),
        ("subject=outcome:99999999999999999999999", False),
        ("kind=outcome.recorded", True),
        ("kind=outcome", False),
        ("actor=mina@example.com", True),
        ("after=2026-03-02T12:00:00Z&before=2026-03-03T00:00:00Z", True),
        ("before=2026-03-02T12:00:00Z", False),
    ],
)
def test_the_ledger_is_narrowed_by_filters(
    query: str, found: bool, api: APIClient, mina: User
) -> None:
    backlog.EventFactory.create(
        request=backlog.RequestFactory.create(key="PAY-1"),
        subject_type="outcome",
        subject_id=7,
        actor=mina,
    )

    assert bool(api.get(f"{LIST}?{query}").data["results"]) is found


def test_the_ledger_is_for_reading(ada: User, acting: Callable[[User], APIClient]) -> None:
    event = backlog.EventFactory.create()

    assert acting(ada).post(LIST, {}).status_code == 405
    assert acting(ada).patch(f"{LIST}{event.pk}/", {}).status_code == 405
    assert acting(ada).delete(f"{LIST}{event.pk}/").status_code == 405


def test_the_ledger_hides_what_happened_to_what_the_caller_may_not_see(
    omar: User, acting: Callable[[User], APIClient]
) -> None:
    backlog.EventFactory.create(request=backlog.RequestFactory.create(product__is_open=False))

    assert acting(omar).get(LIST).data["results"] == []
