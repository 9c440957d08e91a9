"""Who may do what: every route of the API, of the pages and of the admin, role by role.

Letters are roles: V viewer, C council member, S secretary, P product manager, A admin, I
integration (by token in the API, at the browser elsewhere); - is a stranger. `docs/access.md` shows
the same.
"""

from dataclasses import dataclass
from typing import Final

ALL: Final = "VCSPAI"
EVERYBODY: Final = "-VCSPAI"
PERSONAL: Final = "SPAI"
BACKLOG: Final = "PAI"
PLANNING: Final = "PA"
ASSESSORS: Final = "CSPA"
COUNCIL: Final = "CSA"
SECRETARIES: Final = "SA"
ADMIN: Final = "A"


@dataclass(frozen=True)
class Row:
    """`answer` is what those get who may, when they send an empty body; the others are refused.

    With `of_product`, who may gets a 404 instead where the row is one of a closed product. What is
    done `in_person` is refused to the integration as well, whose token is nobody's own.
    """

    route: str
    method: str
    answer: int
    who: str
    scope: str = ""
    of_product: bool = False
    in_person: bool = False


def _api(
    route: str, method: str, answer: int, who: str, scope: str, *, of_product: bool = False
) -> Row:
    return Row(f"api:{route}", method, answer, who, scope, of_product)


def _of_product(route: str, method: str, answer: int, who: str, scope: str) -> Row:
    return _api(route, method, answer, who, scope, of_product=True)


def _in_person(route: str, method: str, answer: int, who: str, scope: str) -> Row:
    return Row(f"api:{route}", method, answer, who, scope, of_product=True, in_person=True)


