"""The page that shows who will be told what, and where they are told."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from backlog import tasks
from backlog.delivery import mailbox
from backlog.models import ContactPoint, Customer, Notice, Obligation, Outcome, User
from backlog.operations import announcements
from tests import audience
from tests.conftest import SameQueries
from tests.factories import NOON, people

MAILBOX = "backlog.delivery.mailbox.MailboxBackend"


@pytest.fixture
def outcome(db: None) -> Outcome:
    return audience.record(asked_by=4)


@pytest.fixture
def mails(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.MAILBOX_DIR = MAILBOX, tmp_path


def address(outcome: Outcome, step: str = "") -> str:
    return f"/outcomes/{outcome.pk}/announce/{step and step + '/'}"


def preview(outcome: Outcome, customer: Customer, what: str = "") -> str:
    return f"/outcomes/{outcome.pk}/preview/{customer.pk}/{what and what + '/'}"


def shown(client: Client, to: str) -> str:
    return client.get(to).content.decode()


def reader(outcome: Outcome, language: str) -> Customer:
    return Customer.objects.filter(obligations__announcement__outcome=outcome, language=language)[0]


class TestOtherLanguage:
    """Half of those who asked read Korean, and what became of it is written in English alone."""

    @pytest.fixture(autouse=True)
    def _in_english_only(self, outcome: Outcome) -> None:
        Outcome.objects.filter(pk=outcome.pk).update(summary={"en": "Two taps now."})

    def test_is_said_beforehand_with_who_is_affected(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        page = shown(mina_pages, address(outcome))

        assert "2 customers read Korean, and nobody has written it in Korean" in page
        assert "?language=ko#people" in page

    def test_is_told_only_if_somebody_means_it(self, mina_pages: Client, outcome: Outcome) -> None:
        answer = mina_pages.post(address(outcome, "announce"), follow=True).content.decode()
        outcome.refresh_from_db()
        assert outcome.announced_at is None
        assert "Nobody has written it in the language of some" in answer

        mina_pages.post(address(outcome, "announce"), {"in_other_language": "yes"})
        outcome.refresh_from_db()
        assert outcome.announced_at is not None

    def test_is_no_matter_where_nobody_who_is_told_reads_it(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        Customer.objects.update(language="en")
        assert "nobody has written it" not in shown(mina_pages, address(outcome))

        mina_pages.post(address(outcome, "announce"))
        outcome.refresh_from_db()
        assert outcome.announced_at is not None


class TestAnnouncePage:
    def test_shows_who_will_be_told_and_which_words_of_theirs(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        page = shown(mina_pages, address(outcome))

        for row in outcome.obligations.select_related("customer"):
            assert str(row.customer) in page
            assert f"{row.customer.token}@example.org" in page
        assert "Korean 2" in page
        assert "English 2" in page
        assert "cannot be taken back" in page

    def test_shows_who_is_left_out_and_why(self, mina_pages: Client, outcome: Outcome) -> None:
        silent = reader(outcome, "ko")
        ContactPoint.objects.filter(customer=silent).update(state="unsubscribed")

        told = shown(mina_pages, address(outcome))
        left_out = shown(mina_pages, f"{address(outcome)}?left_out=unsubscribed")

        assert "Unsubscribed 1" in told or "unsubscribed 1" in told
        assert f'<p class="hb-strong">{silent}</p>' not in told
        assert f'<p class="hb-strong">{silent}</p>' in left_out

    def test_costs_the_same_however_many_asked(
        self, mina_pages: Client, outcome: Outcome, queries: SameQueries
    ) -> None:
        larger = audience.record(asked_by=20)
        mina_pages.get(address(outcome))

        with queries() as few:
            mina_pages.get(address(outcome))
        with queries() as many:
            mina_pages.get(address(larger))

        assert len(many) == len(few)

    def test_hides_addresses_from_those_who_may_not_see_them(
        self, mina_pages: Client, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        has_perm = User.has_perm
        monkeypatch.setattr(
            User,
            "has_perm",
            lambda self, name, *of: name != "backlog.view_contactpoint" and has_perm(self, name),
        )

        page = shown(mina_pages, address(outcome))

        assert "•••@example.org" in page
        assert f"{reader(outcome, 'ko').token}@" not in page

    def test_is_not_for_those_who_may_not_see_customers(
        self, omar_pages: Client, outcome: Outcome
    ) -> None:
        assert omar_pages.get(address(outcome)).status_code == 403
        assert omar_pages.post(address(outcome, "announce")).status_code == 403


class TestTheMessage:
    def test_is_shown_as_each_customer_would_read_it(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        korean = reader(outcome, "ko")

        page = shown(mina_pages, preview(outcome, korean))
        frame = mina_pages.get(preview(outcome, korean, "html"))

        assert f'src="{preview(outcome, korean, "html")}"' in page
        assert "이제 두 번만 누르면 결제됩니다." in frame.content.decode()
        assert "sandbox" in frame["Content-Security-Policy"]
        assert frame["X-Frame-Options"] == "SAMEORIGIN"

    def test_has_no_link_that_opens_anything_of_theirs(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        html = shown(mina_pages, preview(outcome, reader(outcome, "en"), "html"))

        assert "/heard/" not in html
        assert "/unsubscribe/" not in html
        assert "/sample/" in html
        assert mina_pages.get("/sample/").status_code == 200

    def test_stays_when_its_customer_is_told_while_it_is_looked_at(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        korean = reader(outcome, "ko")
        before = shown(mina_pages, preview(outcome, korean, "html"))

        outcome.obligations.update(status="told", settled_at=NOON)

        assert shown(mina_pages, preview(outcome, korean, "html")) == before

    def test_is_none_of_somebody_who_did_not_ask(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        stranger = reader(audience.record(asked_by=1), "ko")

        assert mina_pages.get(preview(outcome, stranger)).status_code == 404
        assert mina_pages.post(preview(outcome, stranger, "test")).status_code == 404

    @pytest.mark.usefixtures("mails")
    def test_is_sent_to_oneself_and_tells_nobody(
        self, mina_pages: Client, mina: User, outcome: Outcome
    ) -> None:
        mina_pages.post(preview(outcome, reader(outcome, "en"), "test"))

        [mail] = mailbox.messages()
        assert (mail.to, mail.subject[:6]) == (mina.email, "[test]")
        assert b"List-Unsubscribe" not in mail.source
        assert not Notice.objects.exists()
        assert not Obligation.objects.exclude(status="owed", released_at=None).exists()

    def test_that_does_not_leave_says_why(
        self, mina_pages: Client, outcome: Outcome, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

        answer = mina_pages.post(preview(outcome, reader(outcome, "en"), "test"), follow=True)

        assert "The test was not sent." in answer.content.decode()


class TestTheSteps:
    def test_announce_and_cancel(
        self,
        mina_pages: Client,
        mina: User,
        outcome: Outcome,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks() as owed:
            mina_pages.post(address(outcome, "announce"))
        outcome.refresh_from_db()
        assert outcome.announced_by == mina
        assert tasks.nudge in owed

        page = shown(mina_pages, address(outcome))
        assert address(outcome, "cancel") in page
        assert address(outcome, "announce") not in page
        mina_pages.post(address(outcome, "cancel"))
        outcome.refresh_from_db()
        assert outcome.announced_at is None

    def test_offer_a_large_audience_only_with_a_second_person(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        product = outcome.commitment.request.product
        product.countersign_from = 4
        product.save()

        page = shown(mina_pages, address(outcome))
        refused = mina_pages.post(address(outcome, "announce"), follow=True)

        assert address(outcome, "ask") in page
        assert address(outcome, "announce") not in page
        assert "a second colleague must agree" in refused.content.decode()
        outcome.refresh_from_db()
        assert outcome.announced_at is None

    def test_let_another_person_countersign_and_not_who_asked(
        self, mina_pages: Client, mina: User, outcome: Outcome
    ) -> None:
        mina_pages.post(address(outcome, "ask"))
        own = shown(mina_pages, address(outcome))
        other = audience.record(asked_by=1)
        asker = people.UserFactory.create()
        announcements.ask_to_announce(subject=other, by=asker, at=NOON)

        mina_pages.post(address(other, "countersign"))

        assert address(outcome, "countersign") not in own
        other.refresh_from_db()
        assert (other.announced_by, other.countersigned_by) == (asker, mina)

    def test_offer_nothing_once_the_first_customer_was_told(
        self, mina_pages: Client, outcome: Outcome
    ) -> None:
        announcements.announce(subject=outcome, by=None, at=NOON)
        first = outcome.obligations.all()[0]
        first.items.create(
            notice=Notice.objects.create(
                nature="answer",
                customer=first.customer,
                template="outcome",
                language="ko",
                dedupe_key="1",
                status="sent",
                sent_at=NOON,
                created_at=NOON,
                not_before=NOON,
            )
        )

        page = shown(mina_pages, address(outcome))
        refused = mina_pages.post(address(outcome, "cancel"), follow=True)

        assert address(outcome, "cancel") not in page
        assert "it cannot be taken back" in refused.content.decode()
        outcome.refresh_from_db()
        assert outcome.announced_at == NOON

    def test_are_no_others(self, mina_pages: Client, outcome: Outcome) -> None:
        assert mina_pages.post(address(outcome, "delete")).status_code == 404
