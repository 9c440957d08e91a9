"""Suggestions: proposed by whoever likes, decided by a person, and never carried out by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from backlog import errors
from backlog.auth.personal_acts import in_person
from backlog.models import Evidence, Suggestion, User
from backlog.models.suggestions import SuggestionQuerySet
from backlog.operations import events
from backlog.queries import similar
from backlog.rules import text_input

Kind = Suggestion.Kind
State = Suggestion.State


@dataclass(frozen=True, slots=True)
class Pair:
    """What a suggestion is about, by ids: words and a request, or two that may be one.

    Of two that may be one the second is the one that stays.
    """

    kind: str
    one: int
    other: int

    @property
    def key(self) -> str:
        first, second = (self.one, self.other) if self.kind == Kind.LINK else sorted(self.ids)
        return f"{self.kind}:{first}:{second}"

    @property
    def ids(self) -> tuple[int, int]:
        return self.one, self.other

    def columns(self) -> dict[str, Any]:
        one, other = _COLUMNS[self.kind]
        return {"kind": self.kind, "pair": self.key, one: self.one, other: self.other}


@dataclass(frozen=True, slots=True)
class Source:
    """By what it was found, in which version, why, and how likely it is (0 to 1)."""

    origin: str
    name: str = ""
    version: str = ""
    reason: str = ""
    score: float | None = None

    @classmethod
    def by_words(cls, score: float | None) -> Self:
        """Found by the words that both share."""
        return cls(similar.ORIGIN, similar.NAME, similar.VERSION, score=score)


_COLUMNS: Final = {
    Kind.LINK.value: ("feedback_id", "request_id"),
    Kind.MERGE_REQUESTS.value: ("request_id", "into_request_id"),
    Kind.MERGE_CUSTOMERS.value: ("customer_id", "into_customer_id"),
}


@transaction.atomic
def propose(*, pair: Pair, source: Source, by: User | None, at: datetime) -> Suggestion:
    """Let a person decide it. What is proposed already stays as it is.

    Refused where somebody has dismissed it before: it does not come back.
    """
    if pair.kind != Kind.LINK and pair.one == pair.other:
        raise errors.Invalid(_("Name two that differ."), field="into", code="into_itself")
    row, is_new = _known(pair, source, by=by, at=at)
    if is_new:
        events.record("suggestion.proposed", subject=row, by=by, at=at, data=_told(row))
    if row.state == State.DISMISSED:
        raise errors.SuggestionDismissed(
            _("A colleague has looked at this and said that it is not so."), suggestion=row.pk
        )
    return row


@in_person
@transaction.atomic
def dismiss(*, suggestion_id: int, by: User, at: datetime) -> Suggestion:
    """It is not so, and is not proposed of this pair again. Dismissing twice changes nothing."""
    row = Suggestion.objects.select_for_update(no_key=True).get(pk=suggestion_id)
    if row.state != State.DISMISSED:
        check_open(row)
        _decide(row, State.DISMISSED, by=by, at=at)
    return row


@transaction.atomic
def dismiss_found(*, pair: Pair, source: Source, by: User, at: datetime) -> Suggestion:
    """What was found while somebody looked, or was proposed before, is not so."""
    row, _is_new = _known(pair, source, by=None, at=at)
    dismissed: Suggestion = dismiss(suggestion_id=row.pk, by=by, at=at)
    return dismissed


@transaction.atomic
def dismiss_for_words(
    *, feedback_id: int, request_id: int, source: Source, by: User, at: datetime
) -> Suggestion:
    """These words do not mean this request."""
    pair = Pair(Kind.LINK, feedback_id, request_id)
    return dismiss_found(pair=pair, source=source, by=by, at=at)


@transaction.atomic
def note_link(
    *,
    feedback_id: int,
    request_id: int,
    by: User | None,
    at: datetime,
    source: Source | None = None,
) -> None:
    """Words were linked: what had proposed that is accepted; what had proposed another, otherwise.

    With a `source` it was found while somebody looked, and gets a row now.
    """
    rows = Suggestion.objects.proposed().filter(kind=Kind.LINK, feedback=feedback_id)
    _settle(Pair(Kind.LINK, feedback_id, request_id), rows, source, by=by, at=at)


@transaction.atomic
def note_merge(*, pair: Pair, by: User | None, at: datetime, source: Source | None = None) -> None:
    """Two were merged: what had proposed that is accepted, or otherwise if the other one stays."""
    _settle(pair, Suggestion.objects.proposed().filter(pair=pair.key), source, by=by, at=at)


def _settle(
    pair: Pair, rows: SuggestionQuerySet, source: Source | None, *, by: User | None, at: datetime
) -> None:
    wanted = pair.columns()
    for row in rows.select_for_update(no_key=True).order_by("pk"):
        is_this = all(getattr(row, name) == value for name, value in wanted.items())
        _decide(row, State.ACCEPTED if is_this else State.EDITED, by=by, at=at)
    if source is not None:
        row = _row(pair, source, by=None, at=at)
        row.state, row.decided_by, row.decided_at = State.ACCEPTED, by, at
        row.save(force_insert=True)
        events.record("suggestion.decided", subject=row, by=by, at=at, data=_told(row))


@transaction.atomic
def expire_moot(*, by: User | None, at: datetime) -> int:
    """What was decided otherwise meanwhile, or is merged or gone, waits for nobody; how many."""
    linked = Evidence.objects.live().filter(feedback=OuterRef("feedback"))
    away = ~Q(feedback__done_as="") | Q(feedback__erased_at__isnull=False)
    merged = Q(request__status="merged") | Q(into_request__status="merged")
    one = Q(customer__merged_into__isnull=False) | Q(into_customer__merged_into__isnull=False)
    gone = Q(customer__erased_at__isnull=False) | Q(into_customer__erased_at__isnull=False)
    moot = Suggestion.objects.proposed().filter(
        Q(Exists(linked), kind=Kind.LINK) | Q(away, kind=Kind.LINK) | merged | one | gone
    )
    ids = list(moot.values_list("pk", flat=True))
    return (
        Suggestion.objects.proposed()
        .filter(pk__in=ids)
        .update(state=State.EXPIRED, decided_at=at, decided_by=by)
    )


def _known(pair: Pair, source: Source, *, by: User | None, at: datetime) -> tuple[Suggestion, bool]:
    """The one row of a pair that waits or was dismissed; a new one where there is none."""
    standing = Suggestion.objects.filter(state__in=(State.PROPOSED, State.DISMISSED))
    values = _values(_row(pair, source, by=by, at=at))
    return standing.get_or_create(pair=pair.key, defaults=values)


def _row(pair: Pair, source: Source, *, by: User | None, at: datetime) -> Suggestion:
    row = Suggestion(
        **pair.columns(),
        origin=source.origin,
        name=source.name,
        version=source.version,
        reason=source.reason,
        score=source.score,
        proposed_by=by,
        proposed_at=at,
    )
    text_input.check(row)
    row.clean_fields()
    return row


def _values(row: Suggestion) -> dict[str, Any]:
    columns = (*_COLUMNS[row.kind], "kind", "origin", "name", "version", "reason", "score")
    same = {name: getattr(row, name) for name in columns}
    return {**same, "proposed_by": row.proposed_by, "proposed_at": row.proposed_at}


def check_open(row: Suggestion) -> None:
    """Raises IllegalTransition for one that does not wait any more."""
    if row.state != State.PROPOSED:
        raise errors.IllegalTransition(
            _("This is decided already: %(state)s.") % {"state": row.get_state_display()},
            status=row.state,
        )


def _decide(row: Suggestion, state: State, *, by: User | None, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    events.record("suggestion.decided", subject=row, by=by, at=at, data=_told(row))


def _told(row: Suggestion) -> dict[str, Any]:
    return {"kind": row.kind, "state": row.state, "origin": row.origin}
