"""Whether nobody is forgotten and nobody told twice: each state of what is owed, with its proof.

What the database makes impossible, such as an obligation on two live messages, is asked here only
where something close to it is possible.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.models import (
    Affiliation,
    Customer,
    Event,
    Evidence,
    Feedback,
    NoticeItem,
    Obligation,
    Outcome,
    Reply,
    StatusUpdate,
)
from backlog.queries.loop_metrics import TOLD

_STATUS: Final = Obligation.Status
_VERDICTS: Final = {
    _STATUS.CONFIRMED: Reply.Verdict.YES,
    _STATUS.PARTLY: Reply.Verdict.PARTLY,
    _STATUS.DISPUTED: Reply.Verdict.NO,
}
_EVENTS: Final = {
    _STATUS.TOLD: "customer.told",
    _STATUS.SUPPRESSED: "obligation.suppressed",
    _STATUS.BOUNCED: "obligation.bounced",
    _STATUS.WAIVED: "obligation.waived",
    _STATUS.SUPERSEDED: "obligation.superseded",
}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must not be; `find` gives the rows where it is."""

    code: str
    fault: StrOrPromise
    find: "Callable[[], QuerySet[Any]]"


def _by_status(meaning: Mapping[Obligation.Status, str]) -> Case:
    whens = (When(status=status, then=Value(value)) for status, value in meaning.items())
    return Case(*whens, default=Value(""), output_field=CharField())


def told_without_message() -> "QuerySet[Obligation]":
    sent = NoticeItem.objects.filter(
        obligation=OuterRef("pk"), is_live=True, notice__sent_at__isnull=False
    )
    return Obligation.objects.filter(~Exists(sent), status=_STATUS.TOLD)


def settled_without_event() -> "QuerySet[Obligation]":
    settled = Obligation.objects.filter(status__in=_EVENTS).annotate(expected=_by_status(_EVENTS))
    on_record = Event.objects.filter(
        subject_type="obligation", subject_id=OuterRef("pk"), kind=OuterRef("expected")
    )
    return settled.filter(~Exists(on_record))


def left_out_without_reason() -> "QuerySet[Obligation]":
    return Obligation.objects.filter(status__in=[_STATUS.SUPPRESSED, _STATUS.BOUNCED], reason="")


