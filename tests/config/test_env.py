"""Settings from the environment: what is taken, and what is refused with the variable's name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backlog.rules import moments
from config import env

NAME = "HEARBACK_TRIAL"
SECRET = "s3cret-word"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)


class TestText:
    def test_is_the_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "as it is")
        assert env.text(NAME, "other") == "as it is"

    @pytest.mark.parametrize("present", [None, ""])
    def test_is_the_default_where_nothing_is_set(
        self, present: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if present is not None:
            monkeypatch.setenv(NAME, present)
        assert env.text(NAME, "other") == "other"

    def test_takes_a_secret_with_a_dollar_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "$HOME and more")
        assert env.text(NAME) == "$HOME and more"

    def test_reads_a_secret_from_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "secret").write_text(f"{SECRET}\n")
        monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
        assert env.text(NAME) == SECRET

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "not-text"])
    def test_names_the_variable_whose_file_cannot_be_read(
        self, content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if content is not None:
            (tmp_path / "secret").write_bytes(content)
        monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
        with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE cannot be read"):
            env.text(NAME)


class TestFlag:
    @pytest.mark.parametrize(
        ("value", "meant"),
        [("1", True), ("yes", True), ("True", True), ("0", False), ("no", False), ("FALSE", False)],
    )
    def test_knows_yes_and_no(
        self, value: str, meant: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, value)
        assert env.flag(NAME, default=not meant) is meant

    def test_is_the_default_where_nothing_is_set(self) -> None:
        assert env.flag(NAME, default=True) is True

    @pytest.mark.parametrize("nonsense", ["maybe", "2", "on ", "예"])
    def test_refuses_anything_else(self, nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be yes or no"):
            env.flag(NAME, default=False)


class TestHours:
    def test_are_two_full_hours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "21-08")
        assert env.hours(NAME) == moments.QuietHours(21, 8)

    def test_are_none_where_nothing_is_set(self) -> None:
        assert env.hours(NAME) is None

    @pytest.mark.parametrize("nonsense", ["21", "8-8", "21-25", "1-23", "21:00-8:00", "²-8", "a-b"])
    def test_refuses_anything_else(self, nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be two hours"):
            env.hours(NAME)


class TestZone:
    def test_is_one_that_the_clock_knows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert env.zone(NAME, "Asia/Seoul") == "Asia/Seoul"
        monkeypatch.setenv(NAME, "Europe/Paris")
        assert env.zone(NAME, "Asia/Seoul") == "Europe/Paris"

    @pytest.mark.parametrize("nonsense", ["Gone/Nowhere", "+09:00", "../etc/passwd"])
    def test_refuses_anything_else(self, nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a time zone"):
            env.zone(NAME, "Asia/Seoul")


class TestLimit:
    def test_is_none_where_nothing_is_set(self) -> None:
        assert env.limit(NAME) is None

    def test_is_the_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "600")
        assert env.limit(NAME) == 600

    def test_refuses_none_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "0")
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a number"):
            env.limit(NAME)


class TestNumber:
    def test_is_the_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "7")
        assert env.number(NAME, 1, low=0, high=10) == 7

    def test_is_the_default_where_nothing_is_set(self) -> None:
        assert env.number(NAME, 1, low=0, high=10) == 1

    @pytest.mark.parametrize("nonsense", ["-1", "11", "1.5", "ten", "²", "9" * 5000])
    def test_refuses_what_is_no_number_between_its_ends(
        self, nonsense: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a number from 0 to 10"):
            env.number(NAME, 1, low=0, high=10)


def test_names_are_split_at_commas_and_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " a.example ,b.example,, ")
    assert env.names(NAME) == ["a.example", "b.example"]


class TestChoice:
    def test_is_one_of_those_there_are(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert env.choice(NAME, "ko", among=("ko", "en")) == "ko"
        monkeypatch.setenv(NAME, "en")
        assert env.choice(NAME, "ko", among=("ko", "en")) == "en"

    def test_refuses_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "fr")
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be ko or en, not “fr”"):
            env.choice(NAME, "ko", among=("ko", "en"))


class TestUrl:
    SCHEMES = ("http", "https")

    @pytest.mark.parametrize(
        "address", ["http://localhost:8000", "https://example.org", "https://[::1]:8443"]
    )
    def test_takes_an_address(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, address)
        assert env.url(NAME, "", schemes=self.SCHEMES) == address

    @pytest.mark.parametrize("nonsense", ["example.org", "ftp://example.org", "//x", "가"])
    def test_refuses_another_scheme(self, nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must begin with http or https"):
            env.url(NAME, "", schemes=self.SCHEMES)

    @pytest.mark.parametrize("nonsense", ["https://", "https:///path", "http://[::1", "http://h:x"])
    def test_refuses_an_address_without_a_host(
        self, nonsense: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must name a host"):
            env.url(NAME, "", schemes=self.SCHEMES)


class TestDatabase:
    def test_makes_writers_on_sqlite_wait_their_turn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "sqlite:///line.sqlite3")
        entry = env.database(NAME, "")
        assert entry["NAME"] == "line.sqlite3"
        assert entry["OPTIONS"] == {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA secure_delete=ON;",
        }

    def test_keeps_connections_to_postgresql(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, f"postgres://line:{SECRET}%2F@db.example:5433/hearback")
        monkeypatch.setenv("DATABASE_CONN_MAX_AGE", "30")
        entry = env.database(NAME, "")
        assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", 5433, "hearback")
        assert entry["PASSWORD"] == f"{SECRET}/"
        assert (entry["CONN_MAX_AGE"], entry["CONN_HEALTH_CHECKS"]) == (30, True)

    def test_lets_postgresql_compile_no_queries_unless_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, "postgres://db.example/hearback?sslmode=require")
        entry = env.database(NAME, "")
        assert entry["OPTIONS"] == {"options": "-c jit=off", "sslmode": "require"}
        monkeypatch.setenv(NAME, "postgres://db.example/hearback?options=-c%20jit%3Don")
        assert env.database(NAME, "")["OPTIONS"] == {"options": "-c jit=on"}

    @pytest.mark.parametrize(
        ("nonsense", "complaint"),
        [
            (f"mysql://line:{SECRET}@db/hearback", "must begin with sqlite or postgres"),
            (f"postgres://line:{SECRET}/x@db/hearback", "is no address"),
            (f"postgres://line:{SECRET}@db:many/hearback", "is no address"),
            (f"postgres://line:{SECRET}@db", "must end with the name of the database"),
        ],
    )
    def test_refuses_nonsense_without_showing_the_password(
        self, nonsense: str, complaint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} {complaint}") as refused:
            env.database(NAME, "")
        assert SECRET not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None


class TestMail:
    def test_leaves_by_a_providers_api(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "anymail:mailgun")
        monkeypatch.setenv("ANYMAIL_MAILGUN_API_KEY", "only for tests")

        assert env.mail(NAME, "mailbox:") == {
            "EMAIL_BACKEND": "backlog.delivery.provider.ProviderBackend",
            "EMAIL_PROVIDER": "mailgun",
            "ANYMAIL": {"MAILGUN_API_KEY": "only for tests"},
        }

    def test_leaves_by_no_provider_that_does_not_carry_what_we_need(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, "anymail:postal")
        with pytest.raises(ImproperlyConfigured, match="one of brevo, mailgun"):
            env.mail(NAME, "mailbox:")

    def test_says_which_packages_a_provider_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, "anymail:mailgun")
        monkeypatch.setattr(env, "find_spec", lambda _: None)
        with pytest.raises(ImproperlyConfigured, match=r"requirements/anymail\.txt"):
            env.mail(NAME, "mailbox:")

    def test_goes_to_the_local_mailbox_by_default(self) -> None:
        assert env.mail(NAME, "mailbox:") == {
            "EMAIL_BACKEND": "backlog.delivery.mailbox.MailboxBackend"
        }

    def test_goes_to_a_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, f"smtp+tls://line:{SECRET}@mail.example:587")
        assert env.mail(NAME, "mailbox:") == {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "mail.example",
            "EMAIL_PORT": 587,
            "EMAIL_HOST_USER": "line",
            "EMAIL_HOST_PASSWORD": SECRET,
            "EMAIL_USE_TLS": True,
        }

    @pytest.mark.parametrize(
        "nonsense", [f"smtp://line:{SECRET}/x@mail", "smtp://[::1", "pop3://x"]
    )
    def test_refuses_nonsense_without_showing_the_password(
        self, nonsense: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(NAME, nonsense)
        with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
            env.mail(NAME, "mailbox:")
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("DEBUG", "perhaps"),
        ("SITE_URL", "hearback.example"),
        ("DATABASE_URL", "excel:sheet"),
        ("REDIS_URL", "http://redis"),
        ("EMAIL_URL", "pigeon:"),
        ("LANGUAGE_CODE", "fr"),
        ("LOG_LEVEL", "LOUD"),
        ("PROXIES", "some"),
        ("API_CALLS_PER_MINUTE", "0"),
        ("API_STRANGERS_CALLS_PER_MINUTE", "none"),
    ],
)
def test_settings_do_not_start_with_nonsense(name: str, nonsense: str) -> None:
    unset = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "SITE_URL", "LANGUAGE_CODE"}
    unset |= {"LOG_LEVEL"}
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    started = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env=kept | {name: nonsense},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name} must" in started.stderr


class TestKeptSecret:
    def test_is_the_same_the_next_time_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        place = tmp_path / "new" / "secret-key"

        first = env.kept_secret(place)

        assert len(first) >= 50
        assert env.kept_secret(place) == first
        assert place.stat().st_mode & 0o777 == 0o600

    def test_says_what_to_set_where_nothing_can_be_kept(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
            env.kept_secret(tmp_path / "file" / "secret-key")
