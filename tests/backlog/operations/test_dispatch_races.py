"""Workers that share endpoints and limits, and colleagues who write the same in one moment.

Each was seen to fail with its guard removed.
"""

from functools import partial

import pytest

from backlog.delivery.webhooks import Failure
from backlog.models import Endpoint, MailDomain, StatusUpdate
from backlog.operations import endpoints, mail_domains, status_updates, webhook_deliveries
from backlog.queries import mail_domains as mail_domain_queries
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 12
WORKERS = 6


def test_one_worker_at_a_time_tells_an_endpoint() -> None:
    endpoint = make.EndpointFactory.create()
    make.WebhookDeliveryFactory.create_batch(3, endpoint=endpoint)
    for _ in range(ROUNDS):
        taken = list[webhook_deliveries.Claim | None]()

        def take(taken: list[webhook_deliveries.Claim | None] = taken) -> None:
            taken.append(webhook_deliveries.claim(by=None, at=NOON))

        assert at_once([take] * WORKERS) == []

        [claimed] = filter(None, taken)
        webhook_deliveries.give_back(claimed=claimed, by=None, at=NOON)
    assert Endpoint.objects.count() == 1


def test_an_endpoint_that_is_switched_off_at_a_failure_stays_so() -> None:
    for _ in range(ROUNDS):
        endpoint = make.EndpointFactory.create()
        delivery = make.WebhookDeliveryFactory.create(endpoint=endpoint)
        claimed = webhook_deliveries.claim(by=None, at=NOON)
        assert claimed is not None
        record = partial(
            webhook_deliveries.record,
            delivery_id=delivery.pk,
            claimed=claimed,
            failure=Failure("503"),
        )
        switch_off = partial(endpoints.edit_endpoint, endpoint_id=endpoint.pk, is_active=False)

        assert at_once(partial(each, by=None, at=NOON) for each in (record, switch_off)) == []

        endpoint.refresh_from_db()
        assert not endpoint.is_active


def test_workers_keep_to_a_limit_together() -> None:
    limits = mail_domain_queries.Limits(domain=12)  # Two in ten seconds.
    due = [mail_domains.Due(number, "a.example") for number in range(5)]
    MailDomain.objects.create(channel=mail_domain_queries.EMAIL, domain="a.example")
    for _ in range(ROUNDS):
        MailDomain.objects.update(free_at=None)
        admitted = list[int]()

        def admit(admitted: list[int] = admitted) -> None:
            admitted.extend(mail_domains.admit(due, by=None, at=NOON, limits=limits).notice_ids)

        assert at_once([admit] * WORKERS) == []

        assert len(admitted) == 2


def test_who_says_where_it_stands_at_once_says_it_once() -> None:
    for _ in range(ROUNDS):
        request = make.RequestFactory.create(status="under_review")
        make.EvidenceFactory.create(request=request)
        write = partial(
            status_updates.tell_where_it_stands,
            request_id=request.pk,
            words={"en": "Soon."},
            by=None,
            at=NOON,
        )

        assert at_once([write] * WORKERS) == []

        assert StatusUpdate.objects.filter(request=request).count() == 1
