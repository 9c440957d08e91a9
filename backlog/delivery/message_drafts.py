"""Messages of one batch, read together and written one by one: none fails for another's fault."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError

from backlog.delivery import message_items, message_templates, rendering
from backlog.delivery.message_items import MessageItem
from backlog.delivery.message_templates import MessageTexts
from backlog.delivery.rendering import Message
from backlog.errors import Unwritable
from backlog.models import Notice

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one message tells and how it begins and ends, or why that cannot be read."""

    notice: Notice
    items: Sequence[MessageItem] = ()
    texts: MessageTexts | None = None
    fault: Unwritable | None = None

    def write(self, *, at: datetime) -> Message:
        """The message as it leaves; asks the database nothing. Raises Unwritable."""
        if self.fault is not None or self.texts is None:
            raise self.fault or Unwritable("nothing is known of it")
        return rendering.render(self.notice, self.items, self.texts, at=at)


def of(notices: Sequence[Notice]) -> dict[int, Draft]:
    """By the notice's id; in a few queries, unless something that one of them tells is broken.

    Then halves are read apart until it is alone. The database's own troubles are raised.
    """
    try:
        return _read(notices)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 -- see below
        # Rows of many people meet here, and what is wrong with one has no other name.
        fault = error
    if len(notices) > 1:
        half = len(notices) // 2
        return of(notices[:half]) | of(notices[half:])
    [notice] = notices
    logger.error("Message %s cannot be read", notice.pk, exc_info=fault)
    return {notice.pk: Draft(notice, fault=Unwritable.because(fault))}


def _read(notices: Sequence[Notice]) -> dict[int, Draft]:
    told = message_items.items_of_each(notices)
    words = message_templates.load(item for each in told.values() for item in each)
    return {notice.pk: Draft(notice, told[notice.pk], words) for notice in notices}
