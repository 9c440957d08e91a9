"""The nouns of the backlog. Django needs them in one place; elsewhere import submodules."""

from backlog.models.accounts import Account
from backlog.models.affiliations import Affiliation
from backlog.models.announcements import Announcement
from backlog.models.api_tokens import ApiToken
from backlog.models.assessments import Assessment
from backlog.models.capacity import Capacity, Effort
from backlog.models.commitments import Commitment
from backlog.models.consents import Consent
from backlog.models.contact_points import ContactPoint
from backlog.models.customers import Customer
from backlog.models.department_scores import DepartmentScore
from backlog.models.department_steps import DepartmentStep
from backlog.models.departments import Department
from backlog.models.endpoints import Endpoint
from backlog.models.erased_identifiers import ErasedIdentifier
from backlog.models.events import Event
from backlog.models.evidence import Evidence
from backlog.models.feedback import Feedback, Reading
from backlog.models.idempotency_keys import IdempotencyKey
from backlog.models.identities import Identity
from backlog.models.import_runs import ImportRun
from backlog.models.mail_domains import MailDomain
from backlog.models.measurements import Measurement
from backlog.models.memberships import Membership
from backlog.models.message_templates import MessageTemplate
from backlog.models.notices import Notice, NoticeItem
from backlog.models.obligations import Obligation
from backlog.models.outcomes import Outcome
from backlog.models.owed_files import OwedFile
from backlog.models.privacy_requests import PrivacyRequest
from backlog.models.products import Product, ProductGrant
from backlog.models.replies import Reply
from backlog.models.requests import CustomerRequest, RequestStatus
from backlog.models.scoring_models import Criterion, ScoringModel
from backlog.models.sources import Source
from backlog.models.sprints import Sprint
from backlog.models.status_updates import Occasion, StatusUpdate
from backlog.models.suggestions import Suggestion
from backlog.models.users import Language, User
from backlog.models.views import View
from backlog.models.webhook_deliveries import WebhookDelivery

__all__ = [
    "Account",
    "Affiliation",
    "Announcement",
    "ApiToken",
    "Assessment",
    "Capacity",
    "Commitment",
    "Consent",
    "ContactPoint",
    "Criterion",
    "Customer",
    "CustomerRequest",
    "Department",
    "DepartmentScore",
    "DepartmentStep",
    "Effort",
    "Endpoint",
    "ErasedIdentifier",
    "Event",
    "Evidence",
    "Feedback",
    "IdempotencyKey",
    "Identity",
    "ImportRun",
    "Language",
    "MailDomain",
    "Measurement",
    "Membership",
    "MessageTemplate",
    "Notice",
    "NoticeItem",
    "Obligation",
    "Occasion",
    "Outcome",
    "OwedFile",
    "PrivacyRequest",
    "Product",
    "ProductGrant",
    "Reading",
    "Reply",
    "RequestStatus",
    "ScoringModel",
    "Source",
    "Sprint",
    "StatusUpdate",
    "Suggestion",
    "User",
    "View",
    "WebhookDelivery",
]
