"""A person in every column that can hold one: their own records, and what others wrote of them."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, models

from backlog.delivery import rendering
from backlog.intake import reports
from backlog.intake.problems import BadRow
from backlog.models import (
    Account,
    Consent,
    ContactPoint,
    Customer,
    CustomerRequest,
    DepartmentStep,
    Event,
    Feedback,
    IdempotencyKey,
    Identity,
    ImportRun,
    MailDomain,
    Notice,
    Obligation,
    Reading,
    Source,
    User,
)
from backlog.operations import sources
from backlog.rules import personal
from council.models import Council
from council.rules.predictions import Expected
from tests.erasure import decided, noted
from tests.factories import NOON, backlog, council, people, suggestions

NAME, ADDRESS, NUMBER = "Mira Quellenhof", "mira@quellenhof.example", "MQ-77481"
WORDS = "The terminal froze twice at the counter, and nobody came to help me with it."
KOREAN_NAME, KOREAN_ADDRESS = "김미라온", "miraon@quellenhof.example"
KOREAN_WORDS = "결제 화면이 두 번이나 멈춰서 손님들이 모두 돌아가 버렸습니다."
GOSSIP = f"{NAME} ({KOREAN_NAME}), {ADDRESS}, {NUMBER}: “{WORDS}” “{KOREAN_WORDS}”"
TRACES = (
    *("quellenhof", "mira@", NUMBER, "froze twice", "nobody came"),
    *(KOREAN_NAME, "두 번이나 멈춰서", "돌아가 버렸"),
)
STANDS_ALREADY = {
    "backlog.ContactPoint": {"address"},
    "backlog.Customer": {"name"},
    "backlog.Event": {"data"},
    "backlog.Feedback": {"external_id", "verbatim", "salt", "dedupe_key"},
    "backlog.Identity": {"external_id"},
    "backlog.MailDomain": {"domain"},
}
"""Columns that the person is in already, or whose value has to keep its form."""


@dataclass(frozen=True)
class Planted:
    mira: Customer
    double: Customer
    request: CustomerRequest
    council: Council
    admin: User
    source: Source


def plant() -> Planted:
    admin = people.UserFactory.create(name="Ada", email="ada@example.com")
    mira = backlog.CustomerFactory.create(name=NAME, account=backlog.AccountFactory.create())
    double = backlog.CustomerFactory.create(name=KOREAN_NAME, merged_into=mira)
    source = backlog.SourceFactory.create(key="desk")
    for who, address, number in (
        (mira, ADDRESS, NUMBER),
        (double, KOREAN_ADDRESS, "MQ-90210"),
    ):
        backlog.ContactPointFactory.create(customer=who, address=address)
        backlog.ConsentFactory.create(customer=who, proof={"note": GOSSIP})
        Identity.objects.create(customer=who, source=source, external_id=number)
    request = backlog.RequestFactory.create(status="under_review", product__name="Till")
    for who, words in ((mira, WORDS), (double, KOREAN_WORDS)):
        _speak(who, words, request, source)
    sits = council.CouncilFactory.create(chair=admin, secretary=admin)
    sits.products.add(request.product)
    planted = Planted(mira, double, request, sits, admin, source)
    _be_told(planted)
    _around(planted)
    rows = _rows(planted)
    _fill(rows, labels=[label for label in rows if label not in DECIDED])
    expected = Expected(f"Calls of {NAME}", Decimal(40), Decimal(25), date(2099, 1, 31), 70)
    decided.decide(planted.council, planted.request, admin, words=GOSSIP, expected=expected)
    _beside(planted)
    return planted


# Planted by deciding, since decisions are sealed as they are.
DECIDED = (
    *("council.Decision", "council.Prediction", "council.Review"),
    *("council.Ballot", "council.Stance", "council.Recusal"),
)


def _speak(who: Customer, words: str, request: CustomerRequest, source: Source) -> None:
    run = ImportRun.objects.create(source=source, file_name="a.csv", started_at=NOON)
    said = backlog.FeedbackFactory.create(
        customer=who,
        external_id=f"{NUMBER}-{who.pk}",
        verbatim=words,
        source=source,
        dedupe_key=f"{who.pk:064}",
        import_run=run,
    )
    Reading.objects.create(feedback=said, kind="nps", value=3)
    backlog.EvidenceFactory.create(request=request, feedback=said, end=len(words))


def _be_told(planted: Planted) -> None:
    """One message that they answered, one that came back, and one that waits."""
    outcome = backlog.OutcomeFactory.create(
        commitment__request=planted.request,
        commitment__sprint__product=planted.request.product,
        announced_at=NOON,
    )
    answered = _told(planted.mira, outcome, status="confirmed")
    words = backlog.FeedbackFactory.create(
        customer=planted.mira, verbatim=WORDS, source=sources.answers_source(by=None, at=NOON)
    )
    backlog.ReplyFactory.create(obligation=answered, verdict="yes", feedback=words)
    came_back = _told(planted.double, outcome, status="bounced", reason="bounced")
    _event("obligation.bounced", came_back)
    waiting = backlog.ObligationFactory.create(
        customer=planted.mira, event__request=planted.request, released_at=NOON
    )
    queued = backlog.NoticeFactory.create(customer=planted.mira)
    backlog.NoticeItemFactory.create(notice=queued, obligation=waiting)


def _told(who: Customer, outcome: Any, **facts: Any) -> Obligation:
    owed: Obligation = backlog.ObligationFactory.create(
        customer=who,
        event__request=outcome.commitment.request,
        outcome=outcome,
        settled_at=NOON,
        released_at=NOON,
        **facts,
    )
    is_lost = owed.status == "bounced"
    notice = backlog.NoticeFactory.create(
        customer=who,
        status="bounced" if is_lost else "sent",
        sent_at=NOON,
        contact_point=ContactPoint.objects.get(customer=who),
    )
    backlog.NoticeItemFactory.create(notice=notice, obligation=owed)
    _event(
        "notice.bounced" if is_lost else "customer.told",
        notice if is_lost else owed,
        data={"said": f"<{ADDRESS}>: {NAME} left the company"},
    )
    if is_lost:
        ContactPoint.objects.filter(customer=who).update(state="bounced")
    return owed


def _event(kind: str, subject: models.Model, **facts: Any) -> Event:
    event: Event = backlog.EventFactory.create(
        kind=kind,
        request=None,
        subject_type=type(subject).__name__.lower(),
        subject_id=subject.pk,
        reason=GOSSIP,
        **facts,
    )
    return event


def _suggested(planted: Planted) -> None:
    two = {"customer": planted.double, "into_customer": planted.mira, "pair": "them"}
    no_request = {"request": None, "into_request": None}
    suggestions.SuggestionFactory.create(kind="merge_customers", **two, **no_request)


def _around(planted: Planted) -> None:
    """One row of everything else in which somebody may have written of them."""
    request = planted.request
    backlog.StatusUpdateFactory.create(request=request, kind="planned", is_current=False)
    department = people.DepartmentFactory.create()
    DepartmentStep.objects.create(request=request, department=department, step="x")
    backlog.AssessmentFactory.create(
        request=request, criterion__model=request.product.scoring_model
    )
    backlog.MessageTemplateFactory.create()
    backlog.ViewFactory.create()
    _suggested(planted)
    backlog.WebhookDeliveryFactory.create(
        status="given_up", event=_event("request.edited", request, data={"before": GOSSIP})
    )
    backlog.EndpointFactory.create(failing_since=NOON)
    MailDomain.objects.create(
        channel="email", domain="example.org", failures=1, failure="x", rests_until=NOON
    )
    MailDomain.objects.create(
        channel="email",
        domain="quellenhof.example",
        failures=1,
        failure=GOSSIP[:300],
        rests_until=NOON,
    )
    meeting = council.MeetingFactory.create(council=planted.council)
    council.AgendaItemFactory.create(meeting=meeting, request=None, title="x")
    noted.note_down(planted.council, planted.request, planted.admin)
    content = ContentType.objects.get_for_model(Customer)
    LogEntry.objects.create(user=planted.admin, content_type=content, action_flag=2)
    IdempotencyKey.objects.create(
        user=planted.admin,
        method="POST",
        path="/",
        key="1",
        fingerprint="f",
        claimed_at=NOON,
        status=201,
    )


def _rows(planted: Planted) -> dict[str, models.QuerySet[Any]]:
    """By label the rows in which the person is; all there are, but for what is not theirs."""
    tables = personal.declared()
    labels = {*tables.erased, *tables.redacted}
    rows = {label: apps.get_model(label)._default_manager.all() for label in labels}
    rows["backlog.Customer"] = Customer.objects.filter(pk__in=[planted.mira.pk, planted.double.pk])
    rows["backlog.MailDomain"] = MailDomain.objects.filter(domain="example.org")
    rows["backlog.Endpoint"] = rows["backlog.Endpoint"].filter(failing_since__isnull=False)
    return rows


def _fill(rows: dict[str, models.QuerySet[Any]], *, labels: list[str]) -> None:
    tables = personal.declared()
    for label in labels:
        if label == "sessions.Session":
            continue
        names = {*tables.erased.get(label, ()), *tables.redacted.get(label, ())}
        assert rows[label].exists(), f"plant the person in {label}"
        for name in names:
            _plant_in(rows[label], name, is_own=name in tables.erased.get(label, ()))


def _plant_in(rows: models.QuerySet[Any], name: str, *, is_own: bool) -> None:
    field = rows.model._meta.get_field(name)
    if name in STANDS_ALREADY.get(rows.model._meta.label, ()):
        return
    value: Any = GOSSIP
    if isinstance(field, models.JSONField):
        value = {"en": GOSSIP, "ko": [GOSSIP]}
    elif isinstance(field, models.BinaryField):
        value = json.dumps({"says": GOSSIP}, ensure_ascii=False).encode()
    elif field.max_length and field.max_length < len(GOSSIP):
        value = NAME if is_own or field.max_length < 100 else f"{NAME} ({KOREAN_NAME}), {ADDRESS}"
    rows.update(**{name: value})


def _beside(planted: Planted) -> None:
    """Sessions, letters and a report of an import."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_messages"] = f"{GOSSIP}: done."
    store.create()
    notice = Notice.objects.filter(customer=planted.mira).first()
    assert notice is not None
    headers = {"Message-ID": rendering.message_id(notice)}
    for to, text, given in (
        (ADDRESS, "Hello", headers),
        ("colleague@example.com", GOSSIP, {}),
        ("other@example.com", "Hello", {}),
    ):
        mail = EmailMultiAlternatives("Told", text, to=[to], headers=given)
        mail.attach_alternative(f"<p>{text}</p>", "text/html")
        get_connection("backlog.delivery.mailbox.MailboxBackend").send_messages([mail])
    path = Path(settings.DATA_DIR) / "reports" / "not-stored.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        report = reports.Report(file)
        report.add(BadRow(7, "no_words", excerpt=f"{KOREAN_NAME} {WORDS[:20]}"))


