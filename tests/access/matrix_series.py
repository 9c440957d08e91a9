"""Who may do what with series of meetings and with invitations; `matrix` has all others."""

from typing import Final

from tests.access.matrix_rows import ALL, EVERYBODY, SECRETARIES

WRITE: Final = "council:write"

API: Final = (
    ("meeting-move", "POST", 422, SECRETARIES, WRITE),
    ("meeting-skip", "POST", 422, SECRETARIES, WRITE),
    ("meeting-restore", "POST", 200, SECRETARIES, WRITE),
    ("meeting-invite", "POST", 422, SECRETARIES, WRITE),
    ("meeting-answer", "POST", 422, ALL, WRITE),
    ("meeting-forecast", "GET", 200, ALL, "read"),
    ("series-list", "GET", 200, ALL, "read"),
    ("series-list", "POST", 422, SECRETARIES, WRITE),
    ("series-detail", "GET", 200, ALL, "read"),
    ("series-detail", "PATCH", 428, SECRETARIES, WRITE),
    ("series-end", "POST", 422, SECRETARIES, WRITE),
    ("series-days", "GET", 200, ALL, "read"),
)
PAGES: Final = (
    ("council:move-meeting", "POST", 302, SECRETARIES),
    ("council:skip-meeting", "POST", 302, SECRETARIES),
    ("council:restore-meeting", "POST", 302, SECRETARIES),
    ("council:off-holiday-meeting", "POST", 302, SECRETARIES),
    ("council:answer-invitation", "POST", 302, ALL),
    ("council:invite-guest", "POST", 302, SECRETARIES),
    ("council:series-new", "GET", 200, SECRETARIES),
    ("council:series-new", "POST", 422, SECRETARIES),
    ("council:series", "GET", 200, ALL),
    ("council:series-edit", "GET", 200, SECRETARIES),
    ("council:series-edit", "POST", 422, SECRETARIES),
    ("council:series-end", "POST", 422, SECRETARIES),
    # One's own.
    ("council:calendar", "GET", 200, ALL),
    ("council:calendar-make", "POST", 200, ALL),
    ("council:calendar-revoke", "POST", 302, ALL),
    # Behind a signed link, and under a private address that nobody here has.
    ("council:invitation", "GET", 200, EVERYBODY),
    ("council:invitation", "POST", 422, EVERYBODY),
    ("council:calendar-feed", "GET", 404, EVERYBODY),
)
