"""Telling customers by e-mail, against one Python sender that renders the very same messages.

Both talk to the same sink over one kept-open connection. Ours also composes, claims, looks up
consents and addresses, and records each message in a transaction of its own.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from backlog import tasks
from backlog.delivery import mail, rendering, stories
from backlog.delivery.wording import Wording
from backlog.models import Notice, Obligation, Outcome
from backlog.operations import obligations
from bench import measure
from tests import audience

MESSAGES = 1000
ROUNDS = 5


def figures() -> list[measure.Figure]:
    outcomes = iter([audience.record(asked_by=MESSAGES) for _ in range(ROUNDS + 1)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have done by now
    with _sink() as port, _smtp_at(port), mock.patch.object(tasks, "nudge"):
        _deliver(next(outcomes))
        sent = list(Notice.objects.select_related("customer", "contact_point"))
        told = stories.stories_of(sent)
        return [
            measure.compare(
                f"deliver {MESSAGES:,} notices",
                ours=lambda: _deliver(next(outcomes)),
                limit=lambda: _send_again(sent, told),
                units=MESSAGES,
                target="≥ 0.70",
                rounds=ROUNDS,
            )
        ]


def _deliver(outcome: Outcome) -> None:
    obligations.release(outcome, at=timezone.now())
    tasks.deliver_notices()
    assert not outcome.obligations.exclude(status=Obligation.Status.TOLD).exists()


def _send_again(sent: list[Notice], told: dict[int, list[stories.Story]]) -> None:
    with mail.Sender() as sender:
        for notice in sent:
            message = rendering.render(notice, told[notice.pk], Wording(), at=timezone.now())
            assert notice.contact_point is not None
            sender.send(message, to=notice.contact_point.address)


def _smtp_at(port: int) -> override_settings:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
    )


@contextmanager
def _sink() -> Iterator[int]:
    command = [sys.executable, "-m", "bench.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
