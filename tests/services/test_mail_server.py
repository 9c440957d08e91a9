"""What becomes of fifty customers of fifty domains when a real mail server refuses.

One wrong line in a mail server's configuration must not close anybody's address, and who looks at
the delivery page reads what is wrong with our own side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from pytest_django import Settings

from backlog import tasks
from backlog.models import ContactPoint, MailDomain, Notice, Obligation, User
from tests import audience
from tests.services import exim, mischief

pytestmark = [
    pytest.mark.mailserver,
    pytest.mark.skipif(not exim.program(), reason="needs Debian's mail server exim4"),
    pytest.mark.django_db,
]
CUSTOMERS = 50


@dataclass(frozen=True)
class Way:
    """How it refuses, and what the page says about it."""

    words: tuple[str, ...]
    ours: str = "*"
    recipient: str = ""
    data: str = ""


RELAY = Way(
    ("does not pass on our mail", "EMAIL_URL", "all mail waits"),
    recipient="  deny message = relay not permitted\n    domains = ! our.example",
)
SENDER = Way(
    ("sender address is not accepted", "EMAIL_FROM", "all mail waits"),
    ours="d*.example",
    recipient="  require verify = sender",
)
NOBODY_KNOWN = Way(
    ("There is no such mailbox", "all mail waits", "whoever we write to"),
    ours="our.example",
    recipient="  deny message = 550 5.1.1 User unknown\n    domains = ! +ours",
)
FULL = Way(
    ("The mailbox is full", "all mail waits"),
    recipient="  deny message = 552 5.2.2 Mailbox full",
)
POLICY = Way(
    ("policy refuses our mail", "blocklist", "all mail waits"),
    data="  deny message = Message refused",
)
SLOW = Way(
    ("did not answer in time", "perhaps it is our own mail server"),
    recipient="  accept delay = 20s",
)


@pytest.fixture
def server(settings: Settings) -> Iterator[exim.Exim]:
    server = exim.Exim()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 1
    yield server
    print(server.log())  # pytest shows it where a test has failed
    server.remove()


def announce() -> None:
    """Each customer has a domain of their own."""
    outcome = audience.announce(asked_by=CUSTOMERS)
    points = list(ContactPoint.objects.filter(customer__obligations__announcement__outcome=outcome))
    for number, point in enumerate(points):
        point.address = f"customer@d{number}.example"
    ContactPoint.objects.bulk_update(points, ["address"])


def deliver(*, times: int = 1) -> None:
    for _ in range(times):
        tasks.deliver_notices()
        mischief.let_time_pass()


def page(person: User, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/loop/delivery/").content.decode()


@pytest.mark.parametrize(
    "way",
    [RELAY, SENDER, NOBODY_KNOWN, FULL, POLICY, SLOW],
    ids=["relay", "sender", "nobody known", "full", "policy after DATA", "slow"],
)
def test_no_address_is_closed_by_a_server_that_refuses_everybody(
    server: exim.Exim, way: Way, mina: User
) -> None:
    """Seen to close nearly all of them with a rule that takes any 550 for a dead address."""
    server.start(ours=way.ours, recipient=way.recipient, data=way.data)
    announce()

    for _ in range(3):
        tasks.deliver_notices()

    assert not ContactPoint.objects.unusable().exists()
    assert set(Obligation.objects.values_list("status", flat=True)) == {"owed"}
    assert set(Notice.objects.values_list("status", flat=True)) == {"queued"}
    shown = page(mina)
    for words in way.words:
        assert words in shown

    server.start()
    mischief.let_time_pass()
    deliver(times=3)

    assert set(Obligation.objects.values_list("status", flat=True)) == {"told"}
    assert not MailDomain.objects.failing().exists()
    assert "our own mail server" not in page(mina).lower()


@pytest.mark.parametrize("way", [RELAY, SENDER, POLICY], ids=["relay", "sender", "policy"])
def test_no_attempt_is_lost_while_our_own_side_is_refused(server: exim.Exim, way: Way) -> None:
    server.start(ours=way.ours, recipient=way.recipient, data=way.data)
    announce()

    deliver(times=12)

    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}
    assert MailDomain.objects.get(domain="").failures >= 2


def test_only_those_are_closed_whom_the_server_does_not_know(server: exim.Exim) -> None:
    announce()
    gone = [f"nobody@d{number}.example" for number in (3, 4, 30)]
    for address in gone:
        point = ContactPoint.objects.get(address=address.replace("nobody", "customer"))
        ContactPoint.objects.filter(pk=point.pk).update(address=address)
    server.start(recipient="  require verify = recipient")

    deliver(times=2)

    closed = ContactPoint.objects.unusable().values_list("address", flat=True)
    assert sorted(closed) == sorted(gone)
    assert Obligation.objects.filter(status="told").count() == CUSTOMERS - len(gone)
    assert set(Notice.objects.exclude(failure="").values_list("judged_as", flat=True)) == {
        "no_mailbox"
    }
