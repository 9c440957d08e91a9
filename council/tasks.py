"""Entry points for workers: read the clock, call operations, nothing more."""

from time import monotonic
from typing import Final

from celery import shared_task
from django.utils import timezone

from council.dispatch import invitations as invitation_dispatch
from council.dispatch import reminders as reminder_dispatch
from council.operations import (
    ballots,
    invitations,
    left_over_items,
    reminders,
    reopened_requests,
    series,
)

RUN: Final = 60.0  # seconds; then other work may go first


@shared_task(name="council.send_invitations")
def send_invitations() -> None:
    """Send the invitations to meetings that are owed."""
    invitation_dispatch.send_invitations(until=monotonic() + RUN)


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


@shared_task(name="council.make_meetings_ahead")
def make_meetings_ahead() -> None:
    """Series have their meetings for half a year, as time goes on."""
    series.make_ahead(by=None, at=timezone.now())


@shared_task(name="council.keep_up_invitations")
def keep_up_invitations() -> None:
    """Who has got a seat is asked, who has left one is not, and quorums are looked after."""
    invitations.keep_up(by=None, at=timezone.now())


@shared_task(name="council.remind_members")
def remind_members() -> None:
    """A day before a meeting or a deadline, those who have not read or answered."""
    reminders.remind_by_the_clock(by=None, at=timezone.now())


@shared_task(name="council.send_reminders")
def send_reminders() -> None:
    """Mail the reminders that were written."""
    reminder_dispatch.send_reminders(now=timezone.now)
