"""The company's own words around what customers are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import MessageTemplate, Product, User
from backlog.operations import events
from backlog.rules import message_parts


class Words(TypedDict, total=False):
    subject: str
    headline: str
    opening: str
    closing: str


@transaction.atomic
def write_template(
    *,
    occasion: str,
    language: str,
    by: User | None,
    at: datetime,
    product: Product | None = None,
    before: Mapping[str, str] | None = None,
    **words: Unpack[Words],
) -> MessageTemplate:
    """Say how messages on an occasion begin and end; parts left out are as they come built in.

    They take the place of the parts `before`, and are refused where others stand there by now;
    without `before` they take the place of any.
    Raises Invalid with the place where a part cannot be read. Writing the same changes nothing.
    """
    parts = {
        name: message_parts.readable(name, str(words.get(name, "")))
        for name in MessageTemplate.PARTS
    }
    key = {"product": product, "occasion": occasion, "language": language}
    draft = MessageTemplate(**key, **parts, edited_by=by, edited_at=at)
    draft.clean_fields(exclude=["product", "edited_by"])
    template, _is_new = MessageTemplate.objects.select_for_update(
        of=("self",), no_key=True
    ).get_or_create(**key, defaults={"edited_by": by, "edited_at": at})
    _refuse_if_changed(template, parts, before)
    return _save(template, parts, "message_template.written", by=by, at=at)


def _refuse_if_changed(
    template: MessageTemplate, parts: Mapping[str, str], before: Mapping[str, str] | None
) -> None:
    now = {name: getattr(template, name) for name in MessageTemplate.PARTS}
    shown = now if before is None else {name: before.get(name, "") for name in now}
    if now not in (shown, parts):
        raise errors.VersionConflict(_("Somebody has changed these words meanwhile."), **now)


@transaction.atomic
def reset_template(*, template_id: int, by: User | None, at: datetime) -> MessageTemplate:
    """Go back to the built-in words; what was written stays on the ledger. Idempotent."""
    rows = MessageTemplate.objects.select_for_update(of=("self",), no_key=True)
    template = rows.get(pk=template_id)
    nothing = dict.fromkeys(MessageTemplate.PARTS, "")
    return _save(template, nothing, "message_template.reset", by=by, at=at)


def _save(
    template: MessageTemplate, parts: dict[str, str], kind: str, *, by: User | None, at: datetime
) -> MessageTemplate:
    """The ledger keeps what it says from now on: this is the company's own text, nobody's else."""
    if all(getattr(template, name) == words for name, words in parts.items()):
        return template
    for name, words in parts.items():
        setattr(template, name, words)
    template.edited_by, template.edited_at = by, at
    template.save(update_fields=[*parts, "edited_by", "edited_at"])
    data = {
        "product": template.product_id,
        "occasion": template.occasion,
        "language": template.language,
        "parts": parts,
    }
    events.record(kind, subject=template, by=by, at=at, data=data)
    return template
