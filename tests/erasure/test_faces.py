"""Erasing, copying and asking: the API, the admin, Privacy, and a customer's own pages."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from backlog import tasks
from backlog.delivery import links
from backlog.models import ContactPoint, Customer, Feedback, Notice, PrivacyRequest, User
from backlog.operations import privacy_requests
from backlog.queries import privacy_requests as privacy_request_queries
from tests.access.admin_pages import ADMIN_PAGES
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
LONG_AGO = NOON - timedelta(days=3650)
WORDS = "The terminal froze twice at the counter."
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def mira() -> Customer:
    mira = make.CustomerFactory.create(name="Mira Quellenhof")
    make.ContactPointFactory.create(customer=mira, address="mira@quellenhof.example")
    make.ConsentFactory.create(customer=mira, proof={"note": "by phone"})
    make.FeedbackFactory.create(customer=mira, verbatim=WORDS, raw=b"\xff", content_type="x/y")
    return mira


@pytest.fixture
def notice(mira: Customer) -> Notice:
    owed = make.ObligationFactory.create(customer=mira, status="told", settled_at=NOON)
    sent = make.NoticeFactory.create(customer=mira, status="sent", sent_at=NOON)
    make.NoticeItemFactory.create(notice=sent, obligation=owed)
    make.ReplyFactory.create(obligation=owed, verdict="partly")
    return sent


@pytest.fixture
def as_ada(ada: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ada)
    return client


@pytest.fixture
def admin(ada: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ada, backend=SIGN_IN)
    return client


def path(url: str) -> str:
    return url.removeprefix("http://testserver")


class TestApi:
    def test_copies_all_that_is_kept(
        self, as_ada: APIClient, mira: Customer, notice: Notice
    ) -> None:
        double = make.CustomerFactory.create(name="M. Quellenhof", merged_into=mira)
        make.FeedbackFactory.create(customer=double, verbatim="And again.")

        answer = as_ada.get(f"/api/v1/customers/{mira.pk}/export/")

        copy = answer.json()
        assert answer.status_code == 200
        assert [each["name"] for each in copy["records"]] == ["Mira Quellenhof", "M. Quellenhof"]
        assert [each["words"] for each in copy["feedback"]] == [WORDS, "And again."]
        assert copy["feedback"][0]["as_it_came_in"] == {"content_type": "x/y", "base64": "/w=="}
        assert copy["addresses"][0]["address"] == "mira@quellenhof.example"
        assert copy["consents"][0]["proof"] == {"note": "by phone"}
        assert copy["answers"][0]["solved"] == "partly"
        assert [each["became"] for each in copy["told"]] == ["told"]
        assert [each["status"] for each in copy["messages"]] == ["sent"]

    def test_leaves_out_what_the_caller_may_not_see_and_says_so(
        self, as_ada: APIClient, client: Client, mira: Customer
    ) -> None:
        kept = make.ProductFactory.create(is_open=False)
        make.FeedbackFactory.create(customer=mira, product=kept, verbatim="Of the new one.")
        privacy_request = privacy_requests.ask(customer_id=mira.pk, kind="export", by=None, at=NOON)

        answer = as_ada.get(f"/api/v1/customers/{mira.pk}/export/").json()
        own = client.get(path(links.copy_url(privacy_request))).json()

        assert ([each["words"] for each in answer["feedback"]], answer["left_out"]) == ([WORDS], 1)
        assert (len(own["feedback"]), own["left_out"]) == (2, 0)

    def test_previews_and_erases(self, as_ada: APIClient, mira: Customer) -> None:
        to = f"/api/v1/customers/{mira.pk}/erase/"
        preview = as_ada.get(to).json()
        assert (preview["words"], preview["addresses"]) == (1, 1)
        assert Feedback.objects.get().verbatim == WORDS

        answer = as_ada.post(to, {"reason": "Asked by phone."}, headers={"idempotency-key": "1"})
        again = as_ada.post(to, {"reason": "Asked by phone."}, headers={"idempotency-key": "1"})

        assert (answer.status_code, again.status_code) == (200, 200)
        assert (answer.json()["name"], answer.json()["token"]) == ("", mira.token)
        assert answer.json()["erased_at"] is not None

    def test_says_why_it_does_not_erase(self, as_ada: APIClient, mira: Customer) -> None:
        to = f"/api/v1/customers/{mira.pk}/erase/"

        named = as_ada.post(to, {"reason": "Mira Quellenhof asked."})
        blank = as_ada.post(to, {})

        assert (named.status_code, named.json()["errors"][0]["pointer"]) == (422, "#/reason")
        assert blank.status_code == 422

    def test_refuses_words_of_the_erased_in_single_and_in_bulk(
        self, as_ada: APIClient, mira: Customer
    ) -> None:
        source = make.SourceFactory.create()
        as_ada.post(f"/api/v1/customers/{mira.pk}/erase/", {"reason": "Asked."})
        row = {
            "source": source.key,
            "verbatim": "Me again.",
            "customer": {"email": "Mira@Quellenhof.example"},
        }

        single = as_ada.post("/api/v1/feedback/", row)
        bulk = as_ada.post("/api/v1/feedback/bulk/", {"rows": [row]})

        assert (single.status_code, single.json()["code"]) == (409, "erased_on_request")
        assert bulk.json()["results"][0]["problem"]["code"] == "erased_on_request"

    def test_sets_how_long_a_source_keeps_words(self, as_ada: APIClient) -> None:
        source = make.SourceFactory.create()

        def keep(months: int) -> Any:
            path, body = f"/api/v1/sources/{source.key}/", {"keeps_words_months": months}
            return as_ada.patch(path, body, headers={"If-Match": "*"})

        answer, too_long = keep(12), keep(601)

        assert (answer.status_code, answer.json()["keeps_words_months"]) == (200, 12)
        assert too_long.status_code == 422


class TestAdmin:
    def test_says_what_goes_before_it_goes(self, admin: Client, mira: Customer) -> None:
        make.RequestFactory.create(problem="Mira Quellenhof waits for it.")

        page = admin.get(reverse("admin:backlog_customer_erase", args=[mira.pk])).content.decode()

        assert "Goes: the name on 1 record, 1 address" in page
        assert "This cannot be undone." in page
        assert "requests 1" in page
        assert "do not name the person" in page
        assert ContactPoint.objects.exists()

    def test_erases(self, admin: Client, mira: Customer) -> None:
        to = reverse("admin:backlog_customer_erase", args=[mira.pk])

        admin.post(to, {"reason": "Asked by phone."})

        mira.refresh_from_db()
        assert (mira.name, mira.erased_at is None) == ("", False)
        page = admin.get(reverse("admin:backlog_customer_change", args=[mira.pk])).content.decode()
        for step in ADMIN_PAGES["backlog_customer"].steps:
            assert reverse(f"admin:backlog_customer_{step}", args=[mira.pk]) not in page, step

    def test_writes_a_wish_down_and_records_a_copy(self, admin: Client, mira: Customer) -> None:
        admin.post(
            reverse("admin:backlog_customer_note_privacy_request", args=[mira.pk]),
            {"kind": "export"},
        )
        assert PrivacyRequest.objects.get().status == "open"

        admin.post(reverse("admin:backlog_customer_hand_over_copy", args=[mira.pk]))

        assert PrivacyRequest.objects.get().status == "done"

    def test_offers_the_copy_as_a_file(self, admin: Client, mira: Customer) -> None:
        answer = admin.get(reverse("backlog:personal-copy", args=[mira.pk]))

        assert answer["Content-Disposition"].startswith("attachment")
        assert json.loads(answer.content)["feedback"][0]["words"] == WORDS


class TestPrivacyPage:
    def test_lists_what_is_due_and_what_is_overdue(self, admin: Client, mira: Customer) -> None:
        late = timezone.now() - timedelta(days=60)
        privacy_requests.ask(
            customer_id=mira.pk, kind="erasure", by=None, at=timezone.now(), asked_at=late
        )

        page = admin.get(reverse("backlog:privacy")).content.decode()
        home = admin.get("/").content.decode()

        assert "overdue" in page
        assert "asked on" in page
        assert "1 wish is overdue" in home

    def test_closes_a_wish_that_was_withdrawn(self, admin: Client, mira: Customer) -> None:
        privacy_request = privacy_requests.ask(
            customer_id=mira.pk, kind="erasure", by=None, at=NOON
        )
        to = reverse("backlog:privacy-close", args=[privacy_request.pk])

        admin.post(to, {"status": "done"})
        privacy_request.refresh_from_db()
        assert privacy_request.status == "open", "only erasing them does it"

        admin.post(to, {"status": "withdrawn"})
        privacy_request.refresh_from_db()
        assert privacy_request.status == "withdrawn"

    def test_shows_what_the_sweep_would_erase(self, admin: Client) -> None:
        make.FeedbackFactory.create(source__keeps_words_months=1, received_at=LONG_AGO)

        page = admin.get(reverse("backlog:privacy")).content.decode()

        assert "keeps words for 1 month" in page
        assert "1 piece of feedback" in page

    def test_says_that_nothing_is_due(self, admin: Client) -> None:
        make.SourceFactory.create(name="Till", keeps_words_months=12)

        page = admin.get(reverse("backlog:privacy")).content.decode()

        assert "nothing is due" in page
        assert "0 pieces" not in page

    def test_welcomes_somebody_back(self, admin: Client, as_ada: APIClient, mira: Customer) -> None:
        as_ada.post(f"/api/v1/customers/{mira.pk}/erase/", {"reason": "Asked."})
        to = reverse("backlog:privacy-welcome-back")

        first = admin.post(to, {"email": "mira@quellenhof.example"}, follow=True)
        second = admin.post(to, {"email": "MIRA@quellenhof.example"}, follow=True)

        assert "stored again" in first.content.decode()
        assert "Nobody of this address" in second.content.decode()


class TestOwnData:
    def test_is_offered_beside_what_became_of_their_words(
        self, client: Client, notice: Notice
    ) -> None:
        page = client.get(path(links.answer_url(notice))).content.decode()

        assert "be forgotten" in page

    def test_looking_writes_nothing(self, client: Client, notice: Notice) -> None:
        assert client.get(path(links.own_data_url(notice))).status_code == 200

        assert not PrivacyRequest.objects.exists()

    @pytest.mark.parametrize("kind", ["export", "erasure"])
    def test_writes_a_wish_down_once(self, client: Client, notice: Notice, kind: str) -> None:
        to = path(links.own_data_url(notice))

        client.post(to, {"kind": kind})
        page = client.post(to, {"kind": kind}, follow=True).content.decode()

        privacy_request = PrivacyRequest.objects.get()
        assert (privacy_request.kind, privacy_request.asked_by, privacy_request.customer) == (
            kind,
            None,
            notice.customer,
        )
        assert "You asked for it." in page
        assert Customer.objects.filter(erased_at=None).exists()

    def test_takes_no_other_wish(self, client: Client, notice: Notice) -> None:
        client.post(path(links.own_data_url(notice)), {"kind": "riches"})

        assert not PrivacyRequest.objects.exists()

    def test_a_copy_is_behind_a_link_that_is_mailed(
        self, client: Client, mira: Customer, notice: Notice
    ) -> None:
        client.post(path(links.own_data_url(notice)), {"kind": "export"})

        tasks.send_personal_copies()
        tasks.send_personal_copies()

        [letter] = mail.outbox
        assert letter.to == ["mira@quellenhof.example"]
        assert WORDS not in str(letter.body)
        link = next(word for word in str(letter.body).split() if "/copy/" in word)
        assert client.get(path(link)).json()["feedback"][0]["words"] == WORDS
        assert PrivacyRequest.objects.get().status == "done"

    def test_the_link_expires_and_dies_with_them(
        self,
        client: Client,
        as_ada: APIClient,
        mira: Customer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        privacy_request = privacy_requests.ask(customer_id=mira.pk, kind="export", by=None, at=NOON)
        link = path(links.copy_url(privacy_request))
        monkeypatch.setattr(links, "COPY_LASTS", timedelta(seconds=-1))
        assert client.get(link).status_code == 410
        monkeypatch.undo()
        assert client.get(f"{link}x").status_code == 404

        as_ada.post(f"/api/v1/customers/{mira.pk}/erase/", {"reason": "Asked."})

        assert client.get(link).status_code == 404

    def test_without_an_address_a_colleague_has_to_bring_it(
        self, client: Client, notice: Notice
    ) -> None:
        ContactPoint.objects.update(state="bounced")
        client.post(path(links.own_data_url(notice)), {"kind": "export"})

        for _again in range(privacy_request_queries.ENOUGH + 2):
            tasks.send_personal_copies()

        privacy_request = PrivacyRequest.objects.get()
        assert (privacy_request.status, privacy_request.attempts, mail.outbox) == (
            "open",
            privacy_request_queries.ENOUGH,
            [],
        )
