"""Whatever dies on the way, everybody is told, and nobody twice outside the one window.

The window: a worker dies after the mail server said yes and before the database knows. Whoever is
told again gets the same Message-ID, by which mail programs show one message.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from backlog import tasks
from backlog.dispatch import mail
from backlog.models import ContactPoint, Event, Notice, Obligation
from tests import audience
from tests.services import mischief
from tests.services.conftest import Worker, empty_broker, eventually
from tests.smtp import Postbox

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
]
PATIENCE = 300  # A domain that did not answer in time is left alone for two minutes.
StartWorker = Callable[[], Worker]


def many() -> int:
    """SQLite commits one at a time, and the suite has to end some day."""
    return 2000 if connection.vendor == "postgresql" else 200


def nudge() -> None:
    """One for each process of a worker; beat does the same every few seconds."""
    for _ in range(Worker.PROCESSES):
        tasks.deliver_notices.delay()


def let_leases_run_out() -> None:
    """Five minutes later, and what a killed worker had sent to the database is over as well.

    A claim of its that is stored after this would be held for as long as the test waits.
    """
    assert eventually(lambda: not _somebody_is_writing())
    past = timezone.now() - timedelta(seconds=1)
    Notice.objects.filter(status=Notice.Status.SENDING).update(lease_until=past)


def _somebody_is_writing() -> bool:
    if connection.vendor == "sqlite":
        return False  # What a killed process had begun went with it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            " AND xact_start IS NOT NULL"
        )
        return bool(cursor.fetchone()[0])


def have_come(box: Postbox, count: int) -> bool:
    """Asked again and again, it nudges as beat does: a run that met a silent server has ended."""
    nudge()
    time.sleep(0.5)
    return len(box.deliveries) >= count


def everybody_is_told() -> bool:
    nudge()
    time.sleep(0.5)
    return not _somebody_waits()


def _somebody_waits() -> bool:
    return Obligation.objects.exclude(status=Obligation.Status.TOLD).exists()


def check(box: Postbox, asked_by: int, *, deaths: int) -> None:
    """Everybody was reached and it is on record once; repeats only in the window."""
    ids = defaultdict(list)
    for delivery in box.deliveries:
        ids[delivery.to].append(delivery.message_id)
    assert set(ids) == set(ContactPoint.objects.values_list("address", flat=True))
    assert len(ids) == asked_by
    assert all(len(set(each)) == 1 for each in ids.values())
    assert len({each[0] for each in ids.values()}) == asked_by
    assert len(box.deliveries) - asked_by <= deaths * Worker.PROCESSES * mail.UNRECORDED
    assert Event.objects.filter(kind="customer.told").count() == asked_by
    assert set(Notice.objects.values_list("status", flat=True)) == {Notice.Status.SENT}


def test_everybody_is_told_when_a_worker_is_killed_at_work(
    box: Postbox, start_worker: StartWorker
) -> None:
    audience.announce(asked_by=many())
    first = start_worker()
    assert eventually(lambda: have_come(box, many() // 4), seconds=PATIENCE)
    first.kill()
    assert _somebody_waits()

    let_leases_run_out()
    start_worker()
    nudge()

    assert eventually(everybody_is_told, seconds=PATIENCE)
    check(box, many(), deaths=1)


def test_everybody_is_told_when_the_broker_forgets_everything(
    box: Postbox, start_worker: StartWorker
) -> None:
    audience.announce(asked_by=many() // 4)
    first = start_worker()
    assert eventually(lambda: have_come(box, many() // 20), seconds=PATIENCE)
    first.kill()
    nudge()
    empty_broker()

    let_leases_run_out()
    start_worker()
    audience.announce(asked_by=many() // 20)
    nudge()

    assert eventually(everybody_is_told, seconds=PATIENCE)
    check(box, many() // 4 + many() // 20, deaths=1)


def test_a_worker_goes_on_when_the_broker_forgets_everything(
    box: Postbox, start_worker: StartWorker
) -> None:
    audience.announce(asked_by=20)
    start_worker()
    nudge()
    assert eventually(everybody_is_told, seconds=PATIENCE)
    empty_broker()

    audience.announce(asked_by=20)
    nudge()

    assert eventually(everybody_is_told, seconds=PATIENCE)
    check(box, 40, deaths=0)


def test_everybody_is_told_however_mail_servers_misbehave(
    box: Postbox, start_worker: StartWorker
) -> None:
    """The faults' tests in small: one death, and servers that hang, drop, refuse and die."""
    servers, asked_by = mischief.Servers(box), 60
    mischief.announce(asked_by)
    first = start_worker()
    assert eventually(lambda: have_come(box, 20), seconds=PATIENCE)
    first.kill()

    mischief.let_leases_run_out()
    start_worker()
    assert eventually(lambda: _are_told(but=mischief.MENDED), seconds=PATIENCE), mischief.figures()
    servers.is_mended.set()
    assert eventually(_are_told_again, seconds=PATIENCE), mischief.figures()

    servers.check(asked_by=asked_by, at_most=Worker.PROCESSES * mail.UNRECORDED)
    assert Obligation.objects.filter(status="bounced").count() == asked_by // 20


def _are_told_again() -> bool:
    """What was leaving while the servers were mended may be given up after that: it goes, too."""
    mischief.try_again()
    return _are_told()


def _are_told(*, but: tuple[str, ...] = ()) -> bool:
    mischief.let_time_pass()
    nudge()
    time.sleep(0.5)
    return mischief.waits(mischief.figures(), but=but) == []
