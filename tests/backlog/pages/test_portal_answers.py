"""A customer answers whether it is solved."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from backlog import tasks
from backlog.models import (
    Feedback,
    Notice,
    Obligation,
    Reply,
)
from backlog.pages import base
from tests.backlog.pages.portal import answer_path, unsubscribe_path
from tests.factories import NOON
from tests.factories.backlog import (
    ObligationFactory,
)


class TestAnswering:
    def test_takes_the_answer_and_says_thank_you(self, client: Client, notice: Notice) -> None:
        obligation = Obligation.objects.get()

        page = client.post(
            answer_path(notice),
            {"obligation": obligation.pk, "verdict": "no", "words": "Still slow at noon."},
            follow=True,
        )

        reply = Reply.objects.select_related("feedback").get()
        assert reply.verdict == "no"
        assert reply.feedback is not None
        assert reply.feedback.verbatim == "Still slow at noon."
        assert page.redirect_chain[0][1] == 302
        content = page.content.decode()
        assert "Thank you." in content
        assert "Still slow at noon." in content

    @pytest.mark.parametrize(("chosen", "kept"), [("4", 4), ("", None)])
    def test_takes_a_satisfaction_or_none(
        self, client: Client, notice: Notice, chosen: str, kept: int | None
    ) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "yes"}

        client.post(answer_path(notice), answer | {"satisfaction": chosen})

        assert Reply.objects.get().satisfaction == kept

    @pytest.mark.parametrize("forged", ["0", "6", "x"])
    def test_takes_no_satisfaction_off_the_scale(
        self, client: Client, notice: Notice, forged: str
    ) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "yes"}

        response = client.post(answer_path(notice), answer | {"satisfaction": forged})

        assert response.status_code == 422
        assert not Reply.objects.exists()

    def test_does_not_take_a_satisfaction_from_a_link_alone(
        self, client: Client, notice: Notice
    ) -> None:
        answer: dict[str, Any] = {
            "obligation": Obligation.objects.get().pk,
            "verdict": "yes",
            "satisfaction": "5",
        }

        assert client.get(answer_path(notice), answer).status_code == 200
        assert not Reply.objects.exists()

    def test_has_what_may_follow_delivered_at_once(
        self,
        client: Client,
        notice: Notice,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        obligation = Obligation.objects.get()
        with django_capture_on_commit_callbacks() as callbacks:
            client.post(answer_path(notice), {"obligation": obligation.pk, "verdict": "no"})

        assert tasks.nudge in callbacks

    def test_needs_no_cookie(self, notice: Notice) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "yes"}

        assert client.post(answer_path(notice), answer).status_code == 302

    def test_asks_again_when_nothing_was_chosen_and_keeps_the_words(
        self, client: Client, notice: Notice
    ) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "words": "Half a story"}

        response = client.post(answer_path(notice), answer)

        assert response.status_code == 422
        page = response.content.decode()
        assert "Please choose one of the three answers." in page
        assert "Half a story" in page
        assert not Reply.objects.exists()

    def test_refuses_words_that_cannot_be_stored(self, client: Client, notice: Notice) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "no", "words": "a\x00b"}

        assert client.post(answer_path(notice), answer).status_code == 422
        assert not Feedback.objects.filter(verbatim__startswith="a").exists()

    def test_answers_only_for_what_this_message_told(self, client: Client, notice: Notice) -> None:
        other = ObligationFactory.create(status="told", settled_at=NOON)

        response = client.post(answer_path(notice), {"obligation": other.pk, "verdict": "yes"})

        assert response.status_code == 404
        assert not Reply.objects.exists()

    def test_can_be_given_again(self, client: Client, notice: Notice) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "no"}
        client.post(answer_path(notice), answer)

        client.post(answer_path(notice), {**answer, "verdict": "yes"})

        assert list(Reply.objects.order_by("pk").values_list("verdict", flat=True)) == ["no", "yes"]
        assert "Answer again" in client.get(answer_path(notice)).content.decode()


class TestTooManyAnswers:
    @pytest.fixture(autouse=True)
    def quiet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody has answered yet, and the clock of the limit stands still."""
        cache.clear()
        monkeypatch.setattr("backlog.pages.base.timezone.now", lambda: NOON)

    def test_through_one_link_have_to_wait(self, client: Client, notice: Notice) -> None:
        path, typed = answer_path(notice), {"verdict": "yes"}
        statuses = {client.post(path, typed).status_code for _ in range(base.PER_LINK.times)}

        refused = client.post(path, typed, headers={"accept-language": "en"})

        assert statuses == {422}
        assert refused.status_code == 429
        assert refused["Retry-After"] == "600"
        assert "Please wait a little." in refused.content.decode()
        assert "default-src 'none'" in refused["Content-Security-Policy"]

    def test_hold_up_neither_reading_nor_other_links(self, client: Client, notice: Notice) -> None:
        for _ in range(base.PER_LINK.times + 1):
            client.post(answer_path(notice), {"verdict": "yes"})

        assert client.get(answer_path(notice)).status_code == 200
        assert client.post(unsubscribe_path(notice)).status_code == 200
