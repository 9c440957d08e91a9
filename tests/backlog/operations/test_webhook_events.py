"""Which endpoints are owed which events."""

import pytest
from django.db import transaction

from backlog.models import WebhookDelivery
from tests.backlog.operations.events import happens
from tests.conftest import SameQueries
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


class TestOwe:
    def test_writes_down_who_must_be_told(self) -> None:
        everything, decisions = (
            make.EndpointFactory.create(),
            make.EndpointFactory.create(kinds=["decision.recorded"]),
        )

        event = happens()

        owed = WebhookDelivery.objects.get()
        assert (owed.endpoint, owed.event, owed.status) == (everything, event, "waiting")
        assert not decisions.deliveries.exists()

    def test_forgets_it_where_the_event_is_undone(self) -> None:
        make.EndpointFactory.create()

        with transaction.atomic():
            happens()
            transaction.set_rollback(True)

        assert not WebhookDelivery.objects.exists()

    def test_tells_an_endpoint_of_one_product_of_no_other(self) -> None:
        endpoint = make.EndpointFactory.create(product=make.ProductFactory.create())

        happens()
        event = happens(product=endpoint.product)

        assert [owed.event for owed in WebhookDelivery.objects.all()] == [event]

    def test_keeps_a_closed_product_from_all_but_its_own(self) -> None:
        closed = make.ProductFactory.create(is_open=False)
        make.EndpointFactory.create()
        own = make.EndpointFactory.create(product=closed)

        happens(product=closed)

        assert [owed.endpoint for owed in WebhookDelivery.objects.all()] == [own]

    def test_tells_nothing_to_who_is_switched_off_nor_of_what_nobody_can_ask_for(self) -> None:
        make.EndpointFactory.create(is_active=False)
        make.EndpointFactory.create()

        happens("request.moved")

        assert not WebhookDelivery.objects.exists()

    def test_costs_the_same_for_one_endpoint_and_for_many(self, queries: SameQueries) -> None:
        make.EndpointFactory.create()
        with queries() as few:
            happens()

        make.EndpointFactory.create_batch(10)
        with queries() as many:
            happens()

        assert len(many) == len(few)
