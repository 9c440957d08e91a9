"""Whether the ledger still is what it was when it was sealed, and which record is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.models import Event, Outcome
from council.models import LedgerSeal, Letter
from council.rules import ledger as rules
from council.rules.anchors import Anchor

REDACTED: Final = "text.redacted"
SEALED_WITH: Final = {"outcome.recorded": rules.OUTCOME}
"""Events with which the words of their subject are sealed."""
_COLUMNS: Final = (
    *("pk", "kind", "request_id", "subject_type", "subject_id", "actor_id", "at"),
    *("way", "token", "process", "correlation", "reason", "data"),
)


class Damage(models.TextChoices):
    """How the ledger can differ from what was sealed, as a sentence about `%(what)s`."""

    MISSING = "missing", _("Link %(number)d of the ledger is missing.")
    UNCHAINED = "unchained", _("Link %(number)d of the ledger does not follow the one before it.")
    REWRITTEN = "rewritten", _("Link %(number)d of the ledger was rewritten.")
    GONE = "gone", _("Link %(number)d of the ledger: %(what)s is gone.")
    CHANGED = "changed", _("Link %(number)d of the ledger: %(what)s was changed.")
    PUT_IN = "put_in", _("Before the end of link %(number)d of the ledger %(what)s was put in.")
    CUT = "cut", _("The ledger had %(number)d links when this copy left; its end was cut off.")
    ANOTHER = (
        "another",
        _("The ledger was another when this copy left: it differs in link %(number)d or before."),
    )


@dataclass(frozen=True, slots=True)
class Break:
    """The first record that is not as it was sealed."""

    number: int
    damage: Damage
    what: str = ""

    def __str__(self) -> str:
        return str(self.damage.label) % {"number": self.number, "what": self.what}


def event_content(event: Event) -> list[Any]:
    """All that an event says, by whom, when and through what."""
    values = {name: getattr(event, name) for name in _COLUMNS}
    values["at"] = event.at.astimezone(UTC).isoformat()
    return list(values.values())


def outcome_content(outcome: Outcome) -> list[Any]:
    return [
        *(outcome.pk, outcome.commitment_id, str(outcome.result)),
        *(outcome.summary, outcome.missing, outcome.shipped_where),
    ]


def to_seal(*, limit: int, window: int) -> list[Event]:
    """Events that no link has, oldest first: new ones, and such as came late.

    A number is taken when an event is written and seen when its transaction ends: one with a lower
    number can come after one with a higher. They are looked for among those of the last `window`
    links; counting is enough where none came late.
    """
    last = head()
    since = last.number - window if last else 0
    before = LedgerSeal.objects.filter(number__lte=since).aggregate(end=models.Max("last_event"))
    recent = LedgerSeal.objects.filter(number__gt=since)
    sums = recent.aggregate(end=models.Max("last_event"), events=models.Sum("events"))
    begin, end = before["end"] or 0, sums["end"] or 0
    among = Event.objects.filter(pk__gt=begin, pk__lte=end)
    late: list[int] = []
    if among.count() != (sums["events"] or 0):
        known = {number for seal in recent for number in _numbers(seal, rules.EVENT)}
        late = sorted(set(among.values_list("pk", flat=True)) - known)
    found = list(Event.objects.filter(pk__in=late[:limit]).order_by("pk"))
    new = Event.objects.filter(pk__gt=end).order_by("pk")
    return [*found, *new[: limit - len(found)]]


def head() -> LedgerSeal | None:
    return LedgerSeal.objects.order_by("-number").first()


def find_break(anchors: Sequence[Anchor] = ()) -> Break | None:
    """The first record that is not as it was sealed, or as it was when a copy left; or None.

    Beside the anchors that are given, those are looked at that the letters have on record.
    """
    previous, sealed, number = "", 0, 0
    known = _by_number([*anchors, *_of_letters()])
    for number, seal in enumerate(_in_order(), start=1):
        damage = _damage_of_link(seal, number, previous) or _damage_of_records(seal)
        if damage is not None:
            return damage
        if known.get(number, {seal.digest}) != {seal.digest}:
            return Break(number, Damage.ANOTHER)
        previous = seal.digest
        sealed += sum(what.startswith(f"{rules.EVENT} ") for what, *_rest in seal.entries)
    longest = max(known, default=0)
    if longest > number:
        return Break(longest, Damage.CUT)
    return _put_in(sealed)


def _by_number(anchors: Iterable[Anchor]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = {}
    for anchor in anchors:
        found.setdefault(anchor.number, set()).add(anchor.digest)
    return found


def _of_letters() -> Iterator[Anchor]:
    sent = Letter.objects.filter(anchor_number__isnull=False)
    pairs = sent.values_list("anchor_number", "anchor_digest").order_by("anchor_number").distinct()
    for number, digest in pairs:
        assert number is not None
        yield Anchor(number, digest)


def _in_order() -> Iterator[LedgerSeal]:
    return LedgerSeal.objects.order_by("number").iterator(chunk_size=100)


def _damage_of_link(seal: LedgerSeal, number: int, previous: str) -> Break | None:
    if seal.number != number:
        return Break(number, Damage.MISSING)
    if seal.previous != previous:
        return Break(number, Damage.UNCHAINED)
    if seal.digest != rules.link(previous, number, seal.entries):
        return Break(number, Damage.REWRITTEN)
    return None


def _damage_of_records(seal: LedgerSeal) -> Break | None:
    events = Event.objects.in_bulk(_numbers(seal, rules.EVENT))
    outcomes = Outcome.objects.in_bulk(_numbers(seal, rules.OUTCOME))
    for what, salt, digest in seal.entries:
        number = rules.number_of(what)
        is_event = what.startswith(f"{rules.EVENT} ")
        event, outcome = events.get(number), outcomes.get(number)
        if (event if is_event else outcome) is None:
            return Break(seal.number, Damage.GONE, what)
        content = event_content(event) if is_event and event else []
        if not is_event and outcome:
            content = outcome_content(outcome)
        if salt and rules.digest(salt, content) == digest:
            continue
        if not _is_redacted(what):
            return Break(seal.number, Damage.CHANGED, what)
    return None


def _numbers(seal: LedgerSeal, kind: str) -> list[int]:
    return [rules.number_of(what) for what, *_rest in seal.entries if what.startswith(f"{kind} ")]


def _is_redacted(what: str) -> bool:
    """Whether somebody named in its words was forgotten, on record."""
    kind, _space, number = what.rpartition(" ")
    return Event.objects.filter(kind=REDACTED, subject_type=kind, subject_id=int(number)).exists()


def _put_in(sealed: int) -> Break | None:
    """An event that stands among the sealed ones, and in no link."""
    last = head()
    if last is None:
        return None
    ends = LedgerSeal.objects.aggregate(models.Max("last_event"))["last_event__max"]
    among = Event.objects.filter(pk__lte=ends)
    if among.count() == sealed:
        return None
    known = {number for seal in _in_order() for number in _numbers(seal, rules.EVENT)}
    strange = sorted(set(among.values_list("pk", flat=True)) - known)
    return Break(last.number, Damage.PUT_IN, rules.name(rules.EVENT, strange[0]))


def unsealed() -> int:
    """How many events wait for the next link."""
    last = LedgerSeal.objects.aggregate(models.Max("last_event"))["last_event__max"] or 0
    return Event.objects.filter(pk__gt=last).count()
