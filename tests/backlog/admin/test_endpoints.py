"""Endpoints in the admin: what they are told again, and where that would be in vain."""

import pytest
from django.test import Client

from backlog.models import Endpoint, WebhookDelivery
from tests.backlog.admin.pages import address, errors, kinds
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


def arrived(*, is_active: bool) -> WebhookDelivery:
    endpoint = make.EndpointFactory.create(is_active=is_active)
    return make.WebhookDeliveryFactory.create(
        endpoint=endpoint, status="delivered", delivered_at=NOON
    )


class TestTellAgain:
    @pytest.mark.parametrize("is_active", [True, False])
    def test_is_offered_where_the_endpoint_is_told(self, is_active: bool, as_ada: Client) -> None:
        delivery = arrived(is_active=is_active)

        for model, step, pk in (
            (WebhookDelivery, "retry", delivery.pk),
            (Endpoint, "replay", delivery.endpoint_id),
        ):
            page = as_ada.get(address(model, "change", pk)).content.decode()
            assert (address(model, step, pk) in page) is is_active

    def test_is_refused_in_words_where_it_is_switched_off(self, as_ada: Client) -> None:
        delivery = arrived(is_active=False)

        response = as_ada.post(address(WebhookDelivery, "retry", delivery.pk), {"_answered": "1"})

        assert "switched off" in errors(response)["__all__"][0]
        delivery.refresh_from_db()
        assert delivery.status == "delivered"
        assert "webhook_delivery.retried" not in kinds()
