"""Entry points for workers: read the clock, call operations, nothing more."""

from time import monotonic
from typing import Final

from celery import shared_task
from django.utils import timezone

from council.dispatch import invitations as invitation_dispatch
from council.dispatch import letters
from council.operations import (
    ballots,
    invitations,
    ledger_seals,
    left_over_items,
    minutes,
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


@shared_task(name="council.approve_minutes")
def approve_minutes() -> None:
    """Minutes against which nobody objected in time are approved by silence."""
    minutes.approve_unopposed(by=None, at=timezone.now())


@shared_task(name="council.remind")
def remind() -> None:
    """Who has an agenda to read, a vote to answer, minutes or actions hears of it."""
    reminders.remind_by_the_clock(by=None, at=timezone.now())


@shared_task(name="council.seal_ledger")
def seal_ledger() -> None:
    """What was written since the last link of the ledger's chain becomes the next one."""
    while ledger_seals.seal_ledger(by=None, at=timezone.now()) >= ledger_seals.AT_ONCE:
        pass


@shared_task(name="council.send_letters")
def send_letters() -> None:
    """Mail to colleagues: approved minutes within a minute, and reminders."""
    letters.send_letters(now=timezone.now)
