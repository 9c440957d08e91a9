"""One row of every kind, of a product open to everybody and of a closed one, and people to try."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from backlog.delivery import mailbox, rendering
from backlog.models import (
    ApiToken,
    Customer,
    CustomerRequest,
    Endpoint,
    Feedback,
    Identity,
    ImportRun,
    Notice,
    Product,
    Source,
    Sprint,
    User,
    WebhookDelivery,
)
from backlog.operations import api_tokens
from backlog.rules import roles
from council.models import AgendaItem, Council, Seal
from tests.factories import NOON, backlog, council, people, suggestions

SECRET = "ZZSECRET"
"""Stands in every text of the closed product, and nowhere else."""
PERSON, ADDRESS, ACCOUNT, EXTERNAL = "ZZPERSON", "zzaddress@example.org", "ZZACCOUNT", "ZZNUMBER"
PAYLOAD, SERVER = "ZZPAYLOAD", "ZZSERVER"
CUSTOMER_ID, ACCOUNT_ID = 918_273_645, 918_273_700
"""What the one customer is called, and what a mail server said of the address: each only there."""

SIGN_IN = "django.contrib.auth.backends.ModelBackend"
MAILBOX = "backlog.delivery.mailbox.MailboxBackend"
ROLES = {
    "V": roles.VIEWER,
    "C": roles.COUNCIL_MEMBER,
    "S": roles.SECRETARY,
    "P": roles.PRODUCT_MANAGER,
    "A": roles.ADMIN,
    "I": roles.INTEGRATION,
}
STRANGER = "-"

Rows = dict[type[Model], Any]


@dataclass(frozen=True)
class World:
    users: dict[str, User]
    browsers: dict[str, Client]
    """By role, and one of a stranger; each with a session."""
    tools: dict[str, Client]
    """With the integration's token: by the one scope that it lacks; under "" it has all."""
    own_tokens: dict[str, ApiToken]
    open: Rows
    closed: Rows
    mails: dict[str, str]
    """Ids in the local mailbox, by the prefix of the product they tell of."""


def build() -> World:
    users = {letter: _colleague(role) for letter, role in ROLES.items()}
    department = people.DepartmentFactory.create()
    shared = _of_no_product(users, department)
    everyones = backlog.ProductFactory.create(prefix="OPEN", has_public_changelog=True)
    kept = backlog.ProductFactory.create(prefix=SECRET, name=SECRET, is_open=False)
    customer = shared[Customer]
    seen = shared | _of_a_product(everyones, users, customer, "Open")
    unseen = shared | _of_a_product(kept, users, customer, SECRET)
    _around(seen, unseen)
    return World(
        users=users,
        browsers={STRANGER: Client()} | {key: _browser(user) for key, user in users.items()},
        tools={lacks: _tool(users["I"], lacks) for lacks in ("", *api_tokens.SCOPES)},
        own_tokens={key: _token(user) for key, user in users.items()},
        open=seen,
        closed=unseen,
        mails={rows[Product].prefix: _mail(rows[Notice]) for rows in (seen, unseen)},
    )


def _colleague(role: str) -> User:
    user = people.UserFactory.create(name=role, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def _browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=SIGN_IN)
    return client


def _tool(owner: User, lacks: str) -> Client:
    scopes = [scope for scope in api_tokens.SCOPES if scope != lacks]
    _token, secret = api_tokens.issue_token(
        owner=owner, name=f"all but {lacks}", scopes=scopes, lasts=None, by=None, at=NOON
    )
    return Client(headers={"authorization": f"Bearer {secret}"})


def _token(owner: User) -> ApiToken:
    token: ApiToken = ApiToken.objects.create(owner, name="CRM", scopes=["read"])[0]
    return token


def _of_no_product(users: dict[str, User], department: Model) -> Rows:
    account = backlog.AccountFactory.create(pk=ACCOUNT_ID, name=ACCOUNT)
    customer = backlog.CustomerFactory.create(pk=CUSTOMER_ID, name=PERSON, account=account)
    point = backlog.ContactPointFactory.create(customer=customer, address=ADDRESS)
    backlog.ConsentFactory.create(customer=customer)
    for kind, subject in (("customer.edited", customer), ("account.edited", account)):
        backlog.EventFactory.create(
            kind=kind,
            request=None,
            subject_type=subject._meta.model_name,
            subject_id=subject.pk,
        )
    return _by_model(
        users["V"],
        department,
        _token(users["I"]),
        account,
        customer.affiliations.get(),
        point,
        customer,
        backlog.PrivacyRequestFactory.create(customer=customer),
    )


def _of_a_product(product: Product, users: dict[str, User], customer: Customer, text: str) -> Rows:
    """All of it says `text`, wherever it has words; the customer is the same of both products."""
    request = backlog.RequestFactory.create(
        product=product, title=text, problem=text, owner=users["P"], status="planned"
    )
    source = backlog.SourceFactory.create(product=product, name=text)
    feedback = backlog.FeedbackFactory.create(
        product=product,
        source=source,
        customer=customer,
        verbatim=text,
        payload={"author": PAYLOAD},
    )
    Identity.objects.create(customer=customer, source=source, external_id=f"{EXTERNAL} {text}")
    evidence = backlog.EvidenceFactory.create(request=request, feedback=feedback)
    suggestion = suggestions.SuggestionFactory.create(
        request=request,
        into_request=backlog.RequestFactory.create(product=product, title=text, problem=text),
        reason=text,
    )
    assessment = backlog.AssessmentFactory.create(
        request=request, note=text, criterion__model=product.scoring_model
    )
    sprint = backlog.SprintFactory.create(product=product, name=text, goal=text)
    commitment = backlog.CommitmentFactory.create(
        sprint=sprint, request=request, hypothesis=text, measure=text
    )
    outcome = backlog.OutcomeFactory.create(commitment=commitment, summary={"en": text})
    tool = backlog.EndpointFactory.create(name=text, product=product)
    delivery = backlog.WebhookDeliveryFactory.create(
        endpoint=tool, failure=text, event__request=request, event__kind="request.opened"
    )
    run = ImportRun.objects.create(source=source, file_name=text, started_at=NOON)
    loop = _loop(request, feedback, outcome, text)
    sat = _council(request, users, text)
    here = (product, request, source, feedback, evidence, assessment, sprint, commitment, outcome)
    scoring = product.scoring_model
    assert scoring is not None
    return _by_model(*here, suggestion, scoring, run, tool, delivery, *loop, *sat)


