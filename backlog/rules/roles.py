"""Who may do what: the one table of roles and permissions.

Roles are Django groups of these names, permissions are written as `has_perm` takes them. The
backend in `backlog.auth.backend` reads this table, so no permission row can drift from it.
"""

from functools import cache
from typing import Final

VIEWER: Final = "viewer"
COUNCIL_MEMBER: Final = "council member"
SECRETARY: Final = "secretary"
PRODUCT_MANAGER: Final = "product manager"
ADMIN: Final = "admin"
INTEGRATION: Final = "integration"

READ: Final = frozenset(
    {
        "backlog.view_department",
        "backlog.view_product",
        "backlog.view_source",
        "backlog.view_feedback",
        "backlog.view_customerrequest",
        "backlog.view_evidence",
        "backlog.view_scoringmodel",
        "backlog.view_criterion",
        "backlog.view_departmentscore",
        "backlog.view_assessment",
        "backlog.view_sprint",
        "backlog.view_commitment",
        "backlog.view_outcome",
        "backlog.view_measurement",
        "backlog.view_statusupdate",
        "backlog.view_messagetemplate",
        "backlog.view_event",
        "backlog.view_reply",
        "backlog.view_suggestion",
        "council.view_council",
        "council.view_seat",
        "council.view_meeting",
        "council.view_agendaitem",
        "council.view_ballot",
        "council.view_decision",
        "council.view_actionitem",
        "council.view_seal",
    }
)
# Names, addresses and consents of customers, and what each of them was told. Their words and their
# answers are for everybody who reads; whose they are is not.
PERSONAL: Final = frozenset(
    {
        "backlog.view_account",
        "backlog.view_customer",
        "backlog.view_contactpoint",
        "backlog.view_identity",
        "backlog.view_consent",
        "backlog.view_obligation",
        "backlog.view_notice",
    }
)
FILE_FEEDBACK: Final = frozenset({"backlog.receive_feedback"})
ASSESS: Final = frozenset({"backlog.assess_request"})
MANAGE_BACKLOG: Final = frozenset(
    {
        "backlog.import_feedback",
        "backlog.edit_customer",
        "backlog.open_request",
        "backlog.edit_request",
        "backlog.override_status",
        "backlog.link_evidence",
        "backlog.move_request",
        "backlog.plan_sprint",
        "backlog.record_outcome",
        "backlog.announce_outcome",
        "backlog.edit_messages",
        "backlog.report_notice",
        "backlog.retry_notice",
        "backlog.waive_obligation",
        "backlog.propose_suggestion",
    }
)
# Nobody's words are lost by it, and a person answers for it: no program does.
MERGE: Final = frozenset(
    {"backlog.merge_request", "backlog.merge_customer", "backlog.decide_suggestion"}
)
RUN_COUNCIL: Final = frozenset(
    {
        "council.schedule_meeting",
        "council.edit_agenda",
        "council.propose_item",
        "council.hold_meeting",
        "council.attend_meeting",
        "council.take_stance",
        "council.record_decision",
        "council.review_decision",
        "council.assign_action",
    }
)
SIT_ON_COUNCIL: Final = frozenset(
    {
        "council.propose_item",
        "council.attend_meeting",
        "council.take_stance",
        "council.record_decision",
        "council.review_decision",
        "council.assign_action",
    }
)
# Beside the council, who owns the request says what came of a decision on it.
LOOK_BACK: Final = frozenset({"council.review_decision"})
CONFIGURE: Final = frozenset(
    {
        "backlog.view_user",
        "backlog.view_membership",
        "backlog.view_importrun",
        "backlog.view_apitoken",
        "backlog.view_endpoint",
        "backlog.view_webhookdelivery",
        "backlog.manage_people",
        "backlog.manage_products",
        "backlog.manage_sources",
        "backlog.manage_scoring",
        "backlog.manage_tokens",
        "backlog.manage_endpoints",
        "backlog.test_delivery",
        "backlog.view_privacyrequest",
        "backlog.export_customer",
        "backlog.erase_customer",
        "council.manage_councils",
        "council.correct_decision",
    }
)
EVERYTHING: Final = (
    READ | PERSONAL | FILE_FEEDBACK | ASSESS | MANAGE_BACKLOG | MERGE | RUN_COUNCIL | CONFIGURE
)

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    VIEWER: READ | FILE_FEEDBACK,
    COUNCIL_MEMBER: READ | FILE_FEEDBACK | ASSESS | SIT_ON_COUNCIL,
    SECRETARY: READ | PERSONAL | FILE_FEEDBACK | ASSESS | RUN_COUNCIL,
    PRODUCT_MANAGER: READ | PERSONAL | FILE_FEEDBACK | ASSESS | MANAGE_BACKLOG | MERGE | LOOK_BACK,
    ADMIN: EVERYTHING,
    INTEGRATION: READ | PERSONAL | FILE_FEEDBACK | MANAGE_BACKLOG,
}

APPS: Final = frozenset(name.partition(".")[0] for name in EVERYTHING)
"""The apps whose permissions this table gives, all of them."""


def is_of_a_tool(roles: frozenset[str]) -> bool:
    """Whether an account of these roles is nobody's own: it calls, and speaks for no person."""
    return roles == {INTEGRATION}


@cache
def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """All that the holders of these roles may do; unknown names grant nothing."""
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))
