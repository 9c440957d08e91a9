"""Webhooks as standardwebhooks.com writes them."""

import base64
from datetime import UTC, datetime, timedelta

from backlog.rules import webhooks
from tests.factories import NOON


class TestHeaders:
    def test_sign_as_the_published_example_does(self) -> None:
        """The example that the reference libraries of Standard Webhooks are tested with."""
        key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

        headers = webhooks.headers(
            webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            body=b'{"test": 2432232314}',
            keys=[key],
            at=datetime.fromtimestamp(1614265330, UTC),
        )

        assert headers["webhook-timestamp"] == "1614265330"
        assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_sign_with_each_key_while_one_is_replaced(self) -> None:
        headers = webhooks.headers(webhook_id="msg_1", body=b"{}", keys=[b"new", b"old"], at=NOON)

        new, old = headers["webhook-signature"].split(" ")
        assert new != old
        assert new.startswith("v1,")
        assert old.startswith("v1,")


class TestWaitAfter:
    def test_climbs_the_published_ladder_and_ends(self) -> None:
        waits = [webhooks.wait_after(attempts) for attempts in range(1, 11)]

        assert waits[0] == timedelta(seconds=5)
        assert waits[8] == timedelta(hours=24)
        assert waits[9] is None
        assert sorted(wait for wait in waits if wait) == waits[:9]

    def test_is_as_long_as_the_receiver_asks_if_that_is_longer(self) -> None:
        asked = timedelta(minutes=2)

        assert webhooks.wait_after(1, asked=asked) == asked
        assert webhooks.wait_after(2, asked=asked) == timedelta(minutes=5)

    def test_is_never_longer_than_the_ladder_ever_is(self) -> None:
        assert webhooks.wait_after(1, asked=timedelta(days=3000)) == timedelta(hours=24)
        assert webhooks.wait_after(10, asked=timedelta(days=3000)) is None