def answer_not_as_given() -> "QuerySet[Obligation]":
    last = Reply.objects.filter(obligation=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
    rows = Obligation.objects.annotate(
        expected=_by_status(_VERDICTS), given=Coalesce(Subquery(last), Value(""))
    )
    return rows.exclude(expected=F("given"))


def superseded_by_silence() -> "QuerySet[Obligation]":
    superseded = Obligation.objects.filter(status=_STATUS.SUPERSEDED)
    return superseded.exclude(superseded_by__status__in=TOLD)


def owed_on_a_finished_message() -> "QuerySet[Obligation]":
    still_going = ["queued", "held", "sending", "dead"]
    finished = NoticeItem.objects.filter(obligation=OuterRef("pk"), is_live=True).exclude(
        notice__status__in=still_going
    )
    return Obligation.objects.filter(Exists(finished), status=_STATUS.OWED)


def announced_but_not_released() -> "QuerySet[Obligation]":
    announced = Q(announcement__announced_at__isnull=False)
    receipt = Q(feedback__isnull=False)
    return Obligation.objects.filter(
        announced | receipt, status=_STATUS.OWED, released_at__isnull=True
    )


def told_twice() -> "QuerySet[Obligation]":
    sent = Count("items", filter=Q(items__notice__sent_at__isnull=False))
    return Obligation.objects.alias(messages=sent).filter(messages__gt=1)


def told_to_somebody_else() -> "QuerySet[Obligation]":
    items = NoticeItem.objects.filter(is_live=True).annotate(
        recipient=Coalesce("notice__customer__merged_into", "notice__customer"),
        owed_to=Coalesce("obligation__customer__merged_into", "obligation__customer"),
    )
    strangers = items.exclude(recipient=F("owed_to"), notice__customer__isnull=False)
    return Obligation.objects.filter(pk__in=strangers.values("obligation"))


def forgotten_askers() -> "QuerySet[Outcome]":
    """Announced outcomes of which somebody who had asked before is not owed anything."""
    owed = Obligation.objects.filter(announcement__outcome=OuterRef(OuterRef("pk")))
    forgotten = _forgotten(owed).filter(counts_for=OuterRef("commitment__request"))
    return Outcome.objects.filter(Exists(forgotten), announcement__announced_at__isnull=False)


def askers_without_status_update() -> "QuerySet[StatusUpdate]":
    """The same of announced updates; where a request stands is told only to who had not heard."""
    owed = Obligation.objects.filter(announcement__status_update=OuterRef(OuterRef("pk")))
    forgotten = _forgotten(owed).filter(counts_for=OuterRef("request"))
    announced = StatusUpdate.objects.filter(
        Exists(forgotten), announcement__announced_at__isnull=False
    )
    return announced.exclude(kind=StatusUpdate.Kind.STANDING)


def _forgotten(owed: "QuerySet[Obligation]") -> "QuerySet[Evidence]":
    """Words that were linked before something was recorded, whose speaker is not among these."""
    own_words = Q(request=F("counts_for"))
    merged_before = Q(request__status_changed_at__lte=OuterRef("recorded_at"))
    return (
        Evidence.objects.live()
        .annotate(asker=Evidence.CUSTOMER)
        .filter(
            own_words | merged_before,
            ~Exists(owed.filter(customer=OuterRef("asker"))),
            ~Exists(owed.filter(customer__merged_into=OuterRef("asker"))),
            linked_at__lte=OuterRef("recorded_at"),
            asker__isnull=False,
            feedback__customer__erased_at__isnull=True,
            feedback__customer__merged_into__erased_at__isnull=True,
        )
    )


def words_misplaced() -> "QuerySet[Feedback]":
    """Shown in the inbox though they speak for a request, or missing there though they do not."""
    live = Exists(Evidence.objects.live().filter(feedback=OuterRef("pk")))
    return Feedback.objects.filter(Q(live, is_linked=False) | Q(~live, is_linked=True))


def counted_elsewhere() -> "QuerySet[Evidence]":
    """Words that count neither for their request nor for what it was merged into."""
    meant = Coalesce("request__merged_into", "request")
    return Evidence.objects.exclude(counts_for=meant)


def account_not_as_affiliated() -> "QuerySet[Customer]":
    """Customers whose account is not the one that counts of those they belong to now.

    Which one counts is said in `backlog.rules.affiliations`.
    """
    first = F("starts_on").asc(nulls_first=True), "pk"
    current = Affiliation.objects.current().filter(customer=OuterRef("pk")).order_by(*first)
    meant = Coalesce(Subquery(current.values("account")[:1]), 0, output_field=BigIntegerField())
    shown = Coalesce("account", 0, output_field=BigIntegerField())
    return Customer.objects.alias(meant=meant).exclude(meant=shown)


CHECKS: Final = (
    Check("told_without_message", _("told, but no message left"), told_without_message),
    Check("settled_without_event", _("settled, but not on the ledger"), settled_without_event),
    Check("left_out_without_reason", _("left out without a reason"), left_out_without_reason),
    Check("answer_not_as_given", _("not as the customer answered"), answer_not_as_given),
    Check(
        "superseded_by_silence",
        _("superseded by something that was never told"),
        superseded_by_silence,
    ),
    Check(
        "owed_on_a_finished_message",
        _("owed, but their message is over and no other will be written"),
        owed_on_a_finished_message,
    ),
    Check(
        "announced_but_not_released",
        _("announced, but held back for ever"),
        announced_but_not_released,
    ),
    Check("told_twice", _("told by two messages"), told_twice),
    Check("told_to_somebody_else", _("told to somebody else"), told_to_somebody_else),
    Check("forgotten_askers", _("announced without some who had asked"), forgotten_askers),
    Check(
        "askers_without_status_update",
        _("status updates announced without some who asked"),
        askers_without_status_update,
    ),
    Check(
        "words_misplaced",
        _("in the inbox though linked, or linked to nothing and not there"),
        words_misplaced,
    ),
    Check(
        "counted_elsewhere",
        _("words that count for another request than they should"),
        counted_elsewhere,
    ),
    Check(
        "account_not_as_affiliated",
        _("with another account than their affiliations say"),
        account_not_as_affiliated,
    ),
)
