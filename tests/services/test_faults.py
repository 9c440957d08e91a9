"""Whatever is killed and however mail servers misbehave: nobody is forgotten, hardly anybody twice.

Ten rounds of 5,000 notices take a quarter of an hour: `make faults`. FAULTS_ROUNDS and
FAULTS_NOTICES make it shorter, FAULTS_SEED repeats a round that failed.

Repeats, all with the same Message-ID, come of three things only, and are counted: a worker or
the database dies between the server's yes and our commit (a few messages for each process that
was sending), or a server takes a message and dies before it says so.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from backlog.dispatch import mail
from tests import smtp
from tests.services import installation, mischief
from tests.services.installation import PROCESSES, WORKERS, Installation

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "10"))
NOTICES = int(os.environ.get("FAULTS_NOTICES", "5000"))
SEED = int(os.environ.get("FAULTS_SEED", "2026"))
STRIKES = 6
SENDING = PROCESSES * WORKERS


@pytest.fixture
def company(tmp_path: Path) -> Iterator[tuple[Installation, mischief.Servers]]:
    lacking = installation.missing()
    if lacking:
        pytest.skip(f"needs programs that are not here: {lacking}")
    with smtp.postbox() as box:
        servers, here = mischief.Servers(box), Installation(tmp_path, mail_port=box.port)
        try:
            here.start()
            yield here, servers
        finally:
            here.stop()
            print(here.logs())  # pytest shows it where a test has failed


@pytest.mark.parametrize("number", range(ROUNDS))
def test_everybody_is_told_whatever_is_killed(
    company: tuple[Installation, mischief.Servers], number: int
) -> None:
    """Its small sister in test_delivery.py was seen to fail with leases that never run out, with
    what is told recorded before it is sent, and with a Message-ID drawn anew each time.
    """
    here, servers = company
    dice = random.Random(SEED + number)
    here.in_the_database("announce", str(NOTICES))
    repeats = _strike(here, servers.box, dice)

    # A hanging domain does not hold up the others: they are told while it still hangs.
    repeats += _until(here, lambda: _waits(here, but=mischief.MENDED) == [])
    servers.is_mended.set()
    repeats += _until(here, lambda: _nobody_waits_any_more(here))

    assert here.is_healthy()
    servers.check(asked_by=NOTICES, at_most=repeats)
    found = here.in_the_database("figures")
    nobody = NOTICES // len(mischief.DOMAINS)
    assert found["states"][f"{mischief.NOBODY} bounced"] == nobody
    assert found["told"] == NOTICES - nobody


def _nobody_waits_any_more(here: Installation) -> bool:
    """What was leaving while the servers were mended may be given up after that: it goes, too."""
    here.in_the_database("try_again")
    return _waits(here) == []


def _strike(here: Installation, box: smtp.Postbox, dice: random.Random) -> int:
    """Kill all kinds of programs at random moments; how many messages may have been repeated."""
    targets = ["postgres", "redis", "web", "beat", *[f"worker {n}" for n in range(WORKERS)]]
    order = dice.sample(targets, k=len(targets)) + dice.choices(targets, k=STRIKES - len(targets))
    repeats = 0
    for number, target in enumerate(order, start=1):
        _nudge(here)
        with suppress(AssertionError):  # It may be slow; it is struck in any case.
            box.wait_for(NOTICES * number // (2 * len(order)), seconds=15)
        time.sleep(dice.uniform(0, 1))
        here.strike(target, down=dice.uniform(0, 2))
        repeats += {"postgres": SENDING}.get(target, PROCESSES if "worker" in target else 0)
    return repeats * mail.UNRECORDED


def _until(here: Installation, is_done: Callable[[], bool], *, seconds: float = 600) -> int:
    """Let time pass until it is so; how many messages may have been repeated meanwhile."""
    ends, deaths = time.monotonic() + seconds, 0
    while True:
        for _ in range(10):
            _nudge(here)
            time.sleep(1)
            if is_done():
                return deaths * SENDING * mail.UNRECORDED
            here.in_the_database("let_time_pass")
            assert time.monotonic() < ends, here.in_the_database("figures")
        # What dead workers held is still leased; no worker may be alive when that runs out early.
        here.kill_workers()
        deaths += 1
        here.in_the_database("let_leases_run_out")
        here.start_workers()


def _waits(here: Installation, *, but: tuple[str, ...] = ()) -> list[str]:
    return mischief.waits(here.in_the_database("figures"), but=but)


def _nudge(here: Installation) -> None:
    """As a web process does; beat comes anyway."""
    app = Celery(broker=here.broker)
    with suppress(OSError, KombuError, RedisError), app.connection_for_write() as line:
        for _ in range(SENDING):
            app.send_task("backlog.deliver_notices", connection=line, retry=False)
