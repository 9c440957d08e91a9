"""With real processes, small ones: they are started, watched, and none is left behind."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from council.demo import processes
from council.demo.processes import Processes

# Has a child, and neither of them listens to polite requests.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open(sys.argv[1], "w").write(f"{os.getpid()} {child}")
time.sleep(60)
"""
BRIEF = "print('good-bye')"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.3)
    (tmp_path / "stubborn.py").write_text(STUBBORN, encoding="utf-8")
    (tmp_path / "brief.py").write_text(BRIEF, encoding="utf-8")
    demo = Processes({**os.environ, "PYTHONPATH": str(tmp_path)}, logs=tmp_path / "logs")
    yield demo
    demo.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z (zombie)" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def pids_in(file: Path) -> list[int]:
    deadline = time.monotonic() + 10
    while not (file.exists() and len(file.read_text().split()) == 2):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(pid) for pid in file.read_text().split()]


class TestStop:
    def test_leaves_no_process_and_no_child_of_one(self, demo: Processes, tmp_path: Path) -> None:
        demo.start("stubborn", "stubborn", [str(tmp_path / "pids")])
        pids = pids_in(tmp_path / "pids")
        assert all(is_alive(pid) for pid in pids)

        demo.stop()

        deadline = time.monotonic() + 10  # The child is collected by init, when it gets to it.
        while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(is_alive(pid) for pid in pids)

    def test_may_come_after_everything_has_ended_by_itself(self, demo: Processes) -> None:
        demo.start("brief", "brief", [])
        demo.running["brief"].wait(10)

        demo.stop()

        assert demo.first_ended() == "brief"


class TestWait:
    def test_tells_who_ended_by_itself(self, demo: Processes, tmp_path: Path) -> None:
        demo.start("stubborn", "stubborn", [str(tmp_path / "pids")])
        demo.start("brief", "brief", [])

        assert demo.wait() == "brief"
        assert demo.log("brief").read_text(encoding="utf-8") == "good-bye\n"

    def test_ends_when_somebody_asks_to_stop(self, demo: Processes, tmp_path: Path) -> None:
        before = signal.getsignal(signal.SIGTERM)
        try:
            demo.stop_on_signals()
            demo.start("stubborn", "stubborn", [str(tmp_path / "pids")])
            os.kill(os.getpid(), signal.SIGTERM)

            assert demo.wait() is None
        finally:
            signal.signal(signal.SIGTERM, before)


class TestIsFree:
    def test_is_false_where_somebody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            assert not processes.is_free(port)
        assert processes.is_free(port)


class TestWaitUntilAnswering:
    def test_gives_up_at_once_when_a_process_has_ended(self, demo: Processes) -> None:
        demo.start("brief", "brief", [])
        demo.running["brief"].wait(10)
        started = time.monotonic()

        assert not demo.wait_until_answering("http://127.0.0.1:9/", seconds=60)
        assert time.monotonic() - started < 10
