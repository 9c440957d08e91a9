"""Customers' pages behind signed links."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from backlog import tasks
from backlog.delivery import links, message_items, rendering
from backlog.models import (
    Commitment,
    ContactPoint,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Notice,
    Obligation,
    Outcome,
    Reply,
)
from backlog.pages import base
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    ContactPointFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    NoticeFactory,
    NoticeItemFactory,
    ObligationFactory,
    OutcomeFactory,
    RequestFactory,
)

WORDS = "Paying takes forever."


@pytest.fixture
def notice(db: None) -> Notice:
    """Kim, who reads English, was told of one outcome of what she asked for."""
    kim = CustomerFactory.create(name="Kim", language="en")
    point = ContactPointFactory.create(customer=kim, address="kim@example.org")
    notice = NoticeFactory.create(
        customer=kim, contact_point=point, status="sent", sent_at=NOON, language="en"
    )
    _tell(notice, RequestFactory.create(status="delivered"), words=WORDS)
    return notice


def _tell(notice: Notice, request: CustomerRequest, *, words: str) -> Obligation:
    feedback = FeedbackFactory.create(customer=notice.customer, verbatim=words)
    EvidenceFactory.create(request=request, feedback=feedback, end=len(words))
    obligation = ObligationFactory.create(
        customer=notice.customer,
        event__request=request,
        outcome=OutcomeFactory.create(commitment__request=request),
        status="told",
        settled_at=NOON,
    )
    NoticeItemFactory.create(notice=notice, obligation=obligation)
    return obligation


def _path(url: str) -> str:
    return url.removeprefix("http://testserver")


def _answer_path(notice: Notice) -> str:
    return _path(links.answer_url(notice))


def _unsubscribe_path(notice: Notice) -> str:
    return _path(links.unsubscribe_url(notice))


class TestHeard:
    def test_reads_the_words_back_and_tells_what_became_of_them(
        self, client: Client, notice: Notice
    ) -> None:
        page = client.get(_answer_path(notice)).content.decode()

        assert WORDS in page
        assert "Paying takes two taps now." in page
        assert "Did this solve it?" in page

    def test_does_not_call_a_pilot_done(self, client: Client, notice: Notice) -> None:
        Commitment.objects.update(is_pilot=True)

        page = client.get(_answer_path(notice)).content.decode()

        assert "It is being tried out." in page
        assert "not everybody has it yet" in page
        assert "Would you tell us what you think?" in page
        assert "It is done." not in page

    def test_names_no_day_of_what_was_taken_back(self, client: Client, notice: Notice) -> None:
        assert "Since 2 March 2026" in client.get(_answer_path(notice)).content.decode()
        Outcome.objects.update(result="rolled_back", shipped_where="App 5.2")

        page = client.get(_answer_path(notice)).content.decode()

        assert "We had to take it back." in page
        assert "Since" not in page

    @pytest.mark.parametrize("result", Outcome.Result.values)
    def test_asks_what_the_letter_asks(self, client: Client, notice: Notice, result: str) -> None:
        """Under “We had to take it back” it asked whether this solved it."""
        facts: dict[str, Any] = {
            "partly": {"missing": {"en": "iPads"}},
            "not_delivered": {"shipped_at": None},
        }
        Outcome.objects.update(result=result, **facts.get(result, {}))
        told = message_items.items_of_each([notice])[notice.pk]
        with translation.override("en"):
            asked = rendering.question(told)

        page = client.get(_answer_path(notice)).content.decode()

        assert page.count(asked) == 1
        assert ("Did this solve it?" in page) == (asked == "Did this solve it?")

    @pytest.mark.parametrize(
        ("result", "answer"), [("delivered", "No"), ("rolled_back", "I still need it")]
    )
    def test_shows_an_answer_in_the_words_in_which_it_was_chosen(
        self, client: Client, notice: Notice, result: str, answer: str
    ) -> None:
        Outcome.objects.update(result=result)
        obligation = Obligation.objects.get()
        client.post(_answer_path(notice), {"obligation": obligation.pk, "verdict": "no"})

        page = client.get(_answer_path(notice)).content.decode()

        assert f"<strong>{answer}</strong>" in page
        assert "App 5.2" not in page

    def test_speaks_the_customers_language_whatever_the_browser_asks_for(
        self, client: Client, notice: Notice
    ) -> None:
        customer = notice.customer
        assert customer is not None
        customer.language = "ko"
        customer.save()

        page = client.get(_answer_path(notice), headers={"accept-language": "en"}).content.decode()

        assert '<html lang="ko">' in page
        assert "이제 두 번만 누르면 결제됩니다." in page

    def test_shows_only_the_customers_own_words(self, client: Client, notice: Notice) -> None:
        request = CustomerRequest.objects.get()
        other = FeedbackFactory.create(verbatim="Somebody else's secret")
        EvidenceFactory.create(request=request, feedback=other, end=10)

        page = client.get(_answer_path(notice)).content.decode()

        assert "Somebody else" not in page
        assert request.title not in page

    def test_escapes_what_the_customer_wrote(self, client: Client, notice: Notice) -> None:
        words = "<script>alert(1)</script>"
        _tell(notice, RequestFactory.create(), words=words)

        page = client.get(_answer_path(notice)).content.decode()

        assert "<script" not in page
        assert "&lt;script&gt;" in page

    def test_writes_nothing_on_a_get_and_sets_no_cookie(
        self, client: Client, notice: Notice
    ) -> None:
        response = client.get(_answer_path(notice))

        assert not response.cookies
        assert not Event.objects.filter(kind="reply.received").exists()
        assert Obligation.objects.get().status == "told"

    def test_may_run_no_script_and_is_not_indexed_cached_framed_or_referred_to(
        self, client: Client, notice: Notice
    ) -> None:
        headers = client.get(_answer_path(notice)).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in headers["Cache-Control"]

    def test_costs_the_same_for_one_thing_told_and_for_many(
        self, client: Client, notice: Notice, queries: SameQueries
    ) -> None:
        with queries() as few:
            client.get(_answer_path(notice))

        for _each in range(8):
            _tell(notice, RequestFactory.create(), words=WORDS)
        with queries() as many:
            response = client.get(_answer_path(notice))

        assert len(response.context["told"]) == 9
        assert len(many) == len(few)

    def test_leaves_out_what_a_later_message_tells(self, client: Client, notice: Notice) -> None:
        earlier = _tell(notice, RequestFactory.create(), words="Older words")
        later = Obligation.objects.exclude(pk=earlier.pk).get()
        Obligation.objects.filter(pk=earlier.pk).update(status="superseded", superseded_by=later)

        assert "Older words" not in client.get(_answer_path(notice)).content.decode()


class TestAnswering:
    def test_takes_the_answer_and_says_thank_you(self, client: Client, notice: Notice) -> None:
        obligation = Obligation.objects.get()

        page = client.post(
            _answer_path(notice),
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

        client.post(_answer_path(notice), answer | {"satisfaction": chosen})

        assert Reply.objects.get().satisfaction == kept

    @pytest.mark.parametrize("forged", ["0", "6", "x"])
    def test_takes_no_satisfaction_off_the_scale(
        self, client: Client, notice: Notice, forged: str
    ) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "yes"}

        response = client.post(_answer_path(notice), answer | {"satisfaction": forged})

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

        assert client.get(_answer_path(notice), answer).status_code == 200
        assert not Reply.objects.exists()

    def test_has_what_may_follow_delivered_at_once(
        self,
        client: Client,
        notice: Notice,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        obligation = Obligation.objects.get()
        with django_capture_on_commit_callbacks() as callbacks:
            client.post(_answer_path(notice), {"obligation": obligation.pk, "verdict": "no"})

        assert tasks.nudge in callbacks

    def test_needs_no_cookie(self, notice: Notice) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "yes"}

        assert client.post(_answer_path(notice), answer).status_code == 302

    def test_asks_again_when_nothing_was_chosen_and_keeps_the_words(
        self, client: Client, notice: Notice
    ) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "words": "Half a story"}

        response = client.post(_answer_path(notice), answer)

        assert response.status_code == 422
        page = response.content.decode()
        assert "Please choose one of the three answers." in page
        assert "Half a story" in page
        assert not Reply.objects.exists()

    def test_refuses_words_that_cannot_be_stored(self, client: Client, notice: Notice) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "no", "words": "a\x00b"}

        assert client.post(_answer_path(notice), answer).status_code == 422
        assert not Feedback.objects.filter(verbatim__startswith="a").exists()

    def test_answers_only_for_what_this_message_told(self, client: Client, notice: Notice) -> None:
        other = ObligationFactory.create(status="told", settled_at=NOON)

        response = client.post(_answer_path(notice), {"obligation": other.pk, "verdict": "yes"})

        assert response.status_code == 404
        assert not Reply.objects.exists()

    def test_can_be_given_again(self, client: Client, notice: Notice) -> None:
        answer = {"obligation": Obligation.objects.get().pk, "verdict": "no"}
        client.post(_answer_path(notice), answer)

        client.post(_answer_path(notice), {**answer, "verdict": "yes"})

        assert list(Reply.objects.order_by("pk").values_list("verdict", flat=True)) == ["no", "yes"]
        assert "Answer again" in client.get(_answer_path(notice)).content.decode()


class TestLinks:
    def test_does_not_open_when_it_was_tampered_with(self, client: Client, notice: Notice) -> None:
        path = _answer_path(notice)

        response = client.get(path[:-3] + "AA/", headers={"accept-language": "en"})

        assert response.status_code == 404
        assert "This link does not open." in response.content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]

    def test_is_gone_after_its_time(
        self, client: Client, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = _answer_path(notice)
        later = timezone.now() + links.ANSWER_LASTS + timedelta(days=1)
        monkeypatch.setattr("django.core.signing.time.time", later.timestamp)

        response = client.get(path, headers={"accept-language": "en"})

        assert response.status_code == 410
        assert "This link has expired." in response.content.decode()

    def test_is_good_for_one_purpose(self, client: Client, notice: Notice) -> None:
        token = _unsubscribe_path(notice).split("/")[2]

        assert client.get(f"/heard/{token}/").status_code == 404

    def test_opens_nothing_of_an_erased_person(self, client: Client, notice: Notice) -> None:
        customer = notice.customer
        assert customer is not None
        customer.name, customer.erased_at = "", NOON
        customer.save()

        assert client.get(_answer_path(notice)).status_code == 404


class TestTooManyAnswers:
    @pytest.fixture(autouse=True)
    def quiet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody has answered yet, and the clock of the limit stands still."""
        cache.clear()
        monkeypatch.setattr("backlog.pages.base.timezone.now", lambda: NOON)

    def test_through_one_link_have_to_wait(self, client: Client, notice: Notice) -> None:
        path, typed = _answer_path(notice), {"verdict": "yes"}
        statuses = {client.post(path, typed).status_code for _ in range(base.PER_LINK.times)}

        refused = client.post(path, typed, headers={"accept-language": "en"})

        assert statuses == {422}
        assert refused.status_code == 429
        assert refused["Retry-After"] == "600"
        assert "Please wait a little." in refused.content.decode()
        assert "default-src 'none'" in refused["Content-Security-Policy"]

    def test_hold_up_neither_reading_nor_other_links(self, client: Client, notice: Notice) -> None:
        for _ in range(base.PER_LINK.times + 1):
            client.post(_answer_path(notice), {"verdict": "yes"})

        assert client.get(_answer_path(notice)).status_code == 200
        assert client.post(_unsubscribe_path(notice)).status_code == 200


