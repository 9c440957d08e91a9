"""Delivery health, and what can be done about it."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.utils import timezone

from backlog import tasks
from backlog.models import Notice, User
from backlog.operations import mail_domains
from backlog.pages import mail_delivery as pages
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

URL = "/loop/delivery/"


@pytest.fixture
def ada_pages(ada: User) -> Client:
    return signed_in(ada)


def failed(failure: str, *, status: str = "dead") -> Notice:
    row = make.ObligationFactory.create(released_at=NOON)
    notice = make.NoticeFactory.create(
        customer=row.customer, status=status, failure=failure, attempts=3
    )
    make.NoticeItemFactory.create(notice=notice, obligation=row)
    return notice


class TestHealth:
    def test_says_so_where_all_is_well(self, mina_pages: Client) -> None:
        page = mina_pages.get(URL).content.decode()

        for sentence in ("nothing waits", "No message has failed.", "No message was given up."):
            assert sentence in page

    def test_says_how_long_the_oldest_has_waited(self, mina_pages: Client) -> None:
        make.ObligationFactory.create(released_at=timezone.now() - timedelta(hours=5))

        assert "5 hours" in mina_pages.get(URL).content.decode()

    def test_counts_messages_and_addresses_by_state(self, mina_pages: Client) -> None:
        make.NoticeFactory.create_batch(2)
        make.NoticeFactory.create(status="sent", sent_at=NOON)
        make.ContactPointFactory.create_batch(3)
        make.ContactPointFactory.create(state="complained")

        context = mina_pages.get(URL).context

        assert context["states"] == [("queued", "queued", 2), ("sent", "sent", 1)]
        assert context["addresses"] == [("complained", "complained", 1)]

    def test_groups_failures_by_cause_in_words(self, mina_pages: Client) -> None:
        failed("451 4.3.0 try later", status="queued")
        failed("550 5.1.1 <a@example.org> unknown")
        failed("550 5.1.1 <b@example.org> unknown")

        first, second = mina_pages.get(URL).context["failures"]

        assert (first.cause.code, first.waiting, first.given_up) == ("550", 0, 2)
        assert "no such mailbox" in str(first.cause.words)
        assert (second.cause.code, second.waiting, second.given_up) == ("451", 1, 0)

    def test_says_what_waits_for_a_better_moment(self, mina_pages: Client) -> None:
        notice = failed("", status="queued")
        soon = timezone.now() + timedelta(hours=1)
        Notice.objects.filter(pk=notice.pk).update(not_before=soon, waits_for="digest")

        page = mina_pages.get(URL)

        [postponed] = page.context["postponed"]
        assert (postponed.waiting, postponed.first_at) == (1, soon)
        assert "digest: 1 wait, the first until" in page.content.decode()

    def test_names_the_domains_that_are_left_alone(self, mina_pages: Client) -> None:
        mail_domains.back_off(
            domain="slow.example", failures=0, failure="timed out", by=None, at=timezone.now()
        )
        notice = failed("", status="queued")
        Notice.objects.filter(pk=notice.pk).update(domain="slow.example")

        page = mina_pages.get(URL)

        [resting] = page.context["resting"]
        assert (resting.mail_domain.domain, resting.waiting) == ("slow.example", 1)
        for words in ("slow.example", "did not answer in time", "1 message waits"):
            assert words in page.content.decode()

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ["all mail waits", "does not pass on our mail", "EMAIL_URL", "2 messages wait"]),
            ("ko", ["모든 메일이 대기 중", "중계하지 않거나", "EMAIL_URL"]),
        ],
    )
    def test_names_what_is_wrong_with_our_own_side(
        self, mina_pages: Client, language: str, words: list[str]
    ) -> None:
        said = "550 relay not permitted"
        mail_domains.back_off(
            domain=mail_domains.CHANNEL, failures=0, failure=said, by=None, at=timezone.now()
        )
        failed(said, status="queued")
        failed("", status="queued")

        User.objects.update(language=language)
        page = mina_pages.get(URL)

        assert page.context["our_side"].waiting == 2
        assert page.context["resting"] == []
        for each in (*words, said):
            assert each in page.content.decode()

    def test_suspects_our_own_server_where_domains_fail_alike(self, mina_pages: Client) -> None:
        for number in range(2):
            mail_domains.back_off(
                domain=f"{number}.example",
                failures=0,
                failure="timed out",
                by=None,
                at=timezone.now(),
            )
        assert mina_pages.get(URL).context["our_side"] is None

        mail_domains.back_off(
            domain="2.example", failures=0, failure="timed out", by=None, at=timezone.now()
        )
        page = mina_pages.get(URL)

        assert page.context["our_side"].domains == 3
        assert "perhaps it is our own mail server" in page.content.decode()

    def test_says_what_a_refusal_was_taken_to_mean(self, mina_pages: Client) -> None:
        notice = failed("550 5.2.1 Account disabled")
        Notice.objects.filter(pk=notice.pk).update(judged_as="disabled")

        page = mina_pages.get(URL).content.decode()

        assert "Taken to mean: the mailbox was closed for good." in page

    def test_lists_what_was_given_up_even_if_long_ago(
        self, mina_pages: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given_up = failed("timed out")
        monkeypatch.setattr(pages, "SAMPLE", 1)
        make.NoticeFactory.create()

        context = mina_pages.get(URL).context

        assert [notice for notice, _cause in context["given_up"]] == [given_up]
        assert context["states"] == [("queued", "queued", 1)]

    def test_is_closed_to_who_may_not_see_customers(self, omar_pages: Client) -> None:
        assert omar_pages.get(URL).status_code == 403

    def test_costs_the_same_for_one_and_for_many(
        self, mina_pages: Client, queries: SameQueries
    ) -> None:
        failed("timed out")
        mina_pages.get(URL)
        with queries() as few:
            mina_pages.get(URL)

        for code in range(540, 550):
            failed(f"{code} no")
        with queries() as many:
            mina_pages.get(URL)

        assert len(many) == len(few)


class TestRetry:
    def test_tries_it_again_at_once(
        self, mina_pages: Client, django_capture_on_commit_callbacks: object
    ) -> None:
        given_up = failed("timed out")

        with (
            mock.patch.object(tasks, "nudge") as nudge,
            django_capture_on_commit_callbacks(execute=True),  # type: ignore[operator]
        ):
            response = mina_pages.post(f"/loop/notices/{given_up.pk}/retry/")

        given_up.refresh_from_db()
        assert response.headers["Location"] == URL
        assert (given_up.status, given_up.attempts) == ("queued", 0)
        nudge.assert_called_once_with()

    def test_says_why_not(self, mina_pages: Client) -> None:
        sent = make.NoticeFactory.create(status="sent", sent_at=NOON)

        response = mina_pages.post(f"/loop/notices/{sent.pk}/retry/")

        [message] = get_messages(response.wsgi_request)
        assert "cannot be tried again" in str(message)

    def test_is_only_for_who_may(self, omar_pages: Client) -> None:
        given_up = failed("timed out")

        assert omar_pages.post(f"/loop/notices/{given_up.pk}/retry/").status_code == 403
        given_up.refresh_from_db()
        assert given_up.status == "dead"


class TestTestMessage:
    def test_goes_to_the_person(self, ada_pages: Client, ada: User) -> None:
        response = ada_pages.post(f"{URL}test/")

        [message] = get_messages(response.wsgi_request)
        assert "has left for ada@example.com" in str(message)
        assert [letter.to for letter in mail.outbox] == [[ada.email]]

    def test_names_the_step_that_fails(self, ada_pages: Client, settings: object) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST = "mail.invalid"  # type: ignore[attr-defined]

        response = ada_pages.post(f"{URL}test/")

        [message] = get_messages(response.wsgi_request)
        assert "Find the mail server by its name: this failed." in str(message)

    def test_is_for_admins_only(self, mina_pages: Client) -> None:
        assert mina_pages.post(f"{URL}test/").status_code == 403
        assert "Send me a test message" not in mina_pages.get(URL).content.decode()

    @pytest.mark.parametrize("path", ["test/", "../notices/1/retry/"])
    def test_is_not_set_off_by_looking(self, ada_pages: Client, path: str) -> None:
        assert ada_pages.get(f"{URL}{path}").status_code in (404, 405)
        assert mail.outbox == []
