"""The addresses of the backlog's resources; the council adds its own beside them in config."""

from rest_framework.routers import SimpleRouter

from backlog.api import (
    accounts,
    api_tokens,
    assessments,
    commitments,
    customers,
    departments,
    endpoints,
    events,
    evidence,
    feedback,
    loop_metrics,
    message_templates,
    notices,
    obligations,
    outcomes,
    products,
    replies,
    requests,
    scoring_models,
    sources,
    sprints,
    status_updates,
    suggestions,
    views,
    webhook_deliveries,
)

router = SimpleRouter()
router.register("products", products.ProductViewSet, "product")
router.register("sources", sources.SourceViewSet, "source")
router.register("departments", departments.DepartmentViewSet, "department")
router.register("tokens", api_tokens.TokenViewSet, "token")
router.register("accounts", accounts.AccountViewSet, "account")
router.register("customers", customers.CustomerViewSet, "customer")
router.register("feedback", feedback.FeedbackViewSet, "feedback")
router.register("requests", requests.RequestViewSet, "request")
router.register("overrides", events.OverrideViewSet, "override")
router.register("views", views.ViewViewSet, "view")
router.register("requests/(?P<key>[A-Z0-9-]+)/evidence", evidence.EvidenceViewSet, "evidence")
router.register(
    "requests/(?P<key>[A-Z0-9-]+)/assessments", assessments.AssessmentViewSet, "assessment"
)
router.register("suggestions", suggestions.SuggestionViewSet, "suggestion")
router.register("scoring-models", scoring_models.ScoringModelViewSet, "scoring-model")
router.register("sprints", sprints.SprintViewSet, "sprint")
router.register("commitments", commitments.CommitmentViewSet, "commitment")
router.register("outcomes", outcomes.OutcomeViewSet, "outcome")
router.register("status-updates", status_updates.StatusUpdateViewSet, "status-update")
router.register("message-templates", message_templates.MessageTemplateViewSet, "message-template")
router.register("loop", loop_metrics.LoopViewSet, "loop")
router.register("obligations", obligations.ObligationViewSet, "obligation")
router.register("notices", notices.NoticeViewSet, "notice")
router.register("replies", replies.ReplyViewSet, "reply")
router.register("endpoints", endpoints.EndpointViewSet, "endpoint")
router.register("webhook-deliveries", webhook_deliveries.WebhookDeliveryViewSet, "webhook-delivery")
router.register("events", events.EventViewSet, "event")
