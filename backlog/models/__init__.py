"""The nouns of the backlog. Django needs them in one place; elsewhere import submodules."""

from backlog.models.assessments import Assessment, DepartmentScore
from backlog.models.capacity import Capacity, Effort
from backlog.models.customers import Account, Consent, ContactPoint, Customer, Identity
from backlog.models.endpoints import Delivery, Endpoint
from backlog.models.feedback import Feedback, ImportRun, Reading, Source
from backlog.models.idempotency import IdempotencyKey
from backlog.models.lanes import Lane
from backlog.models.ledger import Event
from backlog.models.measurements import Measurement
from backlog.models.messages import MessageTemplate
from backlog.models.news import News, Occasion
from backlog.models.notices import Notice, NoticeItem
from backlog.models.obligations import Obligation
from backlog.models.people import ApiToken, Department, Language, Membership, User
from backlog.models.privacy import ErasedIdentifier, PrivacyRequest
from backlog.models.products import Product, ProductGrant
from backlog.models.replies import Reply
from backlog.models.requests import CustomerRequest, DepartmentStep, Evidence, RequestStatus
from backlog.models.scoring import Criterion, ScoringModel
from backlog.models.sprints import Commitment, Outcome, Sprint

__all__ = [
    "Account",
    "ApiToken",
    "Assessment",
    "Capacity",
    "Commitment",
    "Consent",
    "ContactPoint",
    "Criterion",
    "Customer",
    "CustomerRequest",
    "Delivery",
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
    "Lane",
    "Language",
    "Measurement",
    "Membership",
    "MessageTemplate",
    "News",
    "Notice",
    "NoticeItem",
    "Obligation",
    "Occasion",
    "Outcome",
    "PrivacyRequest",
    "Product",
    "ProductGrant",
    "Reading",
    "Reply",
    "RequestStatus",
    "ScoringModel",
    "Source",
    "Sprint",
    "User",
]