def _around(seen: Rows, unseen: Rows) -> None:
    """What is of the closed product, and is found from elsewhere."""
    # From before the product was closed: no operation links these any more.
    backlog.EvidenceFactory.create(
        request=seen[CustomerRequest], feedback=unseen[Feedback], end=len(SECRET)
    )
    backlog.FeedbackFactory.create(
        product=seen[Product], source=unseen[Source], verbatim=f"{SECRET} through its source"
    )
    council.ActionItemFactory.create(
        council=unseen[Council], agenda_item=unseen[AgendaItem], title=SECRET
    )
    of_it = (Product, Source, Feedback, Sprint, Notice, ImportRun, Endpoint, WebhookDelivery)
    for model in of_it:
        backlog.EventFactory.create(
            request=None,
            subject_type=model._meta.model_name,
            subject_id=unseen[model].pk,
            reason=SECRET,
        )


def _loop(request: Model, feedback: Any, outcome: Model, text: str) -> tuple[Model, ...]:
    event = backlog.EventFactory.create(request=request, reason=text, actor=None)
    owed = backlog.ObligationFactory.create(
        event=event, customer=feedback.customer, outcome=outcome
    )
    status_update = backlog.StatusUpdateFactory.create(
        request=request, kind="planned", words={"en": text}
    )
    hears = backlog.EventFactory.create(request=request, reason=text, actor=None)
    backlog.ObligationFactory.create(
        event=hears, customer=feedback.customer, status_update=status_update, released_at=NOON
    )
    template = backlog.MessageTemplateFactory.create(product=feedback.product, headline=text)
    receipt = backlog.ObligationFactory.create(
        event=backlog.EventFactory.create(
            request=None, subject_type="feedback", subject_id=feedback.pk, reason=text
        ),
        request=None,
        feedback=feedback,
        customer=feedback.customer,
    )
    for row in (receipt, template):
        backlog.EventFactory.create(
            request=None,
            subject_type=row._meta.model_name,
            subject_id=row.pk,
            reason=text,
        )
    notice = backlog.NoticeFactory.create(
        customer=feedback.customer, status="dead", failure=f"{SERVER} {text}"
    )
    backlog.NoticeItemFactory.create(notice=notice, obligation=owed)
    words = backlog.FeedbackFactory.create(
        product=feedback.product,
        source=feedback.source,
        customer=feedback.customer,
        verbatim=text,
    )
    reply = backlog.ReplyFactory.create(obligation=owed, feedback=words)
    return event, owed, status_update, template, notice, reply


def _council(request: Any, users: dict[str, User], text: str) -> tuple[Model, ...]:
    sits = council.CouncilFactory.create(chair=users["A"], secretary=users["S"])
    sits.products.add(request.product)
    seat = council.SeatFactory.create(council=sits)
    council.SeatTermFactory.create(seat=seat, user=users["C"])
    # The next one that Home tells of is about the closed product.
    soon = timezone.now() + timedelta(hours=2 if request.product.is_open else 1)
    meeting = council.MeetingFactory.create(council=sits, starts_at=soon)
    item = council.AgendaItemFactory.create(meeting=meeting, request=request)
    ballot = council.BallotFactory.create(
        agenda_item=item, proposal=text, expected_effect=text, opened_by=users["S"]
    )
    council.StanceFactory.create(
        ballot=ballot, seat=seat, user=users["C"], answer="no", reason=text
    )
    decision = council.DecisionFactory.create(
        council=sits, request=request, rationale=text, agenda_item=item
    )
    action = council.ActionItemFactory.create(council=sits, request=request, title=text)
    seal = Seal.objects.create(
        council=sits,
        number=1,
        subject_type="decision",
        subject_id=decision.pk,
        content={"says": text},
        digest=f"{decision.pk:064}",
        sealed_at=NOON,
    )
    series = council.SeriesFactory.create(council=sits, starts_on=soon.date())
    invitation = council.InvitationFactory.create(meeting=meeting, seat=seat, user=users["C"])
    return sits, seat, series, meeting, invitation, item, ballot, decision, action, seal


def _by_model(*rows: Model) -> Rows:
    return {type(row): row for row in rows}


def _mail(notice: Notice) -> str:
    headers = {"Message-ID": rendering.message_id(notice)}
    subject = notice.failure
    letter = EmailMultiAlternatives(subject, subject, to=["kim@example.org"], headers=headers)
    letter.attach_alternative(f"<html><head></head>{subject}</html>", "text/html")
    get_connection(MAILBOX).send_messages([letter])
    [found] = [each for each in mailbox.messages() if each.subject == subject]
    return found.id
