"""Where the mail provider reports what became of messages; there only if one is configured."""

import logging
from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from anymail.urls import urlpatterns as known
from django.conf import settings
from django.dispatch import receiver
from django.urls import URLPattern
from django.utils import timezone

from backlog.auth import origins
from backlog.delivery import provider
from backlog.operations import bounces
from backlog.queries import notices

logger = logging.getLogger(__name__)

_NAME = f"{settings.EMAIL_PROVIDER}_tracking_webhook"
urlpatterns: list[URLPattern] = [each for each in known if each.name == _NAME]


@receiver(tracking)  # It is how anymail hands over what it has read and checked; nothing is hidden.
def take_report(event: AnymailTrackingEvent, **_: Any) -> None:
    """Keep what became of a message of ours. Whatever fails is answered with 500 and said again."""
    kind = provider.kind_of(event)
    message_id = str(event.metadata.get(provider.METADATA) or event.message_id or "")
    if not kind:
        return
    if notices.notice_of(message_id) is None:
        logger.info("A report of a message that is none of ours: %s", event.event_id)
        return
    origins.is_by_mail(settings.EMAIL_PROVIDER)
    bounces.record_report(
        message_id=message_id,
        kind=kind,
        by=None,
        at=timezone.now(),
        happened_at=event.timestamp,
        detail=provider.words_of(event),
    )
