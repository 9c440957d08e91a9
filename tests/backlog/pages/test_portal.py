"""Customers' pages behind signed links."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from backlog.delivery import links, message_items, rendering
from backlog.models import (
    Commitment,
    ContactPoint,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Notice,
    Obligation,
    Outcome,
)
from tests.backlog.pages.portal import WORDS, answer_path, tell, unsubscribe_path
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    EvidenceFactory,
    FeedbackFactory,
    RequestFactory,
)


class TestHeard:
    def test_reads_the_words_back_and_tells_what_became_of_them(
        self, client: Client, notice: Notice
    ) -> None:
        page = client.get(answer_path(notice)).content.decode()

        assert WORDS in page
        assert "Paying takes two taps now." in page
        assert "Did this solve it?" in page

    def test_does_not_call_a_pilot_done(self, client: Client, notice: Notice) -> None:
        Commitment.objects.update(is_pilot=True)

        page = client.get(answer_path(notice)).content.decode()

        assert "It is being tried out." in page
        assert "not everybody has it yet" in page
        assert "Would you tell us what you think?" in page
        assert "It is done." not in page

    def test_names_no_day_of_what_was_taken_back(self, client: Client, notice: Notice) -> None:
        assert "Since 2 March 2026" in client.get(answer_path(notice)).content.decode()
        Outcome.objects.update(result="rolled_back", shipped_where="App 5.2")

        page = client.get(answer_path(notice)).content.decode()

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

        page = client.get(answer_path(notice)).content.decode()

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
        client.post(answer_path(notice), {"obligation": obligation.pk, "verdict": "no"})

        page = client.get(answer_path(notice)).content.decode()

        assert f"<strong>{answer}</strong>" in page
        assert "App 5.2" not in page

    def test_speaks_the_customers_language_whatever_the_browser_asks_for(
        self, client: Client, notice: Notice
    ) -> None:
        customer = notice.customer
        assert customer is not None
        customer.language = "ko"
        customer.save()

        page = client.get(answer_path(notice), headers={"accept-language": "en"}).content.decode()

        assert '<html lang="ko">' in page
        assert "이제 두 번만 누르면 결제됩니다." in page

    def test_shows_only_the_customers_own_words(self, client: Client, notice: Notice) -> None:
        request = CustomerRequest.objects.get()
        other = FeedbackFactory.create(verbatim="Somebody else's secret")
        EvidenceFactory.create(request=request, feedback=other, end=10)

        page = client.get(answer_path(notice)).content.decode()

        assert "Somebody else" not in page
        assert request.title not in page

    def test_escapes_what_the_customer_wrote(self, client: Client, notice: Notice) -> None:
        words = "<script>alert(1)</script>"
        tell(notice, RequestFactory.create(), words=words)

        page = client.get(answer_path(notice)).content.decode()

        assert "<script" not in page
        assert "&lt;script&gt;" in page

    def test_writes_nothing_on_a_get_and_sets_no_cookie(
        self, client: Client, notice: Notice
    ) -> None:
        response = client.get(answer_path(notice))

        assert not response.cookies
        assert not Event.objects.filter(kind="reply.received").exists()
        assert Obligation.objects.get().status == "told"

    def test_may_run_no_script_and_is_not_indexed_cached_framed_or_referred_to(
        self, client: Client, notice: Notice
    ) -> None:
        headers = client.get(answer_path(notice)).headers

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
            client.get(answer_path(notice))

        for _each in range(8):
            tell(notice, RequestFactory.create(), words=WORDS)
        with queries() as many:
            response = client.get(answer_path(notice))

        assert len(response.context["told"]) == 9
        assert len(many) == len(few)

    def test_leaves_out_what_a_later_message_tells(self, client: Client, notice: Notice) -> None:
        earlier = tell(notice, RequestFactory.create(), words="Older words")
        later = Obligation.objects.exclude(pk=earlier.pk).get()
        Obligation.objects.filter(pk=earlier.pk).update(status="superseded", superseded_by=later)

        assert "Older words" not in client.get(answer_path(notice)).content.decode()


class TestLinks:
    def test_does_not_open_when_it_was_tampered_with(self, client: Client, notice: Notice) -> None:
        path = answer_path(notice)

        response = client.get(path[:-3] + "AA/", headers={"accept-language": "en"})

        assert response.status_code == 404
        assert "This link does not open." in response.content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]

    def test_is_gone_after_its_time(
        self, client: Client, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = answer_path(notice)
        later = timezone.now() + links.ANSWER_LASTS + timedelta(days=1)
        monkeypatch.setattr("django.core.signing.time.time", later.timestamp)

        response = client.get(path, headers={"accept-language": "en"})

        assert response.status_code == 410
        assert "This link has expired." in response.content.decode()

    def test_is_good_for_one_purpose(self, client: Client, notice: Notice) -> None:
        token = unsubscribe_path(notice).split("/")[2]

        assert client.get(f"/heard/{token}/").status_code == 404

    def test_opens_nothing_of_an_erased_person(self, client: Client, notice: Notice) -> None:
        customer = notice.customer
        assert customer is not None
        customer.name, customer.erased_at = "", NOON
        customer.save()

        assert client.get(answer_path(notice)).status_code == 404


class TestHowOften:
    def test_is_chosen_without_unsubscribing(self, client: Client, notice: Notice) -> None:
        response = client.post(unsubscribe_path(notice), {"rhythm": "weekly"})

        assert "we keep to that" in response.content.decode()
        assert Customer.objects.get(notices=notice).rhythm == "weekly"
        assert ContactPoint.objects.get().state == "usable"

    def test_shows_what_was_chosen(self, client: Client, notice: Notice) -> None:
        client.post(unsubscribe_path(notice), {"rhythm": "daily"})

        page = client.get(unsubscribe_path(notice)).content.decode()

        assert 'value="daily" required checked' in page


class TestUnsubscribe:
    def test_asks_first_and_changes_nothing(self, client: Client, notice: Notice) -> None:
        page = client.get(unsubscribe_path(notice)).content.decode()

        assert "k•••@example.org" in page
        assert ContactPoint.objects.get().state == "usable"

    def test_takes_the_address_off_at_a_button(self, client: Client, notice: Notice) -> None:
        response = client.post(unsubscribe_path(notice))

        assert response.status_code == 200
        assert ContactPoint.objects.get().state == "unsubscribed"

    def test_takes_one_click_from_a_mail_program(self, notice: Notice) -> None:
        mail_program = Client(enforce_csrf_checks=True)

        response = mail_program.post(
            unsubscribe_path(notice),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )

        assert response.status_code == 200
        assert ContactPoint.objects.get().state == "unsubscribed"

    def test_says_so_when_it_is_done_already(self, client: Client, notice: Notice) -> None:
        client.post(unsubscribe_path(notice))

        page = client.get(unsubscribe_path(notice)).content.decode()

        assert "You will not get these e-mails any more." in page
        assert "<form" not in page

    def test_works_when_the_address_is_gone(self, client: Client, notice: Notice) -> None:
        ContactPoint.objects.all().delete()

        assert client.post(unsubscribe_path(notice)).status_code == 200


def test_quotes_the_words_as_they_were_said(client: Client, notice: Notice) -> None:
    Evidence.objects.update(start=0, end=6)

    assert "Paying takes forever." in client.get(answer_path(notice)).content.decode()
