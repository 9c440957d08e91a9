"""What erasing a person would take away, and what would stay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from backlog.delivery import mailbox, rendering
from backlog.intake import reports
from backlog.models import (
    ContactPoint,
    Customer,
    Event,
    Evidence,
    Feedback,
    Identity,
    Notice,
    Obligation,
    PrivacyRequest,
    Reading,
    Reply,
)
from backlog.queries import customer_records
from backlog.queries import mentions as mention_queries
from backlog.queries.mentions import PossibleMention, Search
from backlog.rules.mentions import Mentions

UNSENT: Final = (Notice.Status.QUEUED, Notice.Status.HELD, Notice.Status.DEAD)
SENDING: Final = Notice.Status.SENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What erasing a person takes away, and what stays of them, as counts."""

    records: int
    addresses: int
    numbers: int
    words: int
    unsent_messages: int
    mentions: Mapping[str, int]
    """By the label of a model in how many rows of it colleagues and machines mention them."""
    possible: Sequence[PossibleMention]
    """Texts that may mean them: somebody has to say of each whether it does."""
    mails: int
    reports: int
    ratings: int
    answers: int
    evidence: int
    sent_messages: int
    is_being_written_to: bool


def preview(*, customer_id: int, at: datetime) -> Preview:
    """What would go and what would stay. Reads only."""
    ids = customer_records.all_of(customer_id)
    mentions = mentions_of(ids)
    found = search(ids, mentions)
    notices = Notice.objects.filter(customer__in=ids)
    return Preview(
        records=len(ids),
        addresses=ContactPoint.objects.filter(customer__in=ids).count(),
        numbers=Identity.objects.filter(customer__in=ids).count(),
        words=words_of(ids).count(),
        unsent_messages=notices.filter(status__in=[*UNSENT, SENDING]).count(),
        mentions={label: len(rows) for label, rows in found.rows.items()},
        possible=found.possible,
        mails=len(mails_of(ids, mentions)),
        reports=len(reports_of(mentions)),
        ratings=Reading.objects.filter(feedback__customer__in=ids).count(),
        answers=Reply.objects.filter(obligation__customer__in=ids).count(),
        evidence=Evidence.objects.live().filter(feedback__customer__in=ids).count(),
        sent_messages=notices.filter(sent_at__isnull=False).count(),
        is_being_written_to=leaving(notices, at).exists(),
    )


def mentions_of(ids: Collection[int]) -> Mentions:
    said = Feedback.objects.filter(customer__in=ids, erased_at__isnull=True)
    numbers = Identity.objects.filter(customer__in=ids).values_list("external_id", flat=True)
    addresses = ContactPoint.objects.filter(customer__in=ids).values_list("address", flat=True)
    rows = list(said.values_list("verbatim", "external_id"))
    return Mentions(
        names=Customer.objects.filter(pk__in=ids).values_list("name", flat=True),
        addresses=addresses,
        numbers=[*numbers, *(number for _words, number in rows)],
        words=[words for words, _number in rows],
    )


def search(ids: Collection[int], mentions: Mentions) -> Search:
    """Where others mention these records; of what is emptied anyway nobody has to say anything."""
    emptied = {"backlog.Event": set(events_about(ids).values_list("pk", flat=True))}
    return mention_queries.find(mentions, ids, emptied)


def kept_mentions(customer_id: int) -> int:
    """In how many texts of others that may mean the erased person a colleague left the words."""
    erased = Event.objects.filter(
        kind="customer.erased", subject_type="customer", subject_id=customer_id
    )
    said = erased.order_by("-pk").values_list("data__kept", flat=True).first()
    return said or 0


def events_about(ids: Collection[int]) -> "models.QuerySet[Event]":
    """What the ledger holds of these records, and of what they said and were told."""
    about = Q(subject_type="customer", subject_id__in=ids)
    subjects: dict[str, models.QuerySet[models.Model]] = {
        "feedback": Feedback.objects.filter(customer__in=ids),
        "evidence": Evidence.objects.filter(feedback__customer__in=ids),
        "obligation": Obligation.objects.filter(customer__in=ids),
        "notice": Notice.objects.filter(customer__in=ids),
        "reply": Reply.objects.filter(obligation__customer__in=ids),
        "privacyrequest": PrivacyRequest.objects.filter(customer__in=ids),
    }
    for noun, rows in subjects.items():
        about |= Q(subject_type=noun, subject_id__in=rows.values("pk"))
    return Event.objects.filter(about)


def words_of(ids: Collection[int]) -> "models.QuerySet[Feedback]":
    return Feedback.objects.filter(customer__in=ids, erased_at__isnull=True)


def leaving(notices: "models.QuerySet[Notice]", at: datetime) -> "models.QuerySet[Notice]":
    """In the hands of a worker that may still send them."""
    return notices.filter(status=SENDING, lease_until__gt=at)


def mails_of(ids: Collection[int], mentions: Mentions) -> list[str]:
    """Letters of the local mailbox that went to them, or show what they said to somebody else."""
    theirs = set(Notice.objects.filter(customer__in=ids).values_list("pk", flat=True))
    found = []
    for mail_id in mailbox.all_ids():
        mail = mailbox.read(mail_id)
        if mail is not None and (
            rendering.notice_id_of(mail.message_id) in theirs
            or mentions.may_be_in("\n".join([mail.to, mail.subject, mail.text, mail.html]))
        ):
            found.append(mail_id)
    return found


def reports_of(mentions: Mentions) -> list[Path]:
    """Reports of imports that were left beside the data, and list them."""
    kept = reports.reports_in(Path(settings.DATA_DIR))
    return [path for path, said in kept if mentions.may_be_in(said)]
