"""Telling customers by e-mail, against one Python sender that renders the very same messages.

Both talk to the same sink over one kept-open connection. Ours also composes, claims, looks up
consents and addresses, and records what became of each message. And two workers against one, with
a server that takes its time: they share nothing but the database.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from backlog import tasks
from backlog.delivery import mail, message_items, rendering
from backlog.delivery.message_templates import MessageTexts
from backlog.models import Notice, Obligation, Outcome
from backlog.operations import notice_composition, obligations
from bench import measure
from tests import audience

MESSAGES = 1000
ROUNDS = 5
ROUNDS_SLOWLY = 2
SLOWLY = 0.05  # seconds for each message
FEW = 200


def figures() -> Iterator[measure.Figure]:
    yield _against_a_sender()
    yield _two_against_one()


def _against_a_sender() -> measure.Figure:
    outcomes = iter([audience.record(asked_by=MESSAGES) for _ in range(ROUNDS + 1)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have done by now
    with _sink() as port, _smtp_at(port), mock.patch.object(tasks, "nudge"):
        _deliver(next(outcomes))
        sent = list(Notice.objects.select_related("customer", "contact_point"))
        told = message_items.items_of_each(sent)
        return measure.compare(
            f"deliver {MESSAGES:,} notices",
            ours=lambda: _deliver(next(outcomes)),
            limit=lambda: _send_again(sent, told),
            units=MESSAGES,
            target="≥ 0.70",
            rounds=ROUNDS,
        )


def _two_against_one() -> measure.Figure:
    # Who asked is recorded before: that is no part of telling them.
    outcomes = iter([audience.record(asked_by=FEW) for _ in range(2 * ROUNDS_SLOWLY)])
    with _sink(SLOWLY) as port, _smtp_at(port), mock.patch.object(tasks, "nudge"):
        return measure.compare(
            f"deliver {FEW} to a server at {SLOWLY * 1000:.0f} ms, two workers",
            ours=lambda: _deliver(next(outcomes), workers=2),
            limit=lambda: _deliver(next(outcomes)),
            units=FEW,
            target="≥ 1.80",
            rounds=ROUNDS_SLOWLY,
        )


def _deliver(outcome: Outcome, *, workers: int = 1) -> None:
    obligations.release(outcome, by=None, at=timezone.now())
    if workers == 1:
        tasks.deliver_notices()
    else:
        # Who finds nothing to write goes home; in life, beat has them come again.
        while notice_composition.compose_notices(by=None, at=timezone.now()):
            pass
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(_work, range(workers)))
    assert not outcome.obligations.exclude(status=Obligation.Status.TOLD).exists()


def _work(_number: int) -> None:
    tasks.deliver_notices()
    connection.close()


def _send_again(sent: list[Notice], told: dict[int, list[message_items.MessageItem]]) -> None:
    with mail.Sender() as sender:
        for notice in sent:
            message = rendering.render(notice, told[notice.pk], MessageTexts(), at=timezone.now())
            assert notice.contact_point is not None
            sender.send(message, to=notice.contact_point.address)


def _smtp_at(port: int) -> override_settings:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
    )


@contextmanager
def _sink(latency: float = 0) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.sink", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