API: Final = (
    _api("product-list", "GET", 200, ALL, "read"),
    _api("product-list", "POST", 422, ADMIN, "admin"),
    _of_product("product-detail", "GET", 200, ALL, "read"),
    _of_product("product-detail", "PATCH", 428, ADMIN, "admin"),
    _of_product("product-grants", "GET", 200, ADMIN, "read"),
    _of_product("product-grants", "POST", 422, ADMIN, "admin"),
    _of_product("product-revoke-grant", "POST", 422, ADMIN, "admin"),
    _api("source-list", "GET", 200, ALL, "read"),
    _api("source-list", "POST", 422, ADMIN, "admin"),
    _of_product("source-detail", "GET", 200, ALL, "read"),
    _of_product("source-detail", "PATCH", 428, ADMIN, "admin"),
    _api("department-list", "GET", 200, ALL, "read"),
    _api("department-list", "POST", 422, ADMIN, "admin"),
    _api("department-detail", "GET", 200, ALL, "read"),
    _api("department-detail", "PATCH", 428, ADMIN, "admin"),
    # One's own. Tokens are made from a session, so an integration's token makes none.
    _api("token-list", "GET", 200, ALL, "admin"),
    _api("token-list", "POST", 422, "VCSPA", "admin"),
    _api("token-rotate", "POST", 201, "VCSPA", "admin"),
    _api("token-revoke", "POST", 204, ALL, "admin"),
    _api("account-list", "GET", 200, PERSONAL, "read"),
    _api("account-list", "POST", 422, BACKLOG, "backlog:write"),
    _api("account-detail", "GET", 200, PERSONAL, "read"),
    _api("account-detail", "PATCH", 428, BACKLOG, "backlog:write"),
    _api("customer-list", "GET", 200, PERSONAL, "read"),
    _api("customer-list", "POST", 201, BACKLOG, "backlog:write"),
    _api("customer-detail", "GET", 200, PERSONAL, "read"),
    _api("customer-detail", "PATCH", 428, BACKLOG, "backlog:write"),
    _api("customer-affiliations", "GET", 200, PERSONAL, "read"),
    _api("customer-affiliations", "POST", 422, BACKLOG, "backlog:write"),
    _api("customer-end-affiliation", "POST", 422, BACKLOG, "backlog:write"),
    _api("customer-correct-affiliation", "POST", 422, BACKLOG, "backlog:write"),
    _api("customer-history", "GET", 200, PERSONAL, "read"),
    _api("customer-export", "GET", 200, ADMIN, "read"),
    _api("customer-erasure", "GET", 200, ADMIN, "read"),
    _api("customer-erasure", "POST", 422, ADMIN, "admin"),
    _api("customer-contact-points", "POST", 422, BACKLOG, "backlog:write"),
    _api("customer-give-consent", "POST", 422, BACKLOG, "backlog:write"),
    _api("customer-withdraw-consent", "POST", 422, BACKLOG, "backlog:write"),
    _api("feedback-list", "GET", 200, ALL, "read"),
    _api("feedback-list", "POST", 422, ALL, "feedback:write"),
    _api("feedback-bulk", "POST", 422, ALL, "feedback:write"),
    _of_product("feedback-detail", "GET", 200, ALL, "read"),
    _api("request-list", "GET", 200, ALL, "read"),
    _api("request-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("request-detail", "GET", 200, ALL, "read"),
    _of_product("request-detail", "PATCH", 428, BACKLOG, "backlog:write"),
    _of_product("request-move", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("request-transition", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("request-department-steps", "GET", 200, ALL, "read"),
    _of_product("request-department-steps", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("request-explain", "GET", 200, ALL, "read"),
    _of_product("request-history", "GET", 200, ALL, "read"),
    _of_product("evidence-list", "GET", 200, ALL, "read"),
    _of_product("evidence-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("evidence-unlink", "POST", 200, BACKLOG, "backlog:write"),
    _of_product("assessment-list", "GET", 200, ALL, "read"),
    _of_product("assessment-list", "POST", 422, ASSESSORS, "backlog:write"),
    _api("scoring-model-list", "GET", 200, ALL, "read"),
    _api("scoring-model-list", "POST", 422, ADMIN, "admin"),
    _api("scoring-model-detail", "GET", 200, ALL, "read"),
    _api("sprint-list", "GET", 200, ALL, "read"),
    _api("sprint-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("sprint-detail", "GET", 200, ALL, "read"),
    _of_product("sprint-detail", "PATCH", 428, BACKLOG, "backlog:write"),
    _of_product("sprint-start", "POST", 200, BACKLOG, "backlog:write"),
    _of_product("sprint-close", "POST", 409, BACKLOG, "backlog:write"),
    _of_product("sprint-capacities", "GET", 200, ALL, "read"),
    _of_product("sprint-capacities", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("sprint-burn-up", "GET", 200, ALL, "read"),
    _api("commitment-list", "GET", 200, ALL, "read"),
    _api("commitment-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("commitment-detail", "GET", 200, ALL, "read"),
    _of_product("commitment-detail", "PATCH", 428, BACKLOG, "backlog:write"),
    _of_product("commitment-withdraw", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("commitment-set-effort", "POST", 422, BACKLOG, "backlog:write"),
    _api("outcome-list", "GET", 200, ALL, "read"),
    _api("outcome-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("outcome-detail", "GET", 200, ALL, "read"),
    _of_product("outcome-measure", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("outcome-preview", "GET", 200, PERSONAL, "read"),
    _of_product("outcome-recipients", "GET", 200, PERSONAL, "read"),
    _of_product("outcome-announce", "POST", 200, BACKLOG, "backlog:write"),
    _in_person("outcome-ask-countersign", "POST", 200, BACKLOG, "backlog:write"),
    _in_person("outcome-countersign", "POST", 409, BACKLOG, "backlog:write"),
    _of_product("outcome-cancel-announcement", "POST", 200, BACKLOG, "backlog:write"),
    _api("status-update-list", "GET", 200, ALL, "read"),
    _api("status-update-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("status-update-detail", "GET", 200, ALL, "read"),
    _of_product("status-update-say", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("status-update-preview", "GET", 200, PERSONAL, "read"),
    _of_product("status-update-recipients", "GET", 200, PERSONAL, "read"),
    _of_product("status-update-announce", "POST", 200, BACKLOG, "backlog:write"),
    _in_person("status-update-ask-countersign", "POST", 200, BACKLOG, "backlog:write"),
    _in_person("status-update-countersign", "POST", 409, BACKLOG, "backlog:write"),
    _of_product("status-update-cancel-announcement", "POST", 200, BACKLOG, "backlog:write"),
    _api("message-template-list", "GET", 200, ALL, "read"),
    _api("message-template-list", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("message-template-detail", "GET", 200, ALL, "read"),
    _of_product("message-template-reset", "POST", 200, BACKLOG, "backlog:write"),
    _api("loop-list", "GET", 200, PERSONAL, "read"),
    _api("obligation-list", "GET", 200, PERSONAL, "read"),
    _of_product("obligation-detail", "GET", 200, PERSONAL, "read"),
    _of_product("obligation-waive", "POST", 422, BACKLOG, "backlog:write"),
    _api("notice-list", "GET", 200, PERSONAL, "read"),
    _of_product("notice-detail", "GET", 200, PERSONAL, "read"),
    _api("notice-report", "POST", 422, BACKLOG, "backlog:write"),
    _of_product("notice-retry", "POST", 200, BACKLOG, "backlog:write"),
    _api("reply-list", "GET", 200, ALL, "read"),
    _of_product("reply-detail", "GET", 200, ALL, "read"),
    _api("endpoint-list", "GET", 200, ADMIN, "read"),
    _api("endpoint-list", "POST", 422, ADMIN, "admin"),
    _of_product("endpoint-detail", "GET", 200, ADMIN, "read"),
    _of_product("endpoint-detail", "PATCH", 428, ADMIN, "admin"),
    _of_product("endpoint-secret", "GET", 200, ADMIN, "admin"),
    _of_product("endpoint-rotate-secret", "POST", 200, ADMIN, "admin"),
    _of_product("endpoint-test", "POST", 200, ADMIN, "admin"),
    _of_product("endpoint-replay", "POST", 422, ADMIN, "admin"),
    _api("webhook-delivery-list", "GET", 200, ADMIN, "read"),
    _of_product("webhook-delivery-detail", "GET", 200, ADMIN, "read"),
    _of_product("webhook-delivery-retry", "POST", 409, ADMIN, "admin"),
    _api("event-list", "GET", 200, ALL, "read"),
    _of_product("event-detail", "GET", 200, ALL, "read"),
    _api("council-list", "GET", 200, ALL, "read"),
    _api("council-list", "POST", 422, ADMIN, "admin"),
    _api("council-detail", "GET", 200, ALL, "read"),
    _api("council-detail", "PATCH", 428, ADMIN, "admin"),
    _api("seat-list", "GET", 200, ALL, "read"),
    _api("seat-list", "POST", 422, ADMIN, "admin"),
    _api("seat-detail", "GET", 200, ALL, "read"),
    _api("seat-appoint", "POST", 422, ADMIN, "admin"),
    _api("seat-vacate", "POST", 200, ADMIN, "admin"),
    _api("meeting-list", "GET", 200, ALL, "read"),
    _api("meeting-list", "POST", 422, SECRETARIES, "council:write"),
    _api("meeting-detail", "GET", 200, ALL, "read"),
    _api("meeting-start", "POST", 200, SECRETARIES, "council:write"),
    _api("meeting-end", "POST", 409, SECRETARIES, "council:write"),
    _api("meeting-cancel", "POST", 422, SECRETARIES, "council:write"),
    _api("agenda-item-list", "GET", 200, ALL, "read"),
    _api("agenda-item-list", "POST", 422, SECRETARIES, "council:write"),
    _of_product("agenda-item-detail", "GET", 200, ALL, "read"),
    _of_product("agenda-item-withdraw", "POST", 200, SECRETARIES, "council:write"),
    _api("decision-list", "GET", 200, ALL, "read"),
    _api("decision-list", "POST", 422, COUNCIL, "council:write"),
    _of_product("decision-detail", "GET", 200, ALL, "read"),
    _api("action-item-list", "GET", 200, ALL, "read"),
    _api("action-item-list", "POST", 422, COUNCIL, "council:write"),
    _of_product("action-item-detail", "GET", 200, ALL, "read"),
    # Anybody may own one; from whom the claim comes, the operation asks.
    _of_product("action-item-claim-done", "POST", 422, ALL, "council:write"),
    _of_product("action-item-verify", "POST", 409, COUNCIL, "council:write"),
    _of_product("action-item-reopen", "POST", 422, COUNCIL, "council:write"),
    _of_product("action-item-cancel", "POST", 422, COUNCIL, "council:write"),
)

PAGES: Final = (
    Row("council:home", "GET", 200, ALL),
    Row("council:go", "GET", 200, ALL),
    Row("council:request", "GET", 200, ALL, of_product=True),
    Row("council:request-words", "GET", 200, ALL, of_product=True),
    Row("council:request-assessment", "GET", 200, ASSESSORS, of_product=True),
    Row("council:request-told", "GET", 200, PERSONAL, of_product=True),
    Row("council:request-answers", "GET", 200, ALL, of_product=True),
    Row("council:request-history", "GET", 200, ALL, of_product=True),
    Row("council:assess", "POST", 422, ASSESSORS, of_product=True),
    Row("council:link", "POST", 422, BACKLOG, of_product=True),
    Row("council:unlink", "POST", 302, BACKLOG, of_product=True),
    Row("council:set-step", "POST", 422, BACKLOG, of_product=True),
    Row("council:put-on-agenda", "POST", 422, SECRETARIES, of_product=True),
    Row("council:commit", "POST", 422, BACKLOG, of_product=True),
    Row("backlog:requests", "GET", 200, ALL),
    Row("backlog:requests-file", "GET", 200, ALL),
    Row("backlog:feedback", "GET", 200, ALL),
    Row("backlog:feedback-file", "GET", 200, ALL),
    Row("backlog:customers", "GET", 200, PERSONAL),
    Row("backlog:customers-file", "GET", 200, PERSONAL),
    Row("backlog:customer", "GET", 200, PERSONAL),
    Row("backlog:accounts", "GET", 200, PERSONAL),
    Row("backlog:accounts-file", "GET", 200, PERSONAL),
    Row("backlog:account", "GET", 200, PERSONAL),
    Row("backlog:outcomes", "GET", 200, ALL),
    Row("backlog:outcomes-file", "GET", 200, ALL),
    Row("backlog:all-sprints", "GET", 200, ALL),
    Row("backlog:all-sprints-file", "GET", 200, ALL),
    Row("council:meetings", "GET", 200, ALL),
    Row("council:meetings-file", "GET", 200, ALL),
    Row("council:decisions", "GET", 200, ALL),
    Row("council:decisions-file", "GET", 200, ALL),
    Row("council:action-items", "GET", 200, ALL),
    Row("council:action-items-file", "GET", 200, ALL),
    # One's own.
    Row("backlog:save-view", "POST", 404, ALL),
    Row("backlog:delete-view", "POST", 302, ALL),
    Row("backlog:first-board", "GET", 302, ALL),
    Row("backlog:board", "GET", 200, ALL, of_product=True),
    Row("backlog:move", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:undo", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:sprints", "GET", 302, ALL),
    Row("backlog:sprint", "GET", 200, ALL, of_product=True),
    Row("backlog:mailbox", "GET", 200, PERSONAL),
    Row("backlog:message", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:message-html", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:loop", "GET", 200, PERSONAL),
    Row("backlog:loop-outcome", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:loop-outcome-export", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:unanswered", "GET", 200, PERSONAL),
    Row("backlog:unanswered", "POST", 422, BACKLOG),
    Row("backlog:unanswered-request", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:delivery", "GET", 200, PERSONAL),
    Row("backlog:test-message", "POST", 302, ADMIN),
    Row("backlog:retry-notice", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:announce", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:announce-step", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:preview", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:preview-html", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:preview-test", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:status-update-announce", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:status-update-announce-step", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:status-update-preview", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:status-update-preview-html", "GET", 200, PERSONAL, of_product=True),
    Row("backlog:status-update-preview-test", "POST", 302, BACKLOG, of_product=True),
    Row("backlog:status-update-words", "POST", 422, BACKLOG, of_product=True),
    Row("backlog:privacy", "GET", 200, ADMIN),
    Row("backlog:privacy-close", "POST", 302, ADMIN),
    Row("backlog:privacy-welcome-back", "POST", 302, ADMIN),
    Row("backlog:personal-copy", "GET", 200, ADMIN),
    Row("backlog:settings", "GET", 200, ALL),
    Row("backlog:styleguide", "GET", 200, ALL),
    Row("backlog:message-templates", "GET", 200, ALL),
    Row("backlog:message-template", "GET", 200, BACKLOG),
    Row("backlog:message-preview", "POST", 200, BACKLOG),
    Row("backlog:message-save", "POST", 422, BACKLOG),
    Row("backlog:message-reset", "POST", 302, BACKLOG),
    # Where the links of samples lead.
    Row("backlog:sample", "GET", 200, EVERYBODY),
    # What products with a public changelog have announced, and no person in it.
    Row("backlog:changelog", "GET", 200, EVERYBODY),
    Row("backlog:changelog-feed", "GET", 200, EVERYBODY),
    # The signed link is the key, whoever holds it.
    Row("backlog:heard", "GET", 200, EVERYBODY),
    Row("backlog:heard", "POST", 200, EVERYBODY),
    Row("backlog:unsubscribe", "GET", 200, EVERYBODY),
    Row("backlog:unsubscribe", "POST", 200, EVERYBODY),
    Row("backlog:own-data", "GET", 200, EVERYBODY),
    Row("backlog:own-data", "POST", 200, EVERYBODY),
    Row("backlog:copy", "GET", 200, EVERYBODY),
    Row("set_language", "POST", 302, EVERYBODY),
    Row("healthz", "GET", 200, EVERYBODY),
    Row("readyz", "GET", 200, EVERYBODY),
    Row("api:schema", "GET", 200, EVERYBODY),
    Row("api:docs", "GET", 200, EVERYBODY),
    Row("api:docs-noun", "GET", 200, EVERYBODY),
    Row("admin:login", "POST", 200, EVERYBODY),
    Row("admin:index", "GET", 302, ALL),
    Row("admin:search", "GET", 200, ALL),
    Row("admin:jsi18n", "GET", 200, ALL),
    Row("admin:app_list", "GET", 200, ALL),
    Row("admin:autocomplete", "GET", 200, ALL),
    Row("admin:view_on_site", "GET", 404, ALL),
    Row("admin:password_change", "GET", 200, ALL),
    Row("admin:password_change_done", "GET", 200, ALL),
)