class TestHowOften:
    def test_is_chosen_without_unsubscribing(self, client: Client, notice: Notice) -> None:
        response = client.post(_unsubscribe_path(notice), {"rhythm": "weekly"})

        assert "we keep to that" in response.content.decode()
        assert Customer.objects.get(notices=notice).rhythm == "weekly"
        assert ContactPoint.objects.get().state == "usable"

    def test_shows_what_was_chosen(self, client: Client, notice: Notice) -> None:
        client.post(_unsubscribe_path(notice), {"rhythm": "daily"})

        page = client.get(_unsubscribe_path(notice)).content.decode()

        assert 'value="daily" required checked' in page


class TestUnsubscribe:
    def test_asks_first_and_changes_nothing(self, client: Client, notice: Notice) -> None:
        page = client.get(_unsubscribe_path(notice)).content.decode()

        assert "k•••@example.org" in page
        assert ContactPoint.objects.get().state == "usable"

    def test_takes_the_address_off_at_a_button(self, client: Client, notice: Notice) -> None:
        response = client.post(_unsubscribe_path(notice))

        assert response.status_code == 200
        assert ContactPoint.objects.get().state == "unsubscribed"

    def test_takes_one_click_from_a_mail_program(self, notice: Notice) -> None:
        mail_program = Client(enforce_csrf_checks=True)

        response = mail_program.post(
            _unsubscribe_path(notice),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )

        assert response.status_code == 200
        assert ContactPoint.objects.get().state == "unsubscribed"

    def test_says_so_when_it_is_done_already(self, client: Client, notice: Notice) -> None:
        client.post(_unsubscribe_path(notice))

        page = client.get(_unsubscribe_path(notice)).content.decode()

        assert "You will not get these e-mails any more." in page
        assert "<form" not in page

    def test_works_when_the_address_is_gone(self, client: Client, notice: Notice) -> None:
        ContactPoint.objects.all().delete()

        assert client.post(_unsubscribe_path(notice)).status_code == 200


def test_quotes_the_words_as_they_were_said(client: Client, notice: Notice) -> None:
    Evidence.objects.update(start=0, end=6)

    assert "Paying takes forever." in client.get(_answer_path(notice)).content.decode()
