"""Feedback on the desk: a request is opened from it."""

from django.test import Client

from backlog.models import (
    CustomerRequest,
    Feedback,
)
from tests.backlog.admin.pages import address, errors, messages, take
from tests.factories import backlog


class TestOpeningARequestFromFeedback:
    def test_makes_one_request_of_all_that_were_chosen(self, as_mina: Client) -> None:
        rows = backlog.FeedbackFactory.create_batch(2)
        product = backlog.ProductFactory.create()
        answers = {"product": product.pk, "title": "Pay faster", "problem": "It takes too long."}

        response = take(as_mina, Feedback, "open_request", *rows, **answers)

        request = CustomerRequest.objects.get()
        assert {it.feedback for it in request.evidence.all()} == set(rows)
        assert request.key in messages(response)[0]

    def test_is_refused_as_a_whole(self, as_mina: Client) -> None:
        rows = backlog.FeedbackFactory.create_batch(2)
        product = backlog.ProductFactory.create()
        answers = {"product": product.pk, "title": "Pay\x00faster", "problem": "Slow."}

        response = take(as_mina, Feedback, "open_request", *rows, **answers)

        assert errors(response)
        assert not CustomerRequest.objects.exists()

    def test_offers_only_products_one_may_see(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create()
        secret = backlog.ProductFactory.create(is_open=False)
        answers = {"product": secret.pk, "title": "Pay faster", "problem": "Slow."}

        response = take(as_mina, Feedback, "open_request", row, **answers)

        assert "product" in errors(response)
        assert not CustomerRequest.objects.exists()

    def test_begins_with_the_product_they_are_about(self, as_mina: Client) -> None:
        product = backlog.ProductFactory.create()
        row = backlog.FeedbackFactory.create(product=product)

        asked = as_mina.get(address(Feedback, "open_request", row.pk))

        assert asked.context["form"]["product"].value() == product.pk

    def test_leads_back_to_the_inbox(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create()
        product = backlog.ProductFactory.create()
        answers = {"product": product.pk, "title": "Pay faster", "problem": "It takes too long."}

        response = as_mina.post(address(Feedback, "open_request", row.pk), answers)

        assert response["Location"] == "/feedback/?linked=no"
