"""The broker's folder: whatever lies in it, the worker goes on to the next message."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from django.conf import settings
from kombu import Connection
from kombu.simple import SimpleQueue

from config import broker

EXCHANGE = "nudges.exchange"
RUBBISH = {
    "an empty file": b"",
    "half a message": b'{"body": "e30=", "properties": {',
    "no JSON": b"\xff\xfe\x00",
    "a number": b"7",
    "a list": b"[]",
    "nothing": b"null",
    "no properties": b'{"body": "e30="}',
    "a body that is not base64": (
        b'{"body": "abc", "properties": {"delivery_tag": "1", "body_encoding": "base64"}}'
    ),
}


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    (tmp_path / "passed").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passed"))  # Kombu reads them there.
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    transport = "config.broker:Transport"
    broker.Transport.global_state.clear()  # Another test's folder is not this one's.
    with Connection("filesystem://", transport=transport, transport_options=options) as made:
        yield made


def first_in(folder: Path, content: bytes) -> None:
    """A file that comes before all others."""
    (folder / "0_first.nudges.msg").write_bytes(content)


def received(queue: SimpleQueue) -> object:
    message = queue.get_nowait()
    message.ack()
    return message.payload


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH.keys())
def test_what_is_no_message_is_passed_over_and_said(
    connection: Connection, tmp_path: Path, rubbish: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    queue = connection.SimpleQueue("nudges")
    queue.put({"deliver": 1})
    first_in(tmp_path, rubbish)

    assert received(queue) == {"deliver": 1}
    assert "is no message" in caplog.text
    with pytest.raises(Empty):
        queue.get_nowait()


def test_a_folder_among_the_files_is_passed_over(connection: Connection, tmp_path: Path) -> None:
    queue = connection.SimpleQueue("nudges")
    queue.put({"deliver": 1})
    (tmp_path / "0_first.nudges.msg").mkdir()

    assert received(queue) == {"deliver": 1}


@pytest.mark.parametrize("rubbish", [b"", b"[[", b"7"])
def test_a_broken_list_of_queues_is_begun_anew(
    connection: Connection,
    tmp_path: Path,
    rubbish: bytes,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker could not start, and no nudge could be put there."""
    monkeypatch.setattr(broker, "BEING_WRITTEN", 0)
    control = tmp_path / "control"
    control.mkdir()
    (control / EXCHANGE).write_bytes(rubbish)

    queue = connection.SimpleQueue("nudges")
    queue.put({"deliver": 1})

    assert received(queue) == {"deliver": 1}
    assert "begun anew" in caplog.text


def test_a_list_of_queues_that_breaks_later_is_written_again(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing would be found any more until all processes were started again."""
    monkeypatch.setattr(broker, "BEING_WRITTEN", 0)
    queue = connection.SimpleQueue("nudges")
    queue.put({"deliver": 1})
    (tmp_path / "control" / EXCHANGE).write_bytes(b"")

    queue.put({"deliver": 2})

    # In either order: files of the same millisecond are told apart by chance.
    both = [received(queue), received(queue)]
    assert {"deliver": 1} in both
    assert {"deliver": 2} in both


def test_installations_without_redis_use_it() -> None:
    if settings.REDIS_URL:
        pytest.skip("Redis carries the nudges here")
    assert settings.CELERY_BROKER_TRANSPORT == "config.broker:Transport"
