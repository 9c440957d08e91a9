"""Mail servers of all kinds, and what a company looks like that writes to all of them.

`python -m tests.services.mischief announce 5000` does it in the database of the environment, and
`… figures` says as JSON what became of everybody: the faults' tests kill the database, and so
keep no connection of their own.
"""

import json
import sys
import threading
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from tests import smtp

GOOD, HANGS, DROPS, LATER, FULL, NOBODY, DIES = (
    *("good.example", "hangs.example", "drops.example", "later.example"),
    *("full.example", "nobody.example", "dies.example"),
)
MENDED = (HANGS, DROPS, LATER, FULL)
DOMAINS = (*[GOOD] * 14, HANGS, DROPS, LATER, FULL, NOBODY, DIES)


class Servers:
    """What they answer by the domain of the recipient, until they are mended."""

    def __init__(self, box: smtp.Postbox) -> None:
        self.box = box
        self.is_mended = threading.Event()
        self._died_over = set[str]()
        box.answer_to = self._to
        box.answer_taken = self._taken

    @property
    def deaths(self) -> int:
        return len(self._died_over)

    def _to(self, to: str) -> str:
        domain = to.partition("@")[2]
        if domain == NOBODY:
            return "550 5.1.1 No such user"
        if self.is_mended.is_set():
            return "250 OK"
        bad = {HANGS: smtp.HANG, DROPS: "", LATER: "451 4.3.2 Later", FULL: "452 4.2.2 Full"}
        return bad.get(domain, "250 OK")

    def _taken(self, to: str) -> str:
        """One accepts, and dies before it says so; a few times only."""
        if to.endswith(f"@{DIES}") and self.deaths < 4 and to not in self._died_over:
            self._died_over.add(to)
            return ""
        return "250 OK"

    def check(self, *, asked_by: int, at_most: int) -> None:
        """Each who has a mailbox was written to; repeats are few, and have the same Message-ID.

        Seen to fail with a Message-ID that is drawn anew.
        """
        ids = defaultdict[str, list[str]](list)
        for delivery in self.box.deliveries:
            ids[delivery.to].append(delivery.message_id)
        nobody = DOMAINS.count(NOBODY) * asked_by // len(DOMAINS)
        assert len(ids) == asked_by - nobody
        assert all(len(set(each)) == 1 for each in ids.values())
        assert len({each[0] for each in ids.values()}) == len(ids)
        repeats = len(self.box.deliveries) - len(ids)
        assert repeats <= at_most + self.deaths, f"{repeats} repeats"


def announce(asked_by: int) -> None:
    from backlog.models import ContactPoint
    from tests import audience

    outcome = audience.announce(asked_by=asked_by)
    points = list(ContactPoint.objects.filter(customer__obligations__announcement__outcome=outcome))
    for number, point in enumerate(points):
        point.address = f"{point.pk}@{DOMAINS[number % len(DOMAINS)]}"
    ContactPoint.objects.bulk_update(points, ["address"], batch_size=500)


def figures() -> dict[str, Any]:
    """How many obligations there are in each state, by domain, and how many were recorded told."""
    from backlog.models import Event, Obligation

    rows = Obligation.objects.values_list("customer__contact_points__address", "status")
    states = Counter((address.partition("@")[2], status) for address, status in rows)
    return {
        "states": {f"{domain} {status}": n for (domain, status), n in sorted(states.items())},
        "told": Event.objects.filter(kind="customer.told").count(),
    }


def waits(figures: dict[str, Any], *, but: tuple[str, ...] = ()) -> list[str]:
    """Domains at which somebody still waits."""
    owed = [key.split()[0] for key in figures["states"] if key.endswith(" owed")]
    return [domain for domain in owed if domain not in but]


def let_time_pass() -> None:
    """All that has to wait has waited. Leases only run out where no worker is alive."""
    from django.utils import timezone

    from backlog.models import MailDomain, Notice

    past = timezone.now() - timedelta(seconds=1)
    Notice.objects.filter(status=Notice.Status.QUEUED).update(not_before=past)
    MailDomain.objects.filter(rests_until__isnull=False).update(rests_until=past)


def try_again() -> None:
    """A colleague has seen what was given up, and that the servers are mended."""
    from django.utils import timezone

    from backlog.models import Notice
    from backlog.operations import notices

    for pk in Notice.objects.filter(status=Notice.Status.DEAD).values_list("pk", flat=True):
        if Notice.objects.filter(pk=pk, items__obligation__status="owed").exists():
            notices.retry_notice(notice_id=pk, by=None, at=timezone.now())


def let_leases_run_out() -> None:
    from django.utils import timezone

    from backlog.models import Notice

    past = timezone.now() - timedelta(seconds=1)
    Notice.objects.filter(status=Notice.Status.SENDING).update(lease_until=past)
    let_time_pass()


def main(command: str, *numbers: str) -> None:
    import django

    django.setup()
    from backlog.auth import origins
    from backlog.rules.origins import COMMAND

    known = [announce, figures, let_time_pass, let_leases_run_out, try_again]
    [function] = [each for each in known if each.__name__ == command]
    with origins.acting(COMMAND, process="mischief"):
        print(json.dumps(function(*map(int, numbers))))  # type: ignore[operator]


if __name__ == "__main__":
    main(*sys.argv[1:])
