"""Telling other tools: owed with the event, one worker an endpoint, tried again, told again."""

from datetime import timedelta
from typing import Any

import pytest

from backlog import errors
from backlog.delivery import webhooks as webhook_delivery
from backlog.delivery.webhooks import Failure
from backlog.models import Endpoint, Event, WebhookDelivery
from backlog.operations import endpoints, webhook_deliveries
from backlog.queries import endpoints as endpoint_queries
from backlog.rules import webhooks
from tests.backlog.operations.events import happens
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
DOWN = Failure("503 Service Unavailable")
REFUSED = Failure("400 no such field", is_general=False)
GONE = Failure("410 Gone", is_general=False, is_final=True)
ARRIVED: dict[str, Any] = {"status": "delivered", "delivered_at": LATER}
RESTING: dict[str, Any] = {
    "failures": 1,
    "failing_since": NOON,
    "failure": DOWN.words,
    "rests_until": LATER,
}


def claimed(at: Any = NOON) -> webhook_deliveries.Claim:
    claim = webhook_deliveries.claim(by=None, at=at)
    assert claim is not None
    return claim


def tell(failure: Failure | None = None, *, at: Any = NOON) -> webhook_deliveries.Claim:
    """One worker tells the first that is due, and hands the endpoint back."""
    claim = claimed(at)
    webhook_deliveries.record(
        delivery_id=claim.deliveries[0].pk, claimed=claim, failure=failure, by=None, at=at
    )
    webhook_deliveries.give_back(claimed=claim, by=None, at=at)
    return claim


class TestClaim:
    def test_hands_an_endpoint_to_one_worker_until_its_lease_runs_out(self) -> None:
        make.EndpointFactory.create()
        happens()
        first = claimed()

        assert webhook_deliveries.claim(by=None, at=NOON) is None
        again = claimed(first.until)
        assert [each.pk for each in again.deliveries] == [each.pk for each in first.deliveries]

    def test_leaves_alone_who_failed_and_goes_on_with_the_others(self) -> None:
        down = make.EndpointFactory.create()
        happens()
        tell(DOWN)
        up = make.EndpointFactory.create()
        happens()

        assert claimed(NOON + timedelta(seconds=1)).endpoint == up
        assert claimed(NOON + timedelta(seconds=6)).endpoint == down

    def test_takes_turns_among_endpoints(self) -> None:
        make.EndpointFactory.create_batch(2)
        for _ in range(3):
            happens()

        first, second = claimed(), claimed()

        assert first.endpoint != second.endpoint
        assert len(first.deliveries) == len(second.deliveries) == 3

    def test_costs_the_same_for_one_delivery_and_for_many(self, queries: SameQueries) -> None:
        make.EndpointFactory.create()
        happens()
        with queries() as few:
            webhook_deliveries.give_back(claimed=claimed(), by=None, at=NOON)

        for _ in range(10):
            happens()
        with queries() as many:
            webhook_deliveries.give_back(claimed=claimed(), by=None, at=NOON)

        assert len(many) == len(few)


