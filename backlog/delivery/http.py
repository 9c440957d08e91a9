"""The one way out by HTTP: short, bounded, without redirects, and not into private networks."""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import gettext as _

from backlog.rules import networks

TIMEOUT: Final = 10.0  # seconds: to connect, and for each time we wait for the other side
LONGEST: Final = 30.0  # seconds in all, for who answers a byte at a time
SHOWN: Final = 300  # bytes of the answer, to say what was wrong
AGENT: Final = "Hearback"
_PORTS: Final = {"https": 443, "http": 80}
_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST: Final = re.compile(
    rf"{_LABEL}(?:\.{_LABEL})*|[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._~-]+)?"
)
_LONGEST_HOST: Final = 253
_LONE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNWRITABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")


class BadAddress(Exception):  # noqa: N818 -- an answer, not a crash
    """Nothing is sent to such an address; the message says why, in the reader's language."""


class Unreachable(Exception):  # noqa: N818 -- a thing that happens to networks
    """No answer came, or none that HTTP knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; `text` is its beginning. `wait` is how long it asks us to wait."""

    status: int
    text: str
    wait: timedelta | None = None

    @property
    def is_yes(self) -> bool:
        return 200 <= self.status < 300


def check(url: str) -> None:
    """Raises BadAddress for what can be seen to be wrong without asking the network."""
    host = _split(url).hostname or ""
    with suppress(ValueError):
        _check_public(ipaddress.ip_address(host.partition("%")[0]))
    with suppress(OSError):  # As C reads addresses, and so does whoever looks this one up.
        _check_public(ipaddress.ip_address(socket.inet_aton(host)))


def written(url: str) -> str:
    """The address as it is called: only ASCII, everything else percent-encoded (RFC 3987).

    Raises BadAddress for what no encoding makes an address.
    """
    text = url.strip()
    if _UNWRITABLE.search(text):
        raise BadAddress(_("This is no address of the web."))
    parts = _split(text)
    host = parts.hostname or ""
    try:
        # A dot at the end means the same name, which certificates do not know.
        ascii_host = (host if host.isascii() else punycode(host)).removesuffix(".")
        if not _HOST.fullmatch(ascii_host) or len(ascii_host) > _LONGEST_HOST:
            raise BadAddress(_("This is no address of the web."))
        place = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
        netloc = place if parts.port is None else f"{place}:{parts.port}"
        path = parts._replace(scheme="", netloc="", fragment="").geturl()
        return f"{parts.scheme}://{netloc}{_LONE_PERCENT.sub('%25', iri_to_uri(path))}"
    except ValueError as error:
        raise BadAddress(_("This is no address of the web.")) from error


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it once. Raises BadAddress or Unreachable; whatever status comes back is an answer.

    The name is looked up once, and the address that was checked is the one that is called.
    """
    parts = _split(url)
    connection = _Connection(parts, _look_up(parts))
    end = threading.Timer(LONGEST, connection.hang_up)
    end.start()
    try:
        connection.request(
            "POST",
            parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl(),
            body=body,
            headers={"User-Agent": AGENT, "Content-Type": "application/json", **headers},
        )
        answer = connection.getresponse()
        if connection.is_hung_up:  # What came so far may look like an answer.
            raise TimeoutError("timed out")
        return Answer(answer.status, _beginning(answer), _wait(answer))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from error
    finally:
        end.cancel()
        connection.close()


def _beginning(answer: http.client.HTTPResponse) -> str:
    """Only to be shown. The status has said already whether it was taken: no need to wait long."""
    try:
        return answer.read1(SHOWN).decode("utf-8", "replace")
    except (OSError, ValueError, http.client.HTTPException):
        return ""


def _wait(answer: http.client.HTTPResponse) -> timedelta | None:
    """Of `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); None for anything else."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - datetime.now(UTC), timedelta())


class _Connection(http.client.HTTPConnection):
    """To one address of a host; its certificate must be the host's."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=TIMEOUT)
        self._address = address
        self._is_secret = parts.scheme == "https"
        self.is_hung_up = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._is_secret:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def hang_up(self) -> None:
        """Nobody waits for the other side any longer."""
        self.is_hung_up = True
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = _port(parts)
    except ValueError as error:
        raise BadAddress(_("This is no address of the web.")) from error
    if parts.scheme not in _PORTS or not parts.hostname or not port:
        raise BadAddress(_("This is no address of the web."))
    if parts.username or parts.password:
        raise BadAddress(_("Leave the user and the password out of the address."))
    if parts.scheme == "http" and not settings.PRIVATE_ENDPOINTS:
        raise BadAddress(_("The address must begin with https."))
    return parts


def _port(parts: SplitResult) -> int:
    return _PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def _look_up(parts: SplitResult) -> str:
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(str(error)) from error
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        _check_public(ipaddress.ip_address(address.partition("%")[0]))
    return addresses[0]


def _check_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not networks.is_public(address) and not settings.PRIVATE_ENDPOINTS:
        raise BadAddress(_("The address leads into a private network."))
