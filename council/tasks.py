"""Entry points for workers: read the clock, call operations, nothing more."""

from celery import shared_task
from django.utils import timezone

from council.dispatch import letters
from council.operations import (
    ballots,
    ledger_seals,
    left_over_items,
    reminders,
    reopened_requests,
)


@shared_task(name="council.close_due_ballots")
def close_due_ballots() -> None:
    """Ballots between meetings close when their deadline has passed."""
    ballots.close_due(by=None, at=timezone.now())


@shared_task(name="council.put_reopened_on_agenda")
def put_reopened_on_agenda() -> None:
    """Requests that customers' answers have opened again come before the council."""
    reopened_requests.put_on_agenda(by=None, at=timezone.now())


@shared_task(name="council.put_left_over_on_agenda")
def put_left_over_on_agenda() -> None:
    """What a meeting that was never opened was to take up goes to the next one."""
    left_over_items.put_on_agenda(by=None, at=timezone.now())


@shared_task(name="council.approve_minutes")
def approve_minutes() -> None:
    """Minutes against which nobody objected in time are approved by silence."""
    reminders.approve_by_silence(by=None, at=timezone.now())


@shared_task(name="council.remind")
def remind() -> None:
    """Who has minutes to approve or actions to do hears of it, once each time."""
    reminders.remind(by=None, at=timezone.now())


@shared_task(name="council.seal_ledger")
def seal_ledger() -> None:
    """What was written since the last link of the ledger's chain becomes the next one."""
    while ledger_seals.seal_ledger(by=None, at=timezone.now()) >= ledger_seals.AT_ONCE:
        pass


@shared_task(name="council.send_letters")
def send_letters() -> None:
    """Mail to colleagues: approved minutes within a minute, and reminders."""
    letters.send_letters(now=timezone.now)
