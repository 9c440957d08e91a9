"""Workers that share endpoints and limits, and colleagues who write the same in one moment.

Each was seen to fail with its guard removed.
"""

from functools import partial

import pytest

from backlog.models import Endpoint, Lane, News
from backlog.operations import deliveries, lanes, news
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 12
WORKERS = 6


def test_one_worker_at_a_time_tells_an_endpoint() -> None:
    endpoint = make.EndpointFactory.create()
    make.DeliveryFactory.create_batch(3, endpoint=endpoint)
    for _ in range(ROUNDS):
        taken = list[deliveries.Claim | None]()

        def take(taken: list[deliveries.Claim | None] = taken) -> None:
            taken.append(deliveries.claim(at=NOON))

        assert at_once([take] * WORKERS) == []

        [claimed] = filter(None, taken)
        deliveries.give_back(claimed=claimed)
    assert Endpoint.objects.count() == 1


def test_workers_keep_to_a_limit_together() -> None:
    limits = lanes.Limits(domain=12)  # Two in ten seconds.
    due = [lanes.Due(number, "a.example") for number in range(5)]
    Lane.objects.create(channel=lanes.EMAIL, domain="a.example")
    for _ in range(ROUNDS):
        Lane.objects.update(free_at=None)
        admitted = list[int]()

        def admit(admitted: list[int] = admitted) -> None:
            admitted.extend(lanes.admit(due, at=NOON, limits=limits).notice_ids)

        assert at_once([admit] * WORKERS) == []

        assert len(admitted) == 2


def test_who_says_where_it_stands_at_once_says_it_once() -> None:
    for _ in range(ROUNDS):
        request = make.RequestFactory.create(status="under_review")
        make.EvidenceFactory.create(request=request)
        write = partial(
            news.tell_where_it_stands,
            request_id=request.pk,
            words={"en": "Soon."},
            by=None,
            at=NOON,
        )

        assert at_once([write] * WORKERS) == []

        assert News.objects.filter(request=request).count() == 1
