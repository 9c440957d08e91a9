"""Entry points for workers: read the clock, call operations, nothing more."""

from celery import shared_task
from django.utils import timezone

from council.dispatch import reminders as reminder_dispatch
from council.operations import ballots, left_over_items, reminders, reopened_requests


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


@shared_task(name="council.remind_members")
def remind_members() -> None:
    """A day before a meeting or a deadline, those who have not read or answered."""
    reminders.remind_by_the_clock(by=None, at=timezone.now())


@shared_task(name="council.send_reminders")
def send_reminders() -> None:
    """Mail the reminders that were written."""
    reminder_dispatch.send_reminders(now=timezone.now)
