"""Turns what a notice tells into an e-mail: text and HTML, in the customer's language."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.delivery import links
from backlog.delivery.message_items import MessageItem
from backlog.delivery.message_templates import MessageTexts
from backlog.errors import Unwritable
from backlog.models import Customer, Notice, Occasion, RequestStatus

logger = logging.getLogger(__name__)

_HEADLINES: Final = {
    Occasion.RECEIVED: gettext_lazy("It has arrived."),
    Occasion.DECIDED_YES: gettext_lazy("We will do it."),
    Occasion.DECIDED_NO: gettext_lazy("Not now."),
    Occasion.PLANNED: gettext_lazy("It is planned."),
    Occasion.REOPENED: gettext_lazy("We are looking at it again."),
    Occasion.STANDING: gettext_lazy("This is where it stands."),
    Occasion.DELIVERED: gettext_lazy("It is done."),
    Occasion.PARTLY: gettext_lazy("Part of it is done."),
    Occasion.NOT_DELIVERED: gettext_lazy("We did not do it."),
    Occasion.ROLLED_BACK: gettext_lazy("We had to take it back."),
}
_HEADLINES_OF_PILOTS: Final = {
    Occasion.DELIVERED: gettext_lazy("It is being tried out."),
    Occasion.PARTLY: gettext_lazy("Part of it is being tried out."),
}
"""How the failure of a message begins that has not come as far as a server."""
_MESSAGE_ID: Final = re.compile(r"<notice-([0-9]{1,18})\.")


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What a calendar makes of a message (RFC 6047), and by which method."""

    method: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A finished e-mail; only the address it goes to is missing."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    calendar: CalendarPart | None = None


def render(
    notice: Notice, items: Sequence[MessageItem], texts: MessageTexts, *, at: datetime
) -> Message:
    """The message as it leaves at this time. The same notice always has the same Message-ID.

    Raises Unwritable, and nothing else.
    """
    with writing(notice.pk):
        links_of = {
            "answer_url": links.answer_url(notice),
            "unsubscribe_url": links.unsubscribe_url(notice),
        }
        return _write(notice, items, texts, links_of, headers=_headers(notice, links_of, at))


@contextmanager
def writing(notice_id: int | None = None) -> Iterator[None]:
    """Whatever is raised in here is raised as Unwritable; the log has the place."""
    try:
        yield
    except (Unwritable, OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Words, dates and templates of many people meet here: what is wrong with one message has
        # no other name, and is no reason for others to wait.
        logger.exception("Message %s cannot be written", notice_id or "(a preview)")
        raise Unwritable.because(error) from error


def sample(
    customer: Customer, items: Sequence[MessageItem], texts: MessageTexts, *, at: datetime
) -> Message:
    """The message as this customer would read it; its links open nothing. Raises Unwritable."""
    notice = Notice(customer=customer, template="outcome", language=customer.language)
    with writing(notice.pk):
        links_of = dict.fromkeys(("answer_url", "unsubscribe_url"), links.sample_url())
        headers = plain_headers(notice.language, at)
        return _write(notice, items, texts, links_of, headers=headers)


def _write(
    notice: Notice,
    items: Sequence[MessageItem],
    texts: MessageTexts,
    links_of: Mapping[str, str],
    *,
    headers: Mapping[str, str],
) -> Message:
    assert notice.customer is not None
    with translation.override(notice.language), timezone.override(notice.customer.clock):
        context = {**_context(notice, items, texts), **links_of}
        html = render_to_string(f"emails/{notice.template}.html", context)
        text = render_to_string(f"emails/{notice.template}.txt", context)
    return Message(
        subject=context["subject"],
        text=text.strip() + "\n",
        html=_inliner().inline(html),
        headers=headers,
    )


def _context(notice: Notice, items: Sequence[MessageItem], texts: MessageTexts) -> dict[str, Any]:
    assert notice.customer is not None
    framed = texts.framed(items, name=notice.customer.name, language=notice.language)
    return {
        "subject": framed.subject,
        "frame": framed,
        "language": notice.language,
        "items": [(headline(item), item) for item in items],
        "question": question(items),
        "preview": items[0].summary if items else "",
        "site_name": settings.SITE_NAME,
    }


def headline(item: MessageItem) -> str:
    """What became of it, in a few plain words of the language that is active."""
    if item.occasion is None:
        return str(RequestStatus(item.status).label)
    known = {**_HEADLINES, **_HEADLINES_OF_PILOTS} if item.is_pilot else _HEADLINES
    return str(known[item.occasion])


def question(items: Sequence[MessageItem]) -> str:
    """Whether it is solved is asked only where something was done for all; of status
    updates nothing is.
    """
    if any(item.is_done for item in items):
        return _("Did this solve it?")
    asks = any(item.asks or item.occasion is None for item in items)
    return _("Would you tell us what you think?") if asks else ""


def message_id(notice: Notice) -> str:
    """Derived from the row, so that a repeat can be known as one; not to be guessed by others."""
    proof = salted_hmac("backlog.message-id", str(notice.pk), algorithm="sha256").hexdigest()[:12]
    return f"<notice-{notice.pk}.{proof}@{urlsplit(settings.SITE_URL).hostname}>"


def notice_id_of(message_id: str) -> int | None:
    """The notice that a message with this id carried; None for other messages."""
    found = _MESSAGE_ID.match(message_id)
    return int(found[1]) if found else None


def _headers(notice: Notice, links_of: Mapping[str, str], at: datetime) -> dict[str, str]:
    return {
        "Message-ID": message_id(notice),
        **plain_headers(notice.language, at),
        "List-Unsubscribe": f"<{links_of['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def plain_headers(language: str, at: datetime) -> dict[str, str]:
    """What every message of ours says of itself."""
    return {
        "Date": format_datetime(at),
        "Content-Language": language,
    }


@cache
def _inliner() -> css_inline.CSSInliner:
    # The dark colours stay in the head: a media query cannot be written into an element.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
