"""Evidence on the desk: words are linked to requests, and taken off."""

from django.test import Client

from backlog.models import (
    Evidence,
    Feedback,
)
from tests.backlog.admin.pages import address, errors, take
from tests.factories import backlog


class TestLinking:
    def test_shows_all_that_was_said(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create(verbatim="Paying " * 40 + "takes long.")

        asked = as_mina.get(address(Feedback, "link_to_request", row.pk)).content.decode()

        assert row.verbatim in asked

    def test_ties_the_part_that_was_selected(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create(verbatim="Hello.\nPaying takes\ntoo long. Bye.")
        request = backlog.RequestFactory.create()
        answers = {"request": request.pk, "importance": 3, "excerpt": "Paying takes\r\ntoo long."}

        as_mina.post(address(Feedback, "link_to_request", row.pk), answers)

        assert Evidence.objects.get().excerpt == "Paying takes\ntoo long."

    def test_refuses_words_that_were_not_said(self, as_mina: Client) -> None:
        row, request = backlog.FeedbackFactory.create(), backlog.RequestFactory.create()
        answers = {"request": request.pk, "importance": 3, "excerpt": "Never"}

        response = as_mina.post(address(Feedback, "link_to_request", row.pk), answers)

        assert "excerpt" in errors(response)
        assert not Evidence.objects.exists()

    def test_ties_words_to_a_request_and_unties_them(self, as_mina: Client) -> None:
        row, request = backlog.FeedbackFactory.create(), backlog.RequestFactory.create()

        take(as_mina, Feedback, "link_to_request", row, request=request.pk, importance=3)
        evidence = Evidence.objects.get()
        take(as_mina, Evidence, "unlink", evidence, reason="about something else")

        evidence.refresh_from_db()
        assert (evidence.request, evidence.importance) == (request, 3)
        assert evidence.unlinked_at is not None

    def test_takes_words_out_of_the_inbox(self, as_mina: Client) -> None:
        linked = backlog.EvidenceFactory.create().feedback
        waiting = backlog.FeedbackFactory.create()

        inbox = as_mina.get(address(Feedback, "changelist"), {"linked": "no"})
        taken = as_mina.get(address(Feedback, "changelist"), {"linked": "yes"})

        assert list(inbox.context["cl"].result_list) == [waiting]
        assert list(taken.context["cl"].result_list) == [linked]
