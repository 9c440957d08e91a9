"""Which endpoints must be told of an event; written down with the event itself."""

from datetime import datetime

from django.db.models import Exists, Q

from backlog.models import Endpoint, Event, Product, User, WebhookDelivery
from backlog.models.endpoints import EventKind


def queue_deliveries(event: Event, *, product_id: int | None, by: User | None, at: datetime) -> int:
    """Every endpoint that wants such an event is owed it; returns how many there are.

    To be called in the event's own transaction. What happens to a product that is not open to every
    colleague is told only to endpoints of that product. Kinds that nobody can ask for cost nothing.
    """
    if event.kind not in EventKind or product_id is None:
        return 0
    is_open = Exists(Product.objects.filter(pk=product_id, is_open=True))
    wanting = Endpoint.objects.filter(
        Q(product=product_id) | Q(is_open, product=None), is_active=True
    )
    told = [each for each in wanting.order_by("pk") if not each.kinds or event.kind in each.kinds]
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, event=event, owed_at=at, not_before=at)
        for endpoint in told
    )
    return len(told)