def _dump_of_sqlite(database: Any) -> Iterator[str]:
    """All rows there are; an index of words without content of its own cannot be read as rows.

    What it keeps stands in tables of its own, as bytes.
    """
    tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    for name, sql in tables.fetchall():
        if not sql.startswith("CREATE VIRTUAL TABLE"):
            yield from map(repr, database.execute(f'SELECT * FROM "{name}"'))


def dump() -> str:
    """All that the database would give away, as text."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return "\n".join(_dump_of_sqlite(connection.connection))
    facts = connection.get_connection_params()
    command = ["pg_dump", "-h", facts["host"], "-p", str(facts["port"]), "-U", facts["user"]]
    return subprocess.run(
        [*command, facts["dbname"]], check=True, capture_output=True, text=True
    ).stdout


def traces_in(text: str) -> Iterator[str]:
    """Whichever way it is written down: as it is, folded, as hexadecimal digits, escaped."""
    folded = text.casefold()
    for trace in TRACES:
        hidden = trace.encode().hex()
        forms = (trace.casefold(), hidden, json.dumps(trace)[1:-1].casefold())
        if any(form in folded for form in forms):
            yield trace


def traces_in_files() -> list[tuple[Path, str]]:
    """In the files of DATA_DIR, the database's own among them."""
    kept = sorted(path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file())
    forms = {trace: {trace.encode(), json.dumps(trace)[1:-1].encode()} for trace in TRACES}
    return [
        (path, trace)
        for path in kept
        for trace, written in forms.items()
        if any(form in path.read_bytes() for form in written)
    ]


def sessions() -> str:
    return repr([session.get_decoded() for session in Session.objects.all()])


def figures(planted: Planted) -> Any:
    """Scores, counts and what was decided."""
    request: Any = CustomerRequest.objects.with_askers().get(pk=planted.request.pk)
    scores = {
        name: getattr(request, name)
        for name in ("impact", "feasibility", "priority", "contested", "scored_at", "status")
    }
    asked = (request.customers, request.accounts, request.revenue, request.currency)
    frozen = list(planted.council.decisions.values_list("verdict", "frozen", "status"))
    readings = list(Reading.objects.order_by("pk").values_list("kind", "value"))
    replies = list(Obligation.objects.values_list("replies__verdict").order_by("pk"))
    return (
        scores,
        asked,
        frozen,
        readings,
        replies,
        Account.objects.count(),
        Consent.objects.count(),
        Feedback.objects.count(),
    )
