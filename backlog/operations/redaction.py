"""Taking the mentions of a person out of what colleagues and machines wrote.

What is declared in `rules.personal` is searched before anything is locked, then mended row by row.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from backlog.db.fields import Searched
from backlog.models import IdempotencyKey, User
from backlog.models.edited import Edited
from backlog.operations import events
from backlog.queries import mentions as mention_queries
from backlog.queries.mentions import Search
from backlog.rules import personal
from backlog.rules.mentions import Mentions


def redact(
    label: str,
    found: Search,
    mentions: Mentions,
    *,
    meant: Collection[str],
    by: User | None,
    at: datetime,
) -> int:
    """Mend the rows of one model, with an event for each; how many there were to mend.

    `meant` are the places whose possible mentions are of the person.
    """
    model = apps.get_model(label)
    columns = personal.declared().redacted[label]
    ids = found.to_mend(label, meant)
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids).order_by("pk")  # noqa: SLF001
    mended = 0
    for row in rows.select_for_update(no_key=True):
        changes = mention_queries.changes_of(
            row,
            columns,
            mentions,
            is_linked=row.pk in found.linked[label],
            meant=[it.column for it in found.possible_of(label, row.pk) if it.place in meant],
        )
        if not changes:
            continue
        changes |= _beside(label, row, changes)
        model._default_manager.filter(pk=row.pk).update(**changes)  # noqa: SLF001
        mended += 1
        # Of events as well: who compares the ledger with its seals must know why one differs.
        events.entry(
            "text.redacted", subject=row, by=by, at=at, data={"columns": sorted(changes)}
        ).save(force_insert=True)
    return mended


def _beside(label: str, row: Model, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever has the old words open must not save them again; no digest may hint at them."""
    beside: dict[str, Any] = dict.fromkeys(personal.declared().beside.get(label, ()), "")
    if isinstance(row, Edited):
        beside["version"] = row.version + 1
    if isinstance(row, Searched):
        beside["search_text"] = row.folded(changes)
    return beside


def redact_answers(mentions: Mentions, *, by: User | None, at: datetime) -> int:
    """What was answered to writes of the last day: where it names the person, it is emptied.

    The key stays, so that nothing is done a second time; the same call again is refused.
    """
    mended = 0
    for row in IdempotencyKey.objects.exclude(body=b"").iterator(chunk_size=200):
        answer = bytes(row.body).decode(errors="replace")
        if mentions.may_be_in(answer) or mentions.may_be_in(f"{row.path} {row.headers}"):
            mended += IdempotencyKey.objects.filter(pk=row.pk).update(
                body=b"",
                fingerprint="",
                headers=mentions.redacted(row.headers, is_linked=True),
                path=mentions.redacted(row.path, is_linked=True),
            )
    return mended


def redact_admin_log(mentions: Mentions, *, by: User | None, at: datetime) -> int:
    """Django's own log of its admin, which we do not write, and others may."""
    mended = 0
    for row in LogEntry.objects.iterator(chunk_size=500):
        columns = ("object_repr", "change_message")
        changes = mention_queries.changes_of(row, columns, mentions, is_linked=True)
        if changes:
            mended += LogEntry.objects.filter(pk=row.pk).update(**changes)
    return mended


def end_sessions(mentions: Mentions, *, by: User | None, at: datetime) -> int:
    """Sessions that still hold a message which names the person: they sign in again."""
    ended = 0
    for session in Session.objects.iterator(chunk_size=500):
        if mentions.is_in(repr(session.get_decoded()), is_linked=True):
            session.delete()
            ended += 1
    return ended
