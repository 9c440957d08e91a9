import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from council.demo import sign_ins

MINA = sign_ins.SignIn("product manager", "mina@example.com", "a-password", "a-token")
NOOR = sign_ins.SignIn("council member", "noor@example.com", "another", "its-token")


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


class TestWrite:
    def test_writes_a_line_for_each_role_separated_by_tabs(self, place: Path) -> None:
        sign_ins.write([MINA, NOOR])

        assert (place / "demo-sign-ins.txt").read_text(encoding="utf-8") == (
            "product manager\tmina@example.com\ta-password\ta-token\n"
            "council member\tnoor@example.com\tanother\tits-token\n"
        )

    def test_lets_nobody_else_read_them_even_where_others_could_before(self, place: Path) -> None:
        (place / "demo-sign-ins.txt").touch(mode=0o644)

        sign_ins.write([MINA])

        assert stat.S_IMODE(sign_ins.path().stat().st_mode) == 0o600


class TestWelcome:
    def test_shows_passwords_the_first_time_only(self) -> None:
        sign_ins.write([MINA])

        first, second = sign_ins.welcome("http://here"), sign_ins.welcome("http://here")

        assert "a-password" in first
        assert "a-password" not in second
        assert "http://here" in second

    def test_never_shows_tokens(self) -> None:
        sign_ins.write([MINA])

        assert "a-token" not in sign_ins.welcome("http://here")

    def test_says_where_they_are(self, place: Path) -> None:
        sign_ins.write([MINA])

        assert str(place / "demo-sign-ins.txt") in sign_ins.welcome("http://here")
