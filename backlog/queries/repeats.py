"""What makes a message the same as one that came before, and what happens to its second coming.

A number of the source's own tells messages apart, and where there is none, all that they say. The
same number with other words or ratings is a change: the source decides whether the first stays
alone or both are kept.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, Self

from backlog.db.prepared import Prepared
from backlog.intake.rows import Said
from backlog.models import Feedback, Reading, Source
from backlog.queries import erased_identifiers

_SEPARATOR = "\0"  # No text that is stored has a NUL, so joined texts cannot be confused.


class Message(NamedTuple):
    """Its key at the source, None where it cannot be told from others; and the digest of what it
    says."""

    key: str | None
    content: str


class Known(NamedTuple):
    """What came before under a key: the digest of what it says, and its id once it is stored.

    Without a digest it was erased, and is the same as whatever comes again.
    """

    content: str | None
    id: int | None = None
    is_forgotten: bool = False
    """Whoever said it asked to be forgotten."""


class Settled(NamedTuple):
    """Under which key to store a message; or as what it is known, perhaps with other words."""

    key: str | None
    known: Known | None = None
    is_changed: bool = False

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def is_forgotten(self) -> bool:
        return self.known is not None and self.known.is_forgotten


Contents = Mapping[str, Known]
"""What is stored, by key."""

_STORED: Final = Prepared(
    lambda source, keys: Feedback.objects.filter(source=source, dedupe_key__among=keys).values_list(
        "dedupe_key", "pk", "verbatim", "erased_at", "customer__erased_at"
    )
)
_READINGS: Final = Prepared(
    lambda ids: Reading.objects.filter(feedback__pk__among=ids).values_list(
        "feedback", "kind", "value"
    )
)


def digest(*parts: str) -> str:
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()


def content_of(words: str, readings: Mapping[str, Decimal]) -> str:
    """The digest of what a message says."""
    values = (f"{kind}={value.normalize():f}" for kind, value in sorted(readings.items()))
    return digest(words, *values)


def stored(source: Source, keys: Iterable[str]) -> Contents:
    """What is stored under these keys, or was until it was erased, in two queries."""
    wanted = sorted(set(keys))
    emptied = erased_identifiers.row_keys(wanted)
    rows = _STORED.rows(source.pk, [*wanted, *emptied])
    readings: dict[int, dict[str, Decimal]] = {pk: {} for _key, pk, *_content in rows}
    for pk, kind, value in _READINGS.rows(list(readings)) if rows else ():
        readings[pk][kind] = value
    return {
        emptied.get(key, key): Known(
            content_of(words, readings[pk]) if erased_at is None else None,
            pk,
            is_forgotten=key in emptied and forgotten_at is not None,
        )
        for key, pk, words, erased_at, forgotten_at in rows
    }


def settle(
    source: Source,
    messages: Sequence[Message],
    look_up: Callable[[Source, Iterable[str]], Contents] = stored,
) -> list[Settled]:
    """What becomes of each of these messages, in their order. Of the same twice, the first is new.

    Stores nothing; whoever does must expect that somebody was quicker.
    """
    keys = [it.key for it in messages if it.key is not None]
    times = Counter[str | None](keys)
    known = dict(look_up(source, keys))
    if source.on_change != Source.OnChange.KEEP_FIRST:
        changed = [
            _changed(it.key, it)
            for it in messages
            if it.key is not None and (it.key in known or times[it.key] > 1)
        ]
        known |= look_up(source, changed) if changed else {}
    settled = []
    for message in messages:
        result = _settled(source, message, known)
        if result.key is not None and result.is_new:
            known[result.key] = Known(message.content)
        settled.append(result)
    return settled


def _settled(source: Source, message: Message, known: Contents) -> Settled:
    if message.key is None or message.key not in known:
        return Settled(message.key)
    first = known[message.key]
    if first.content in (message.content, None):
        return Settled(message.key, first)
    if source.on_change == Source.OnChange.KEEP_FIRST:
        return Settled(message.key, first, is_changed=True)
    changed = _changed(message.key, message)
    return Settled(changed, known.get(changed))


def _changed(key: str, message: Message) -> str:
    """The key of what came under a known number with other words."""
    return digest(key, message.content)


class Earlier:
    """What came earlier in a file, however long: kept in a temporary file, not in memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE times (key TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        self._rows.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._rows.close()

    def times(self, key: str) -> int:
        """How often this has come, with this time."""
        query = (
            "INSERT INTO times VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n"
        )
        (number,) = self._rows.execute(query, [key]).fetchone()
        return int(number)

    def keep(self, contents: Mapping[str, str]) -> None:
        """Remember what would have been stored: by key what each says."""
        self._rows.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", contents.items())

    def stored(self, source: Source, keys: Iterable[str]) -> Contents:
        """As `repeats.stored`, as if what was kept had been stored."""
        wanted = sorted(set(keys))
        found: dict[str, Known] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            query = f"SELECT key, content FROM kept WHERE key IN ({marks})"  # noqa: S608 -- marks
            found |= {key: Known(content) for key, content in self._rows.execute(query, some)}
        return {**stored(source, wanted), **found}


def dedupe_key(external_id: str) -> str | None:
    """Of fixed length, whatever sources use as numbers; None where they use none."""
    return hashlib.sha256(external_id.encode()).hexdigest() if external_id else None


def content_key(source: Source, row: Said, times: int = 1) -> str:
    """What makes a row the same as another: the source's number, or else all that it says.

    What a file says several times without a number was said several times.
    """
    key = dedupe_key(row.external_id)
    if key is not None:
        return key
    said_at = row.said_at.isoformat() if row.said_at else ""
    rating = "" if row.rating is None else str(row.rating)
    parts = (row.author, row.email, row.author_name, row.account, said_at, row.words, rating)
    return digest(source.key, *parts, str(times))
