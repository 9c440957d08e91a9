"""Forgetting a person: their identity and words go; a token stays, and with it every figure.

Lock order: requests and what colleagues wrote of them, source, customer, obligation, notice, then
the rest. Whoever stores words of a customer locks them, too (see
`operations.erased_identifiers`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection, models, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from backlog import errors
from backlog.delivery import mailbox
from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    Event,
    Feedback,
    Identity,
    MailDomain,
    Notice,
    NoticeItem,
    Obligation,
    PrivacyRequest,
    User,
)
from backlog.operations import erased_identifiers, owed_files, redaction
from backlog.operations import events as event_operations
from backlog.queries import customer_records, erasure_preview
from backlog.queries import erased_identifiers as erased_identifier_queries
from backlog.queries.erasure_preview import SENDING, UNSENT
from backlog.queries.mentions import Search
from backlog.rules import personal
from backlog.rules.mentions import Mentions

KIND: Final = "customer.erased"
_NAMED: Final = 100
"""So many places are named in one refusal."""
_BEFORE_CUSTOMERS: Final = (
    *("backlog.Product", "backlog.CustomerRequest", "backlog.DepartmentStep"),
    *("backlog.Assessment", "backlog.Sprint", "backlog.Commitment"),
    *("backlog.Outcome", "backlog.StatusUpdate", "backlog.Source"),
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a colleague says of the texts that may mean the person: whether each does.

    `others` is said of those that are not in `meant`; without it, each must be.
    """

    meant: Mapping[str, bool] = field(default_factory=dict)
    others: bool | None = None

    def of(self, place: str) -> bool | None:
        return self.meant.get(place, self.others)


def erase_customer(
    *,
    customer_id: int,
    reason: str,
    by: User | None,
    at: datetime,
    answers: Answers | None = None,
) -> Customer:
    """Forget a person for good, with all records merged with theirs. Erasing twice changes nothing.

    The reason stays on record, so it must not name them. Refused while a message to them is being
    sent; that is over in some minutes. Refused, too, until somebody has said of each text that may
    mean the person whether it does: where it does, it is redacted; else it stays, on record.
    """
    records = customer_records.all_of(customer_id)
    mentions = erasure_preview.mentions_of(records)
    _check_reason(reason, mentions)
    # Looking takes longest, and nobody has to wait for it.
    found = erasure_preview.search(records, mentions)
    meant, kept = _decided(found, answers or Answers())
    labels = personal.declared().redacted.keys()
    with transaction.atomic():
        for label in _BEFORE_CUSTOMERS:
            redaction.redact(label, found, mentions, meant=meant, by=by, at=at)
        people = _lock(customer_id)
        if any(customer.erased_at is None for customer in people):
            data = {"meant": len(meant), "kept": kept}
            _erase(people, mentions, reason=reason, data=data, by=by, at=at)
        for label in labels - set(_BEFORE_CUSTOMERS):
            redaction.redact(label, found, mentions, meant=meant, by=by, at=at)
        transaction.on_commit(_truncate_log, robust=True)
    return Customer.objects.get(pk=customer_id)


def _decided(found: Search, answers: Answers) -> tuple[set[str], int]:
    """The places that mean the person, and how many do not; refused while one is open."""
    said = {it.place: answers.of(it.place) for it in found.possible}
    if open_places := [place for place, is_meant in said.items() if is_meant is None]:
        raise errors.MentionsUndecided(
            _("Say first of each text that may mean this person whether it does."),
            places=open_places[:_NAMED],
            count=len(open_places),
        )
    meant = {place for place, is_meant in said.items() if is_meant}
    return meant, len(said) - len(meant)


def _check_reason(reason: str, mentions: Mentions) -> None:
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why the person is erased."))
    if mentions.names_the_person(reason):
        raise errors.Invalid(
            _("The reason stays on record: it must not name the person."),
            field="reason",
            code="names_the_person",
        )


def _lock(customer_id: int) -> list[Customer]:
    """All records of the person; nothing that they say is stored until the end."""
    rows = Customer.objects.select_for_update(no_key=True)
    return list(rows.filter(pk__in=customer_records.all_of(customer_id)).order_by("pk"))


def _erase(
    people: Collection[Customer],
    mentions: Mentions,
    *,
    reason: str,
    data: Mapping[str, int],
    by: User | None,
    at: datetime,
) -> None:
    ids = [customer.pk for customer in people]
    _settle(ids, by=by, at=at)
    _silence(ids, at=at)
    mails, listed = (
        erasure_preview.mails_of(ids, mentions),
        erasure_preview.reports_of(mentions),
    )
    words = erase_words(erasure_preview.words_of(ids), by=by, at=at)
    _forget_addresses(ids, by=by, at=at)
    # Where somebody worked and when would tell who it was; their words keep the account.
    Affiliation.objects.filter(customer__in=ids).delete()
    _empty_events(ids, by=by, at=at)
    redaction.redact_answers(mentions, by=by, at=at)
    redaction.redact_admin_log(mentions, by=by, at=at)
    redaction.end_sessions(mentions, by=by, at=at)
    _close_requests(ids, by=by, at=at)
    Customer.objects.filter(pk__in=ids).update(
        name="",
        search_text="",
        account=None,
        time_zone=Customer._meta.get_field("time_zone").get_default(),  # noqa: SLF001
        rhythm=Customer.Rhythm.AT_ONCE,
        erased_at=at,
    )
    counts = {"customers": ids, "words": words, **data}
    for customer in people:
        event_operations.record(KIND, subject=customer, by=by, at=at, reason=reason, data=counts)
    owed_files.owe([*map(mailbox.path_of, mails), *listed], by=by, at=at)


