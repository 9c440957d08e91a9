"""A real mail server, Debian's Exim, with a configuration of its own on a port of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.services.conftest import eventually
from tests.services.installation import free_port

USER: Final = "Debian-exim"
_CONFIGURATION: Final = """
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
local_interfaces = 127.0.0.1
primary_hostname = mail.example.com
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 0
queue_only = true
domainlist ours = {ours}
acl_smtp_rcpt = recipient
acl_smtp_data = data

begin acl

recipient:
{recipient}
  accept

data:
{data}
  accept

begin routers

known:
  driver = redirect
  domains = +ours
  local_parts = ! ^nobody
  data = :blackhole:
  cannot_route_message = Unknown user
"""


def program() -> str | None:
    """Where it is on this machine, if it is."""
    return shutil.which("exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Exim:
    """Takes mail for `ours`, but for what the two lists (ACLs) refuse; it delivers nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="hearback-exim-"))
        self._process: subprocess.Popen[bytes] | None = None
        (self._folder / "spool").mkdir()
        if os.getuid() == 0:  # It goes on as a user of its own.
            self._folder.chmod(0o755)
            shutil.chown(self._folder, USER)
            shutil.chown(self._folder / "spool", USER)

    def start(self, *, ours: str = "*", recipient: str = "", data: str = "") -> None:
        """As it is configured now; who starts it again has it configured anew."""
        self.stop()
        configuration = self._folder / "exim.conf"
        configuration.write_text(
            _CONFIGURATION.format(folder=self._folder, ours=ours, recipient=recipient, data=data)
        )
        configuration.chmod(0o644)
        exim = program()
        assert exim is not None
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [exim, "-C", configuration, "-bdf", "-oX", f"127.0.0.1.{self.port}"],
                stdout=output,
                stderr=output,
            )
        assert eventually(self._answers, seconds=20), self.log()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        logs = [self._folder / "output", self._folder / "mainlog", self._folder / "paniclog"]
        return "\n".join(each.read_text()[-2000:] for each in logs if each.is_file())

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            return line.recv(3) == b"220"
        return False
