"""What is compressed on its way out, and what never is (decision 0027)."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from backlog.delivery import links, mailbox
from backlog.models import User
from backlog.operations import api_tokens
from config.compression import Compression
from tests.factories import NOON
from tests.factories import backlog as make

GZIP = {"accept-encoding": "gzip, br"}
MAILBOX = "backlog.delivery.mailbox.MailboxBackend"


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client(headers=GZIP)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestCompressed:
    @pytest.mark.parametrize("path", ["/", "/api/v1/products/", "/api/v1/schema/?format=json"])
    def test_are_pages_and_answers_of_the_api(self, path: str, as_ada: Client) -> None:
        for number in range(20):
            make.ProductFactory.create(prefix=f"P{number}")
        answer, plain = as_ada.get(path), as_ada.get(path, headers={"accept-encoding": ""})

        assert "Accept-Encoding" in answer["Vary"]
        assert "Accept-Encoding" in plain["Vary"]
        assert not plain.has_header("Content-Encoding")
        assert answer["Content-Encoding"] == "gzip"
        assert len(gzip.decompress(answer.content)) == pytest.approx(len(plain.content), 0.01)

    def test_is_the_file_for_spreadsheets(self, as_ada: Client) -> None:
        outcome = make.OutcomeFactory.create()

        answer = as_ada.get(f"/loop/outcomes/{outcome.pk}/customers.csv")

        assert answer["Content-Encoding"] == "gzip"
        assert b"".join(answer.streaming_content)[:2] == b"\x1f\x8b"  # type: ignore[attr-defined]

    def test_have_a_length_that_tells_nothing(self) -> None:
        words = "The same words each time. " * 100
        compress: Any = Compression(lambda _request: HttpResponse(words))
        request = RequestFactory().get("/", headers=GZIP)
        lengths = {len(compress(request).content) for _ in range(40)}

        assert len(lengths) > 5

    def test_are_known_again_by_a_weak_tag(self, as_ada: Client) -> None:
        path = "/api/v1/docs/"
        first = as_ada.get(path)
        again = as_ada.get(path, headers={"if-none-match": first["ETag"]})

        assert first["ETag"].startswith('W/"')
        assert again.status_code == 304
        assert "Accept-Encoding" in again["Vary"]

    def test_rows_are_edited_by_the_tag_they_came_with(self, as_ada: Client) -> None:
        row = make.AccountFactory.create(name="Nuri" * 45)
        path = f"/api/v1/accounts/{row.pk}/"
        tag = as_ada.get(path)["ETag"]

        edited = as_ada.patch(
            path, {"segment": "smb"}, content_type="application/json", headers={"if-match": tag}
        )

        assert tag.startswith("W/")
        assert edited.status_code == 200


def _never(answer: Any) -> None:
    assert answer.status_code in (200, 201)
    assert not answer.has_header("Content-Encoding")
    assert "no-transform" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]


class TestNeverCompressed:
    @pytest.mark.parametrize(
        "make_url", [links.answer_url, links.unsubscribe_url, links.own_data_url]
    )
    def test_is_what_a_signed_link_opens(self, make_url: Callable[..., str], db: None) -> None:
        kim = make.CustomerFactory.create()
        point = make.ContactPointFactory.create(customer=kim)
        notice = make.NoticeFactory.create(
            customer=kim, contact_point=point, status="sent", sent_at=NOON
        )

        _never(Client().get(make_url(notice), headers=GZIP))

    def test_is_the_copy_of_a_person(self, db: None) -> None:
        wish = make.PrivacyRequestFactory.create(kind="export")

        _never(Client().get(links.copy_url(wish), headers=GZIP))

    def test_is_a_letter(self, as_ada: Client, settings: Settings, tmp_path: Path) -> None:
        settings.EMAIL_BACKEND, settings.MAILBOX_DIR = MAILBOX, tmp_path
        letter = EmailMultiAlternatives("Two taps now", "In plain words", to=["kim@example.org"])
        letter.attach_alternative(f"<head></head>{'heard ' * 200}", "text/html")
        get_connection(MAILBOX).send_messages([letter])
        place = f"/mailbox/{mailbox.messages()[0].id}/"

        _never(as_ada.get(place))
        _never(as_ada.get(f"{place}html/"))

    def test_is_a_new_token(self, as_ada: Client, ada: User) -> None:
        asked = {"name": "CRM", "scopes": ["read"]}
        made = as_ada.post("/api/v1/tokens/", asked, content_type="application/json")
        old, _secret = api_tokens.issue_token(
            owner=ada, name="old", scopes=["read"], lasts=None, by=ada, at=NOON
        )
        path = f"/api/v1/tokens/{old.token_key}/rotate/"

        _never(made)
        _never(as_ada.post(path, {}, content_type="application/json"))

    def test_is_the_secret_of_an_endpoint(self, as_ada: Client) -> None:
        endpoint = make.EndpointFactory.create()

        _never(as_ada.get(f"/api/v1/endpoints/{endpoint.pk}/secret/"))

    def test_is_a_page_that_shows_a_message(self, as_ada: Client, ada: User) -> None:
        """It may be a new token, or the secret of an endpoint."""
        endpoint = make.EndpointFactory.create()
        shown = as_ada.post(
            reverse("admin:backlog_endpoint_show_secret", args=[endpoint.pk]), follow=True
        )
        afterwards = as_ada.get("/admin/backlog/endpoint/")

        assert b"<code>" in shown.content
        assert not shown.has_header("Content-Encoding")
        assert afterwards["Content-Encoding"] == "gzip"
