"""The addresses of the council's resources."""

from rest_framework.routers import SimpleRouter

from council.api import (
    action_items,
    agenda_items,
    ballots,
    councils,
    decisions,
    meetings,
    reports,
    seats,
    series,
)

router = SimpleRouter()
router.register("councils", councils.CouncilViewSet, "council")
router.register("seats", seats.SeatViewSet, "seat")
router.register("series", series.SeriesViewSet, "series")
router.register("meetings", meetings.MeetingViewSet, "meeting")
router.register("agenda-items", agenda_items.AgendaItemViewSet, "agenda-item")
router.register("ballots", ballots.BallotViewSet, "ballot")
router.register("decisions", decisions.DecisionViewSet, "decision")
router.register("action-items", action_items.ActionItemViewSet, "action-item")
router.register("reports", reports.ReportViewSet, "report")
