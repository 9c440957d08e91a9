"""The addresses of the council's resources."""

from rest_framework.routers import SimpleRouter

from council.api import actions, councils, decisions, meetings

router = SimpleRouter()
router.register("councils", councils.CouncilViewSet, "council")
router.register("seats", councils.SeatViewSet, "seat")
router.register("meetings", meetings.MeetingViewSet, "meeting")
router.register("agenda-items", meetings.AgendaItemViewSet, "agenda-item")
router.register("decisions", decisions.DecisionViewSet, "decision")
router.register("action-items", actions.ActionItemViewSet, "action-item")
