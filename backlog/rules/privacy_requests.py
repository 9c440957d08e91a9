"""When an answer is due to who asks about their own data."""

from datetime import date, datetime

from backlog.rules import calendars, months


def due_on(asked_at: datetime) -> date:
    """A month later, by the clock of the site."""
    return months.later(calendars.day_of(asked_at), 1)
