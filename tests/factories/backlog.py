from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from backlog.models import (
    Account,
    Affiliation,
    Announcement,
    Assessment,
    Capacity,
    Commitment,
    Consent,
    ContactPoint,
    Criterion,
    Customer,
    CustomerRequest,
    Effort,
    Endpoint,
    Event,
    Evidence,
    Feedback,
    Measurement,
    MessageTemplate,
    Notice,
    NoticeItem,
    Obligation,
    Outcome,
    PrivacyRequest,
    Product,
    Reply,
    ScoringModel,
    Source,
    Sprint,
    StatusUpdate,
    View,
    WebhookDelivery,
)
from backlog.rules import rank_keys
from tests.factories import NOON
from tests.factories.people import DepartmentFactory, UserFactory

_RANKS = rank_keys.keys_between(None, None, 20_000)


class ScoringModelFactory(DjangoModelFactory[ScoringModel]):
    class Meta:
        model = ScoringModel

    key = factory.Sequence(lambda n: f"model-{n}")
    names = {"en": "Impact × feasibility", "ko": "영향도 × 실현 가능성"}
    formula = "sqrt(impact * feasibility)"


class CriterionFactory(DjangoModelFactory[Criterion]):
    class Meta:
        model = Criterion

    model = factory.SubFactory(ScoringModelFactory)
    key = factory.Sequence(lambda n: f"criterion_{n}")
    names = {"en": "Reach", "ko": "영향 범위"}
    axis = "impact"


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product

    prefix = factory.Sequence(lambda n: f"P{n}")
    name = factory.Sequence(lambda n: f"Product {n}")
    scoring_model = factory.SubFactory(ScoringModelFactory)


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    name = factory.Sequence(lambda n: f"Account {n}")


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Customer {n}")
    language = "en"
    created_at = NOON

    @factory.post_generation  # type: ignore[untyped-decorator]
    def affiliation(customer: Any, create: bool, *_: Any, **__: Any) -> None:  # noqa: N805
        """Whoever has an account belongs to it, as long as we know them."""
        if create and customer.account is not None:
            Affiliation.objects.get_or_create(customer=customer, account=customer.account)


class AffiliationFactory(DjangoModelFactory[Affiliation]):
    class Meta:
        model = Affiliation

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SubFactory(AccountFactory)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    customer = factory.SubFactory(CustomerFactory)
    address = factory.Sequence(lambda n: f"customer{n}@example.org")


class ConsentFactory(DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    customer = factory.SubFactory(CustomerFactory)
    purpose = "loop"
    basis = "own_request"
    given_at = NOON


class PrivacyRequestFactory(DjangoModelFactory[PrivacyRequest]):
    class Meta:
        model = PrivacyRequest

    customer = factory.SubFactory(CustomerFactory)
    kind = "export"
    asked_at = NOON
    due_on = NOON.date()


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    name = factory.Sequence(lambda n: f"Source {n}")
    kind = "survey"


class FeedbackFactory(DjangoModelFactory[Feedback]):
    class Meta:
        model = Feedback

    source = factory.SubFactory(SourceFactory)
    customer = factory.SubFactory(CustomerFactory)
    account = factory.LazyAttribute(lambda it: it.customer and it.customer.account)
    verbatim = factory.Sequence(lambda n: f"Paying takes too long, for the {n}th time.")
    language = "en"
    said_at = NOON
    received_at = NOON


class RequestFactory(DjangoModelFactory[CustomerRequest]):
    class Meta:
        model = CustomerRequest

    product = factory.SubFactory(ProductFactory)
    # Far from where a product begins to count, so that the next request of an operation is another.
    number = factory.Sequence(lambda n: n + 1001)
    key = factory.LazyAttribute(lambda request: f"{request.product.prefix}-{request.number}")
    title = factory.Sequence(lambda n: f"Pay faster {n}")
    problem = "Paying takes too long."
    rank = factory.Sequence(lambda n: _RANKS[n % len(_RANKS)])
    status_changed_at = NOON
    opened_at = NOON


class EvidenceFactory(DjangoModelFactory[Evidence]):
    class Meta:
        model = Evidence
        skip_postgeneration_save = True

    request = factory.SubFactory(RequestFactory)
    counts_for = factory.SelfAttribute("request")
    feedback = factory.SubFactory(FeedbackFactory)
    start = 0
    end = 6
    linked_at = NOON

    @factory.post_generation  # type: ignore[untyped-decorator]
    def takes_up(self: Evidence, create: bool, *_args: Any, **_kwargs: Any) -> None:
        """As the operations do: the words say themselves whether any live evidence is there."""
        if create and self.unlinked_at is None:
            Feedback.objects.filter(pk=self.feedback_id).update(is_linked=True)


class AssessmentFactory(DjangoModelFactory[Assessment]):
    class Meta:
        model = Assessment

    request = factory.SubFactory(RequestFactory)
    criterion = factory.SubFactory(CriterionFactory)
    assessor = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)
    value = 3
    assessed_at = NOON


class SprintFactory(DjangoModelFactory[Sprint]):
    class Meta:
        model = Sprint

    product = factory.SubFactory(ProductFactory)
    name = factory.Sequence(lambda n: f"Sprint {n}")
    starts_on = NOON.date()
    ends_on = NOON.date()


