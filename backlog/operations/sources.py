"""Sources: the configured ways in."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Product, Source, User
from backlog.operations import events
from backlog.rules import text_input

ANSWERS = "answers"


class Ways(TypedDict, total=False):
    """How what comes in is taken."""

    language: str
    acknowledges: bool
    on_change: str


class SourceChanges(Ways, total=False):
    name: str
    product: Product | None
    is_active: bool
    keeps_words_months: int | None


@transaction.atomic
def add_source(
    *,
    key: str,
    name: str,
    kind: str,
    by: User | None,
    at: datetime,
    product: Product | None = None,
    **ways: Unpack[Ways],
) -> Source:
    """A way in. One that acknowledges writes to customers that their words have arrived."""
    source = Source(key=key, name=name, kind=kind, product=product, **ways)
    text_input.check(source)
    source.full_clean()
    source.save()
    events.record("source.added", subject=source, by=by, at=at)
    return source


@transaction.atomic
def edit_source(
    *,
    source_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[SourceChanges],
) -> Source:
    """Change a source; what came through it stays as it was. Editing nothing records nothing.

    After `keeps_words_months`, words that speak for no live request are erased; None keeps them.

    The source of customers' answers cannot be switched off: no answer may be lost.
    """
    source = Source.objects.select_for_update(no_key=True).get(pk=source_id)
    if source.kind == Source.Kind.REPLY and not changes.get("is_active", True):
        raise errors.Invalid(
            _("Customers' answers always come in."), field="is_active", code="always_open"
        )
    changed = events.apply(source, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record("source.edited", subject=source, by=by, at=at, data={"changed": changed})
    return source


def answers_source(*, by: User | None, at: datetime) -> Source:
    """The source that customers' answers to notices come through; made when first needed."""
    # Everybody sees the name, so it is in the language of the site, not of the first customer.
    with translation.override(settings.LANGUAGE_CODE):
        defaults = {"name": _("Answers to notices"), "kind": Source.Kind.REPLY}
    return Source.objects.get_or_create(key=ANSWERS, defaults=defaults)[0]
