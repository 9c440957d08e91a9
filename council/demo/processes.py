"""Runs the web server, the worker and beat together, and leaves none of them behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

GRACE_SECONDS = 5  # Whatever a worker holds is leased: it may be killed at any time.


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass
class Processes:
    """Each in a session of its own, so that a signal reaches it and all its children."""

    environment: dict[str, str]
    logs: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    is_stopping: bool = False

    def start(self, name: str, module: str, arguments: Sequence[str]) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 -- our own programs
                [sys.executable, "-m", module, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def wait_until_answering(self, url: str, seconds: int) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping and self.first_ended() is None:
            with suppress(OSError), urlopen(url, timeout=2):  # noqa: S310 -- our own address
                return True
            time.sleep(0.1)
        return False

    def first_ended(self) -> str | None:
        return next((name for name, each in self.running.items() if each.poll() is not None), None)

    def wait(self) -> str | None:
        """Until somebody asks to stop, or a process ends by itself: its name."""
        while not self.is_stopping:
            ended = self.first_ended()
            if ended is not None:
                return ended
            time.sleep(0.2)
        return None

    def stop(self) -> None:
        """Ask all to end, wait a little, and kill what is left of their sessions."""
        for each in self.running.values():
            _signal(each, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for each in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                each.wait(max(deadline - time.monotonic(), 0))
        for each in self.running.values():
            _signal(each, signal.SIGKILL)
            each.wait()


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    # The group outlives its leader as long as any child of it runs.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