class CommitmentFactory(DjangoModelFactory[Commitment]):
    class Meta:
        model = Commitment

    sprint = factory.SubFactory(SprintFactory)
    request = factory.SubFactory(RequestFactory, product=factory.SelfAttribute("..sprint.product"))
    committed_at = NOON


_STEPS = ("asked", "countersigned", "announced")


def _with_announcement(name: str, manager: Any, facts: dict[str, Any]) -> Any:
    """The row, and its announcement as far as it has come."""
    names = [f"{step}_{what}" for step in _STEPS for what in ("by", "at")]
    steps = {each: facts.pop(each) for each in names if each in facts}
    row = manager.create(**facts)
    Announcement.objects.create(**{name: row}, recorded_at=row.recorded_at, **steps)
    return row


class OutcomeFactory(DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    @classmethod
    def _create(cls, model_class: type[Outcome], *args: Any, **kwargs: Any) -> Outcome:
        row: Outcome = _with_announcement("outcome", cls._get_manager(model_class), kwargs)
        return row

    commitment = factory.SubFactory(CommitmentFactory)
    result = "delivered"
    summary = {"en": "Paying takes two taps now.", "ko": "이제 두 번만 누르면 결제됩니다."}
    shipped_at = NOON
    recorded_at = NOON


class MeasurementFactory(DjangoModelFactory[Measurement]):
    class Meta:
        model = Measurement

    outcome = factory.SubFactory(OutcomeFactory)
    before_n = 1200
    before_conversions = 144
    after_n = 1200
    after_conversions = 192
    measured_at = NOON


class CapacityFactory(DjangoModelFactory[Capacity]):
    class Meta:
        model = Capacity

    sprint = factory.SubFactory(SprintFactory)
    department = factory.SubFactory(DepartmentFactory)
    days = Decimal("10.0")


class EffortFactory(DjangoModelFactory[Effort]):
    class Meta:
        model = Effort

    commitment = factory.SubFactory(CommitmentFactory)
    department = factory.SubFactory(DepartmentFactory)
    days = Decimal("2.5")


class StatusUpdateFactory(DjangoModelFactory[StatusUpdate]):
    class Meta:
        model = StatusUpdate

    @classmethod
    def _create(cls, model_class: type[StatusUpdate], *args: Any, **kwargs: Any) -> StatusUpdate:
        manager = cls._get_manager(model_class)
        row: StatusUpdate = _with_announcement("status_update", manager, kwargs)
        return row

    request = factory.SubFactory(RequestFactory, status="declined")
    kind = "decided_no"
    words = {"en": "Not this year.", "ko": "올해는 어렵습니다."}
    recorded_at = NOON


class MessageTemplateFactory(DjangoModelFactory[MessageTemplate]):
    class Meta:
        model = MessageTemplate

    product = factory.SubFactory(ProductFactory)
    occasion = "delivered"
    language = "en"
    headline = "Here it is."
    edited_at = NOON


class EventFactory(DjangoModelFactory[Event]):
    class Meta:
        model = Event

    kind = "outcome.recorded"
    request = factory.SubFactory(RequestFactory)
    subject_type = "customerrequest"
    subject_id = factory.SelfAttribute("request.pk")
    at = NOON
    way = "command"
    process = "pytest"
    correlation = "0123456789abcdef"


class ObligationFactory(DjangoModelFactory[Obligation]):
    class Meta:
        model = Obligation

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """What it is about may be given for its announcement."""
        for name in ("outcome", "status_update"):
            subject = kwargs.pop(name, None)
            if subject is not None:
                kwargs["announcement"] = subject.announcement
        return kwargs

    event = factory.SubFactory(EventFactory)
    request = factory.SelfAttribute("event.request")
    customer = factory.SubFactory(CustomerFactory)
    account = factory.LazyAttribute(lambda it: it.customer.account)
    owed_at = NOON


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    customer = factory.SubFactory(CustomerFactory)
    nature = "answer"
    template = "outcome"
    language = "en"
    dedupe_key = factory.Sequence(lambda n: f"test:{n}")
    created_at = NOON
    not_before = NOON


class NoticeItemFactory(DjangoModelFactory[NoticeItem]):
    class Meta:
        model = NoticeItem

    notice = factory.SubFactory(NoticeFactory)
    obligation = factory.SubFactory(
        ObligationFactory, customer=factory.SelfAttribute("..notice.customer")
    )


class ReplyFactory(DjangoModelFactory[Reply]):
    class Meta:
        model = Reply

    obligation = factory.SubFactory(ObligationFactory)
    verdict = "yes"
    answered_at = NOON


class EndpointFactory(DjangoModelFactory[Endpoint]):
    class Meta:
        model = Endpoint

    name = factory.Sequence(lambda n: f"Tool {n}")
    url = "https://tool.example.com/hook"
    salt = factory.Sequence(lambda n: f"{n:032}")


class ViewFactory(DjangoModelFactory[View]):
    class Meta:
        model = View

    user = factory.SubFactory(UserFactory)
    listing = "backlog:requests"
    name = factory.Sequence(lambda n: f"View {n}")
    wanted = {"status": ["new"]}


class WebhookDeliveryFactory(DjangoModelFactory[WebhookDelivery]):
    class Meta:
        model = WebhookDelivery

    endpoint = factory.SubFactory(EndpointFactory)
    event = factory.SubFactory(EventFactory)
    owed_at = NOON
    not_before = NOON
