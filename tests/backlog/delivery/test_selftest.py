"""The self-test names the step that fails, against real servers."""

import socket
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from backlog.delivery import selftest
from backlog.delivery.selftest import Step
from tests import smtp

ALL_IN_THE_CLEAR = [Step.RESOLVE, Step.CONNECT, Step.SENDER, Step.RECIPIENT, Step.HAND_OVER]


@pytest.fixture
def postbox(settings: LazySettings) -> Iterator[smtp.Postbox]:
    with smtp.postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


def steps() -> list[Step]:
    """The steps as they succeed; fails at the first that does not."""
    results = list(selftest.send_test_message(to="ada@example.com"))
    assert not any(result.failure for result in results)
    return [result.step for result in results]


def failing() -> tuple[Step, str]:
    last = list(selftest.send_test_message(to="ada@example.com"))[-1]
    return last.step, last.failure


class TestAMessageThatArrives:
    def test_passes_every_step(self, postbox: smtp.Postbox) -> None:
        assert steps() == ALL_IN_THE_CLEAR

        [delivery] = postbox.deliveries
        assert delivery.to == "ada@example.com"
        assert "Hearback" in delivery.mail["Subject"]

    def test_is_one_step_where_mail_is_kept_here(self, mailoutbox: list[object]) -> None:
        assert steps() == [Step.HAND_OVER]
        assert len(mailoutbox) == 1


class TestTheFailingStepIsNamed:
    def test_where_the_name_leads_nowhere(
        self, postbox: smtp.Postbox, settings: LazySettings
    ) -> None:
        settings.EMAIL_HOST = "mail.invalid"

        assert failing()[0] == Step.RESOLVE

    def test_where_nobody_listens(self, postbox: smtp.Postbox, settings: LazySettings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]

            step, failure = failing()

        assert step == Step.CONNECT
        assert "refused" in failure

    def test_where_nobody_listens_for_encrypted_connections(
        self, postbox: smtp.Postbox, settings: LazySettings
    ) -> None:
        settings.EMAIL_USE_SSL = True
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]

            assert failing()[0] == Step.CONNECT

    def test_where_the_server_is_silent(
        self, postbox: smtp.Postbox, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(selftest, "PATIENCE_SECONDS", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as mute:
            settings.EMAIL_PORT = mute.getsockname()[1]

            step, failure = failing()

        assert step == Step.CONNECT
        assert "timed out" in failure

    @pytest.mark.parametrize("setting", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
    def test_where_the_server_cannot_encrypt(
        self, postbox: smtp.Postbox, settings: LazySettings, setting: str
    ) -> None:
        setattr(settings, setting, True)

        assert failing()[0] == Step.ENCRYPT

    def test_where_it_takes_no_passwords(
        self, postbox: smtp.Postbox, settings: LazySettings
    ) -> None:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "hearback", "secret-word"

        step, failure = failing()

        assert step == Step.SIGN_IN
        assert "secret-word" not in failure

    def test_where_the_sender_is_refused(self, postbox: smtp.Postbox) -> None:
        postbox.answer_from = lambda sender: "553 5.7.1 We do not know you"

        assert failing() == (Step.SENDER, "553 5.7.1 We do not know you")

    def test_where_the_recipient_is_refused(self, postbox: smtp.Postbox) -> None:
        postbox.answer_to = lambda to: "550 5.1.1 Nobody of that name"

        assert failing() == (Step.RECIPIENT, "550 5.1.1 Nobody of that name")

    def test_where_the_message_is_refused(self, postbox: smtp.Postbox) -> None:
        postbox.answer_data = lambda to: "554 5.7.1 Looks like spam"

        assert failing() == (Step.HAND_OVER, "554 5.7.1 Looks like spam")

    def test_where_the_line_breaks(self, postbox: smtp.Postbox) -> None:
        postbox.answer_data = lambda to: ""

        assert failing()[0] == Step.HAND_OVER


@pytest.mark.usefixtures("english_texts")
class TestTheCommand:
    def test_says_each_step(self, postbox: smtp.Postbox) -> None:
        said = StringIO()
        call_command("test_email", "ada@example.com", stdout=said)

        assert said.getvalue().count("✓") == len(ALL_IN_THE_CLEAR)
        assert "has left" in said.getvalue()

    def test_names_the_step_that_failed(self, postbox: smtp.Postbox) -> None:
        postbox.answer_to = lambda to: "550 5.1.1 Nobody of that name"

        refused = r"Have the recipient accepted: .* 550 5\.1\.1 Nobody"
        with pytest.raises(CommandError, match=refused):
            call_command("test_email", "ada@example.com", stdout=StringIO())

    def test_refuses_what_is_no_address(self) -> None:
        with pytest.raises(CommandError, match="no e-mail address"):
            call_command("test_email", "ada at example", stdout=StringIO())
