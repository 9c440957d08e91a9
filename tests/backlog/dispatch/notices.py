"""Audiences at many domains, and what becomes of their messages."""

from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from backlog.models import (
    ContactPoint,
    MailDomain,
    Notice,
    Outcome,
)
from tests import audience, smtp


def move(outcome: Outcome, *, to: str) -> None:
    """Who asked for it has an address at this domain."""
    points = ContactPoint.objects.filter(customer__obligations__announcement__outcome=outcome)
    for point in points:
        point.address = f"{point.pk}@{to}"
    ContactPoint.objects.bulk_update(points, ["address"])


def each_at_a_domain_of_their_own(asked_by: int, *, begin: int = 0) -> None:
    outcome = audience.announce(asked_by=asked_by)
    points = ContactPoint.objects.filter(customer__obligations__announcement__outcome=outcome)
    for number, point in enumerate(points, start=begin):
        point.address = f"{point.pk}@{number}.example"
    ContactPoint.objects.bulk_update(points, ["address"])


def noting(heard: list[str], answer: Callable[[], str]) -> smtp.Answer:
    def answer_to(to: str) -> str:
        heard.append(to)
        return answer()

    return answer_to


def wait_for_what_is_due_next() -> None:
    """So long that all mail may leave again, or else that the next message is due."""
    pause = MailDomain.objects.filter(domain="", failures__gt=0).first()
    queued = Notice.objects.filter(status="queued").order_by("not_before")
    first = queued.first()
    moment = pause.rests_until if pause else first.not_before if first else None
    if moment:
        passed = moment - timezone.now() + timedelta(milliseconds=1)
        MailDomain.objects.filter(failures__gt=0).update(rests_until=F("rests_until") - passed)
        queued.update(not_before=F("not_before") - passed)


def statuses() -> dict[str, int]:
    counted = dict[str, int]()
    for status in Notice.objects.values_list("status", flat=True):
        counted[status] = counted.get(status, 0) + 1
    return counted


def fall_over() -> None:
    """As the database does when it is restarted, or when somebody else keeps it locked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise OperationalError("database is locked")