def _settle(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """What they were owed is suppressed, on record."""
    owed = Obligation.objects.filter(customer__in=ids, status=Obligation.Status.OWED)
    rows = list(owed.select_for_update(no_key=True).order_by("pk"))
    why = Obligation.Reason.ERASED
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Obligation.Status.SUPPRESSED, reason=why, settled_at=at
    )
    events = []
    for row in rows:
        event = event_operations.entry(
            "obligation.suppressed", subject=row, by=by, at=at, data={"reason": str(why)}
        )
        event.request_id = row.request_id
        events.append(event)
    Event.objects.bulk_create(events)


def _silence(ids: Collection[int], *, at: datetime) -> None:
    """No message leaves any more, and none keeps where it went or what a server said of it."""
    notices = Notice.objects.filter(customer__in=ids)
    list(notices.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if erasure_preview.leaving(notices, at).exists():
        raise errors.BeingSent(
            _("A message to this person is being sent right now. Try again in some minutes.")
        )
    unsent = notices.filter(status__in=[*UNSENT, SENDING])
    NoticeItem.objects.filter(notice__in=unsent).update(is_live=False)
    unsent.update(status=Notice.Status.CANCELLED, lease_until=None, lease_token="")
    notices.update(contact_point=None, domain="", failure="")


def erase_words(rows: "models.QuerySet[Feedback]", *, by: User | None, at: datetime) -> int:
    """Empty these pieces of feedback; their ratings, times and links stay. Returns how many.

    The same row in a file is known as erased by a keyed hash of what it was known by.
    """
    count = 0
    for pk, key in list(rows.values_list("pk", "dedupe_key")):
        count += Feedback.objects.filter(pk=pk, erased_at__isnull=True).update(
            verbatim="",
            search_text="",
            salt="",
            raw=b"",
            payload={},
            content_type="",
            external_id="",
            dedupe_key=erased_identifier_queries.row_key(key) if key else None,
            erased_at=at,
        )
    return count


def _forget_addresses(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    points = ContactPoint.objects.filter(customer__in=ids)
    identities = Identity.objects.filter(customer__in=ids).select_related("source")
    domains = {point.domain for point in points}
    names = [erased_identifier_queries.address(point.address) for point in points]
    for identity in identities:
        names += erased_identifier_queries.names_of(
            source=identity.source, external_id=identity.external_id, email=""
        )
    erased_identifiers.remember(names, by=by, at=at)
    points.delete()
    identities.delete()
    Consent.objects.filter(customer__in=ids).update(proof={})
    live = Consent.objects.live().filter(customer__in=ids)
    live.update(withdrawn_at=Greatest("given_at", Value(at)))
    for domain in domains:
        # A domain of their own would name them.
        if not ContactPoint.objects.filter(address__endswith=f"@{domain}").exists():
            MailDomain.objects.filter(domain=domain).delete()


def _empty_events(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """What colleagues and servers said of them in the ledger goes; that it happened stays.

    It is on record of which events: who compares the ledger with its seals must know.
    """
    about = erasure_preview.events_about(ids).exclude(kind=KIND)
    told = models.Q(data__has_key="said")
    for event in about.filter(~models.Q(reason="") | told).order_by("pk"):
        said_nothing = {name: value for name, value in event.data.items() if name != "said"}
        Event.objects.filter(pk=event.pk).update(data=said_nothing, reason="")
        columns = ["data"] if said_nothing != event.data else []
        columns += ["reason"] if event.reason else []
        event_operations.entry(
            "text.redacted", subject=event, by=by, at=at, data={"columns": sorted(columns)}
        ).save(force_insert=True)


def _close_requests(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """Their wish to be forgotten is done; a copy of nothing is not owed any more."""
    waiting = PrivacyRequest.objects.open().filter(customer__in=ids)
    closed = {"closed_at": Greatest("asked_at", Value(at)), "closed_by": by}
    waiting.filter(kind=PrivacyRequest.Kind.ERASURE).update(
        status=PrivacyRequest.Status.DONE, **closed
    )
    waiting.update(status=PrivacyRequest.Status.WITHDRAWN, **closed)


def _truncate_log() -> None:
    """SQLite's write-ahead log still has the old pages until it is folded into the database."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