class TestRecord:
    def test_ends_what_arrived_and_forgives_earlier_failures(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        tell(DOWN)

        tell(at=LATER)

        endpoint.refresh_from_db()
        owed = WebhookDelivery.objects.get()
        assert (owed.status, owed.delivered_at, owed.failure) == ("delivered", LATER, "")
        assert (endpoint.failures, endpoint.rests_until) == (0, None)

    def test_keeps_when_it_arrived_where_that_is_said_again(self) -> None:
        """The database took it, and died before it said so."""
        delivery = make.WebhookDeliveryFactory.create()
        claim = claimed()

        for at in (NOON, LATER):
            webhook_deliveries.record(
                delivery_id=delivery.pk, claimed=claim, failure=None, by=None, at=at
            )

        delivery.refresh_from_db()
        assert delivery.delivered_at == NOON

    def test_tries_again_as_the_ladder_says_and_gives_up_at_its_end(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        at = NOON
        for wait in webhooks.LADDER:
            tell(REFUSED, at=at)
            assert webhook_deliveries.claim(by=None, at=at + wait - timedelta(seconds=1)) is None
            at += wait

        tell(REFUSED, at=at)

        owed = WebhookDelivery.objects.get()
        assert (owed.status, owed.attempts) == ("given_up", 10)
        endpoint.refresh_from_db()
        assert endpoint.rests_until is None

    def test_shows_on_the_endpoint_that_it_refuses_and_lets_it_work_on(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()

        tell(REFUSED)

        endpoint.refresh_from_db()
        assert (endpoint.failing_since, endpoint.failure) == (NOON, REFUSED.words)
        assert endpoint.rests_until is None
        happens()
        tell(at=LATER)
        endpoint.refresh_from_db()
        assert (endpoint.failing_since, endpoint.failure) == (None, "")

    def test_goes_on_with_the_next_where_only_one_was_refused(self) -> None:
        make.EndpointFactory.create()
        refused, fine = happens(), happens()

        assert tell(REFUSED).deliveries[0].event == refused
        assert tell().deliveries[0].event == fine

    def test_switches_off_who_says_that_it_is_gone(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()

        tell(GONE)

        endpoint.refresh_from_db()
        assert not endpoint.is_active
        assert Event.objects.filter(kind="endpoint.switched_off").exists()
        assert WebhookDelivery.objects.get().status == WebhookDelivery.Status.WAITING

    @pytest.mark.parametrize("failure", [DOWN, REFUSED])
    def test_switches_off_who_has_only_failed_for_days(self, failure: Failure) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        tell(failure)
        tell(failure, at=NOON + webhooks.GIVE_UP_AFTER - timedelta(seconds=1))
        endpoint.refresh_from_db()
        assert endpoint.is_active

        tell(failure, at=NOON + webhooks.GIVE_UP_AFTER + timedelta(days=2))

        endpoint.refresh_from_db()
        assert not endpoint.is_active

    def test_counts_the_days_from_the_last_success(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        happens()
        tell(REFUSED)
        tell(at=NOON + timedelta(days=1))

        tell(REFUSED, at=NOON + webhooks.GIVE_UP_AFTER)

        endpoint.refresh_from_db()
        assert endpoint.is_active
        assert endpoint.failing_since == NOON + webhooks.GIVE_UP_AFTER

    def test_switches_nobody_on_whom_a_person_has_switched_off_meanwhile(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        claim = claimed()
        endpoints.edit_endpoint(endpoint_id=endpoint.pk, is_active=False, by=None, at=NOON)

        goes_on = webhook_deliveries.record(
            delivery_id=claim.deliveries[0].pk, claimed=claim, failure=DOWN, by=None, at=LATER
        )

        endpoint.refresh_from_db()
        assert not endpoint.is_active
        assert not goes_on
        assert not Event.objects.filter(kind="endpoint.switched_off").exists()

    @pytest.mark.parametrize(
        ("failure", "goes_on"), [(None, True), (REFUSED, True), (DOWN, False), (GONE, False)]
    )
    def test_says_whether_the_next_may_be_told(
        self, failure: Failure | None, goes_on: bool
    ) -> None:
        make.EndpointFactory.create()
        happens()
        claim = claimed()

        said = webhook_deliveries.record(
            delivery_id=claim.deliveries[0].pk, claimed=claim, failure=failure, by=None, at=NOON
        )

        assert said is goes_on

    def test_says_nothing_where_the_lease_was_lost(self) -> None:
        make.EndpointFactory.create()
        happens()
        slow = claimed()
        quick = claimed(slow.until)
        [delivery] = quick.deliveries
        what: dict[str, Any] = {"delivery_id": delivery.pk, "failure": None, "at": LATER}

        assert webhook_deliveries.record(claimed=quick, **what, by=None)
        assert not webhook_deliveries.record(claimed=slow, **what, by=None)
        webhook_deliveries.give_back(claimed=slow, by=None, at=NOON)
        assert webhook_deliveries.record(claimed=quick, **what, by=None)

    def test_waits_as_long_as_the_endpoint_asks_for(self) -> None:
        """It said 429 with `Retry-After: 120`; the ladder says five seconds."""
        endpoint = make.EndpointFactory.create()
        happens()

        tell(Failure("429 Too Many Requests", wait=timedelta(seconds=120)))

        endpoint.refresh_from_db()
        assert endpoint.rests_until == NOON + timedelta(seconds=120)
        assert WebhookDelivery.objects.get().not_before == NOON + timedelta(seconds=120)


class TestSendTest:
    def test_goes_the_way_that_everything_takes_also_to_who_rests(self) -> None:
        endpoint = make.EndpointFactory.create()
        happens()
        tell(DOWN)

        sent = webhook_deliveries.send_test(endpoint_id=endpoint.pk, by=None, at=NOON)

        assert sent in claimed().deliveries
        assert sent.event.kind == webhook_deliveries.TEST

    def test_is_refused_to_who_is_switched_off(self) -> None:
        endpoint = make.EndpointFactory.create(is_active=False)

        with pytest.raises(errors.SwitchedOff):
            webhook_deliveries.send_test(endpoint_id=endpoint.pk, by=None, at=NOON)


class TestTellAgain:
    def test_keeps_the_id(self) -> None:
        make.EndpointFactory.create()
        happens()
        first = tell().deliveries[0]

        webhook_deliveries.retry_delivery(delivery_id=first.pk, by=None, at=LATER)

        [again] = claimed(LATER).deliveries
        assert webhook_delivery.webhook_id(again) == webhook_delivery.webhook_id(first)

    def test_is_refused_while_it_waits(self) -> None:
        with pytest.raises(errors.OnItsWay):
            webhook_deliveries.retry_delivery(
                delivery_id=make.WebhookDeliveryFactory.create().pk, by=None, at=NOON
            )

    def test_is_at_once_also_where_it_rests(self) -> None:
        endpoint = make.EndpointFactory.create(**RESTING)
        arrived = make.WebhookDeliveryFactory.create(endpoint=endpoint, **ARRIVED)

        webhook_deliveries.retry_delivery(delivery_id=arrived.pk, by=None, at=NOON)

        assert list(claimed(NOON).deliveries) == [arrived]

    def test_is_refused_where_it_is_switched_off(self) -> None:
        endpoint = make.EndpointFactory.create(is_active=False)
        arrived = make.WebhookDeliveryFactory.create(endpoint=endpoint, **ARRIVED)
        waiting = make.WebhookDeliveryFactory.create(endpoint=endpoint)

        for delivery in (arrived, waiting):
            with pytest.raises(errors.SwitchedOff):
                webhook_deliveries.retry_delivery(delivery_id=delivery.pk, by=None, at=LATER)

        arrived.refresh_from_db()
        assert arrived.status == "delivered"
        assert not Event.objects.filter(kind="webhook_delivery.retried").exists()

    def test_replays_at_once_also_where_it_rests(self) -> None:
        endpoint = make.EndpointFactory.create(**RESTING)
        arrived = make.WebhookDeliveryFactory.create(endpoint=endpoint, **ARRIVED)

        webhook_deliveries.replay(endpoint_id=endpoint.pk, since=NOON, by=None, at=NOON)

        assert list(claimed(NOON).deliveries) == [arrived]

    def test_replays_nothing_where_it_is_switched_off(self) -> None:
        endpoint = make.EndpointFactory.create(is_active=False)
        arrived = make.WebhookDeliveryFactory.create(endpoint=endpoint, **ARRIVED)

        with pytest.raises(errors.SwitchedOff):
            webhook_deliveries.replay(endpoint_id=endpoint.pk, since=NOON, by=None, at=LATER)

        arrived.refresh_from_db()
        assert arrived.status == "delivered"

    def test_replays_what_was_owed_since(self) -> None:
        endpoint = make.EndpointFactory.create()
        make.WebhookDeliveryFactory.create(
            endpoint=endpoint, owed_at=NOON - timedelta(days=2), **ARRIVED
        )
        recent = make.WebhookDeliveryFactory.create(endpoint=endpoint, **ARRIVED)

        count = webhook_deliveries.replay(
            endpoint_id=endpoint.pk, since=NOON - timedelta(days=1), by=None, at=LATER
        )

        assert count == 1
        assert list(claimed(LATER).deliveries) == [recent]

    def test_replays_nothing_that_waits_to_be_tried_again(self) -> None:
        waiting = make.WebhookDeliveryFactory.create(attempts=3, not_before=LATER)

        count = webhook_deliveries.replay(
            endpoint_id=waiting.endpoint.pk, since=NOON, by=None, at=NOON
        )

        waiting.refresh_from_db()
        assert (count, waiting.attempts, waiting.not_before) == (0, 3, LATER)


class TestSecret:
    def test_is_stored_nowhere(self) -> None:
        endpoint = make.EndpointFactory.create()

        key = endpoint_queries.secret_of(endpoint).removeprefix(webhooks.PREFIX)

        assert key not in str(Endpoint.objects.values())

    def test_signs_with_the_old_one_too_for_a_day(self) -> None:
        endpoint = make.EndpointFactory.create()
        [old] = endpoint_queries.keys_of(endpoint, at=NOON)

        endpoint = endpoints.rotate_secret(endpoint_id=endpoint.pk, by=None, at=NOON)

        new, still = endpoint_queries.keys_of(endpoint, at=NOON)
        assert still == old != new
        assert endpoint_queries.keys_of(endpoint, at=NOON + endpoints.OVERLAP) == [new]
        assert Event.objects.get().kind == "endpoint.secret_rotated"
