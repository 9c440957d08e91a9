"""A message as it would be with words that nobody has saved yet, told of real customers' words.

Where nobody has ever been told of such a thing, it is told of what some customer asked for; where
nobody has said anything, of nothing.
"""

from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from backlog.delivery import message_items, message_templates, rendering
from backlog.delivery.message_items import MessageItem
from backlog.delivery.rendering import Message
from backlog.models import (
    Customer,
    Evidence,
    MessageTemplate,
    Obligation,
    Occasion,
    Outcome,
    StatusUpdate,
    User,
)
from backlog.models.obligations import ObligationQuerySet

LATEST: Final = 20


def sample_message(draft: MessageTemplate, *, viewer: User, at: datetime) -> Message:
    """The message in which this draft stands in the place of what is stored. Raises Unwritable."""
    with rendering.writing():
        customer, items = _found(draft, viewer) or _imagined(draft, viewer)
    kept = MessageTemplate.objects.filter(product__isnull=True).exclude(
        product=draft.product_id, occasion=draft.occasion, language=draft.language
    )
    customer.language = draft.language
    words = message_templates.MessageTexts([*kept, draft])
    return rendering.sample(customer, items, words, at=at)


def _found(draft: MessageTemplate, viewer: User) -> tuple[Customer, list[MessageItem]] | None:
    """What somebody is owed or was told last on this occasion."""
    owed = _on(draft, Obligation.objects.visible_to(viewer))
    related = (
        *("customer__merged_into", "request__product", "feedback__product"),
        *("announcement__outcome__commitment", "announcement__status_update"),
    )
    last = owed.filter(customer__erased_at__isnull=True).select_related(*related).first()
    if last is None:
        return None
    customer = last.customer.merged_into or last.customer
    customer.language = draft.language
    return customer, message_items.items_for(customer, [last], viewer=viewer)


def _on(draft: MessageTemplate, owed: ObligationQuerySet) -> ObligationQuerySet:
    """The latest first, by the few things it can be about and not by reading all that is owed."""
    if draft.occasion == Occasion.RECEIVED:
        receipts = owed.filter(feedback__isnull=False).order_by("-feedback")
        return receipts.filter(feedback__product=draft.product) if draft.product else receipts
    status_update = StatusUpdate.objects.filter(kind=draft.occasion)
    outcomes = Outcome.objects.filter(result=draft.occasion)
    if draft.product is not None:
        status_update = status_update.filter(request__product=draft.product)
        outcomes = outcomes.filter(commitment__request__product=draft.product)
    last_status_update = list(status_update.order_by("-pk").values_list("pk", flat=True)[:LATEST])
    last_outcomes = list(outcomes.order_by("-pk").values_list("pk", flat=True)[:LATEST])
    return owed.filter(
        Q(announcement__status_update__in=last_status_update)
        | Q(announcement__outcome__in=last_outcomes)
    ).order_by("-pk")


def _imagined(draft: MessageTemplate, viewer: User) -> tuple[Customer, list[MessageItem]]:
    """Told of the last words that speak for a request; “several” tells of two things."""
    occasion = Occasion(draft.occasion)
    spoken = Evidence.objects.visible_to(viewer).live().filter(feedback__erased_at__isnull=True)
    if draft.product is not None:
        spoken = spoken.filter(request__product=draft.product)
    spoken = spoken.filter(feedback__customer__erased_at__isnull=True)
    related = spoken.select_related("feedback__customer", "request__product")
    row = related.filter(feedback__customer__isnull=False).order_by("-pk").first()
    quotes = (message_items.Quote(row.passage, row.feedback.said_at),) if row else ()
    customer = row.feedback.customer if row else None
    product = draft.product or (row.request.product if row else None)
    occasions = [Occasion.DELIVERED, Occasion.PLANNED] if occasion == "several" else [occasion]
    with translation.override(draft.language):
        items = [
            MessageItem(
                occasion=each,
                product=product,
                status="",
                quotes=quotes,
                summary=message_items.default_text(each, draft.language)
                or _("What was done is told here, in the words of the outcome."),
                missing="",
            )
            for each in occasions
        ]
    return customer or Customer(language=draft.language), items
