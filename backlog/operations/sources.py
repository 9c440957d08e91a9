"""Sources: the configured ways in."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from backlog.models import Product, Source, User
from backlog.operations import ledger

ANSWERS = "answers"


class SourceChanges(TypedDict, total=False):
    name: str
    language: str
    product: Product | None
    is_active: bool


@transaction.atomic
def add_source(
    *,
    key: str,
    name: str,
    kind: str,
    by: User | None,
    at: datetime,
    product: Product | None = None,
    language: str = "ko",
) -> Source:
    source = Source(key=key, name=name, kind=kind, product=product, language=language)
    source.full_clean()
    source.save()
    ledger.record("source.added", subject=source, by=by, at=at)
    return source


@transaction.atomic
def edit_source(
    *, source_id: int, by: User | None, at: datetime, **changes: Unpack[SourceChanges]
) -> Source:
    """Change a source; what came through it stays as it was. Editing nothing records nothing."""
    source = Source.objects.select_for_update().get(pk=source_id)
    changed = ledger.apply(source, dict(changes))
    if changed:
        ledger.record("source.edited", subject=source, by=by, at=at, data={"changed": changed})
    return source


def answers_source() -> Source:
    """The source that customers' answers to notices come through; made when first needed."""
    source, _ = Source.objects.get_or_create(
        key=ANSWERS, defaults={"name": "Answers", "kind": Source.Kind.REPLY}
    )
    return source
