from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings
from redis.exceptions import ConnectionError as NoRedis

from backlog.auth.rate_limits import Limit, address_of
from tests.factories import NOON

THRICE = Limit("test", times=3, seconds=60)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


class TestTake:
    def test_counts_until_it_is_over(self) -> None:
        counts = [THRICE.take("Kim", at=NOON) for _ in range(4)]

        assert [count.remaining for count in counts] == [2, 1, 0, 0]
        assert [count.is_over for count in counts] == [False, False, False, True]

    def test_counts_each_who_tries_by_themselves(self) -> None:
        for _ in range(4):
            THRICE.take("Kim", at=NOON)

        assert not THRICE.take("Lee", at=NOON).is_over

    def test_begins_anew_when_the_window_ends(self) -> None:
        last = [THRICE.take("Kim", at=NOON + timedelta(seconds=20)) for _ in range(4)][-1]

        assert last.wait == 40
        assert THRICE.take("Kim", at=NOON + timedelta(seconds=59)).is_over
        assert not THRICE.take("Kim", at=NOON + timedelta(seconds=60)).is_over

    def test_keeps_what_was_typed_out_of_the_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keys: list[str] = []
        monkeypatch.setattr(cache, "add", lambda key, *_args, **_more: keys.append(key))

        THRICE.take("kim@example.org\x00 and more", at=NOON)

        assert "kim" not in keys[0]
        assert len(keys[0]) < 100

    @pytest.mark.parametrize("failure", [NoRedis("down"), OSError("down")])
    def test_holds_nobody_up_when_the_cache_is_gone(
        self,
        failure: Exception,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def fail(*_args: object, **_more: object) -> None:
            raise failure

        monkeypatch.setattr(cache, "add", fail)
        monkeypatch.setattr(cache, "delete", fail)

        assert not any(THRICE.take("Kim", at=NOON).is_over for _ in range(9))
        THRICE.forget("Kim", at=NOON)
        assert "the cache does not answer" in caplog.text

    def test_holds_nobody_up_when_the_cache_forgets_meanwhile(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "add", lambda *_args, **_more: True)

        assert THRICE.take("Kim", at=NOON).remaining == 2


class TestForget:
    def test_counts_from_the_beginning_again(self) -> None:
        for _ in range(4):
            THRICE.take("Kim", at=NOON)

        THRICE.forget("Kim", at=NOON)

        assert THRICE.take("Kim", at=NOON).remaining == 2


class TestAddressOf:
    @pytest.mark.parametrize(
        ("proxies", "seen", "forwarded", "found"),
        [
            (0, "192.0.2.1", "", "192.0.2.1"),
            (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
            (1, "192.0.2.1", "198.51.100.7", "198.51.100.7"),
            (1, "192.0.2.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
            (2, "192.0.2.1", "203.0.113.9, 198.51.100.7", "203.0.113.9"),
            (2, "192.0.2.1", "198.51.100.7", "198.51.100.7"),
            (1, "192.0.2.1", "", "192.0.2.1"),
            (1, "192.0.2.1", "nonsense", "unknown"),
            (0, "2001:db8::1", "", "2001:db8::/64"),
            (0, "2001:db8::2", "", "2001:db8::/64"),
        ],
    )
    def test_is_what_the_last_trusted_proxy_saw(
        self, proxies: int, seen: str, forwarded: str, found: str, settings: Settings
    ) -> None:
        settings.PROXIES = proxies
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}

        request = RequestFactory(REMOTE_ADDR=seen, headers=headers).get("/")

        assert address_of(request) == found
