"""The addresses of the backlog's resources; the council adds its own beside them in config."""

from rest_framework.routers import SimpleRouter

from backlog.api import (
    customers,
    endpoints,
    evidence,
    feedback,
    ledger,
    loop,
    messages,
    news,
    notices,
    outcomes,
    people,
    products,
    requests,
    scoring,
    sprints,
)

router = SimpleRouter()
router.register("products", products.ProductViewSet, "product")
router.register("sources", products.SourceViewSet, "source")
router.register("departments", people.DepartmentViewSet, "department")
router.register("tokens", people.TokenViewSet, "token")
router.register("accounts", customers.AccountViewSet, "account")
router.register("customers", customers.CustomerViewSet, "customer")
router.register("feedback", feedback.FeedbackViewSet, "feedback")
router.register("requests", requests.RequestViewSet, "request")
router.register("requests/(?P<key>[A-Z0-9-]+)/evidence", evidence.EvidenceViewSet, "evidence")
router.register(
    "requests/(?P<key>[A-Z0-9-]+)/assessments", evidence.AssessmentViewSet, "assessment"
)
router.register("scoring-models", scoring.ScoringModelViewSet, "scoring-model")
router.register("sprints", sprints.SprintViewSet, "sprint")
router.register("commitments", sprints.CommitmentViewSet, "commitment")
router.register("outcomes", outcomes.OutcomeViewSet, "outcome")
router.register("news", news.NewsViewSet, "news")
router.register("message-templates", messages.MessageTemplateViewSet, "message-template")
router.register("loop", loop.LoopViewSet, "loop")
router.register("obligations", notices.ObligationViewSet, "obligation")
router.register("notices", notices.NoticeViewSet, "notice")
router.register("replies", notices.ReplyViewSet, "reply")
router.register("endpoints", endpoints.EndpointViewSet, "endpoint")
router.register("deliveries", endpoints.DeliveryViewSet, "delivery")
router.register("events", ledger.EventViewSet, "event")
