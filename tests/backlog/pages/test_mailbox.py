"""The local mailbox page."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from pytest_django import Settings

from backlog.delivery import mailbox, rendering
from backlog.models import ProductGrant, User
from tests.factories import backlog as make

BACKEND = "backlog.delivery.mailbox.MailboxBackend"
HTML = "<html><head><style>b{color:red}</style></head><body><b>Two taps</b></body></html>"


@pytest.fixture
def letter_id(settings: Settings, tmp_path: Path) -> str:
    """One letter in the mailbox."""
    settings.EMAIL_BACKEND, settings.MAILBOX_DIR = BACKEND, tmp_path
    mail = EmailMultiAlternatives("Two taps now", "In plain words", to=["kim@example.org"])
    mail.attach_alternative(HTML, "text/html")
    get_connection(BACKEND).send_messages([mail])
    return mailbox.messages()[0].id


class TestMailbox:
    def test_lists_what_would_have_been_sent(self, mina_pages: Client, letter_id: str) -> None:
        page = mina_pages.get("/mailbox/").content.decode()

        assert "Two taps now" in page
        assert "kim@example.org" in page

    def test_shows_a_letter_in_a_frame_that_can_do_nothing(
        self, mina_pages: Client, letter_id: str
    ) -> None:
        page = mina_pages.get(f"/mailbox/{letter_id}/").content.decode()
        frame = mina_pages.get(f"/mailbox/{letter_id}/html/")

        assert "In plain words" in page
        assert f'src="/mailbox/{letter_id}/html/"' in page
        assert "<b>Two taps</b>" in frame.content.decode()
        policy = frame.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-top-navigation-by-user-activation" in policy
        assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_says_what_to_do_when_it_is_empty(
        self, mina_pages: Client, settings: Settings, tmp_path: Path
    ) -> None:
        settings.EMAIL_BACKEND, settings.MAILBOX_DIR = BACKEND, tmp_path

        assert "No mail yet." in mina_pages.get("/mailbox/").content.decode()

    def test_keeps_letters_about_closed_products_from_those_who_may_not_see_them(
        self, mina_pages: Client, mina: User, letter_id: str
    ) -> None:
        closed = make.ProductFactory.create(is_open=False)
        event = make.EventFactory.create(request=make.RequestFactory.create(product=closed))
        item = make.NoticeItemFactory.create(obligation__event=event)
        headers = {"Message-ID": rendering.message_id(item.notice)}
        mail = EmailMultiAlternatives("A secret", "Words", to=["k@example.org"], headers=headers)
        get_connection(BACKEND).send_messages([mail])
        [secret] = [each.id for each in mailbox.messages() if each.subject == "A secret"]

        assert "A secret" not in mina_pages.get("/mailbox/").content.decode()
        assert mina_pages.get(f"/mailbox/{secret}/").status_code == 404
        assert mina_pages.get(f"/mailbox/{secret}/html/").status_code == 404

        ProductGrant.objects.create(product=closed, user=mina)
        assert "A secret" in mina_pages.get("/mailbox/").content.decode()
        assert mina_pages.get(f"/mailbox/{secret}/").status_code == 200

    def test_is_not_there_where_mail_is_really_sent(
        self, mina_pages: Client, letter_id: str, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

        for path in ("/mailbox/", f"/mailbox/{letter_id}/", f"/mailbox/{letter_id}/html/"):
            assert mina_pages.get(path).status_code == 404

    def test_is_closed_to_who_may_not_see_customers(
        self, omar_pages: Client, letter_id: str
    ) -> None:
        for path in ("/mailbox/", f"/mailbox/{letter_id}/", f"/mailbox/{letter_id}/html/"):
            assert omar_pages.get(path).status_code == 403

    @pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fetc%2Fpasswd", "20260101T000000-zz"])
    def test_has_no_other_letters(self, mina_pages: Client, letter_id: str, name: str) -> None:
        assert mina_pages.get(f"/mailbox/{name}/").status_code == 404
